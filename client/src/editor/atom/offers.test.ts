import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offersFor } from './offers.ts';

const OFFERED = {
  people: ['Ada Lovelace', 'Ben', 'Ada Lovelace', 'عائشة'],
  documents: [
    { name: 'plan', title: 'Launch plan' },
    { name: 'b/c', title: 'Adagio' },
  ],
  days: { today: 'Today', tomorrow: 'Tomorrow', yesterday: 'Yesterday' },
  locale: 'en-GB',
  now: new Date(2026, 10, 28),
};
const names = (text: string) => offersFor(text, OFFERED).map(({ name }) => name);

test('ATOM-2: an at sign offers days, people and documents, and what is typed behind it is searched', () => {
  assert.deepEqual(names('').slice(0, 5), ['Today', 'Tomorrow', 'Yesterday', '@Ada Lovelace', '@Ben']);
  assert.deepEqual(names('ada'), ['@Ada Lovelace', 'Adagio']);
  assert.deepEqual(names('love'), ['@Ada Lovelace']);
  assert.deepEqual(names('PLAN'), ['Launch plan']);
  assert.deepEqual(names('عائ'), ['@عائشة']);
  assert.deepEqual(names('tomo'), ['Tomorrow']);
  assert.deepEqual(names('nobody'), []);
});

test('ATOM-2: a day in numbers is offered as it is read, and once', () => {
  const [first, ...rest] = offersFor('3/12', OFFERED);
  assert.deepEqual(first?.atom, { type: 'date', date: '2026-12-03' });
  assert.deepEqual(rest, []);
  assert.deepEqual(
    offersFor('28/11', OFFERED).map(({ id }) => id),
    ['date-2026-11-28'],
  );
});
