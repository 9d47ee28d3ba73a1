import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayInWords, dayOf, dayTyped } from './day.ts';

const NOW = new Date(2026, 10, 28, 23, 59);

test('ATOM-3: today and the days around it are those of the calendar, also over the end of a month', () => {
  assert.equal(dayOf(NOW), '2026-11-28');
  assert.equal(dayOf(NOW, 3), '2026-12-01');
  assert.equal(dayOf(new Date(2028, 1, 28), 1), '2028-02-29');
});

test('ATOM-3: a day is read in the order of the language, with or without its year', () => {
  assert.equal(dayTyped('3.12.2027', 'de', NOW), '2027-12-03');
  assert.equal(dayTyped('3.12.', 'de', NOW), '2026-12-03');
  assert.equal(dayTyped('12/3/2027', 'en-US', NOW), '2027-12-03');
  assert.equal(dayTyped('3/12/2027', 'en-GB', NOW), '2027-12-03');
  assert.equal(dayTyped('2027-12-03', 'ar', NOW), '2027-12-03');
  assert.equal(dayTyped('٣/١٢/٢٠٢٧', 'ar', NOW), '2027-12-03');
  for (const none of ['', '31.2.2027', '13/13/2026', '7', 'Ada', '1.2.3', '2026-13-01'])
    assert.equal(dayTyped(none, 'de', NOW), null, none);
});

test('ATOM-3: a day is shown as its readers write it, wherever they are', () => {
  assert.equal(dayInWords('2026-11-28', 'de'), '28.11.2026');
  assert.equal(dayInWords('2026-11-28', 'en-US'), 'Nov 28, 2026');
  assert.match(dayInWords('2026-11-28', 'ar-EG'), /٢٠٢٦/);
  assert.match(dayInWords('0001-01-01', 'en'), /1/);
});
