import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as encoding from 'lib0/encoding';
import { DEFAULT_LIMITS } from '../limits.ts';
import { Presence, readPresence } from './presence.ts';

type State = [client: number, clock: number, state: string];

function message(...states: State[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, states.length);
  for (const [client, clock, state] of states) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, state);
  }
  return encoding.toUint8Array(encoder);
}

function make(): { presence: Presence; changes: () => State[]; clock: { now: number } } {
  const clock = { now: 0 };
  const presence = new Presence(DEFAULT_LIMITS, () => clock.now);
  const changes = (): State[] => {
    const taken = presence.takeChanges();
    return taken === null
      ? []
      : readPresence(taken.message, DEFAULT_LIMITS).map((entry) => [entry.client, entry.clock, entry.state]);
  };
  return { presence, changes, clock };
}

const anna = { author: '', writable: true, away: false };
const ben = { author: '', writable: true, away: false };

test('PRES-6: latest wins, and an older clock is ignored', () => {
  const { presence, changes } = make();
  presence.receive(anna, message([1, 5, '{"a":1}']));
  presence.receive(anna, message([1, 7, '{"a":2}']));
  presence.receive(anna, message([1, 6, '{"a":3}']));
  assert.deepEqual(changes(), [[1, 7, '{"a":2}']]);
  assert.deepEqual(changes(), []);
});

test('PRES-7: an echo of somebody who left does not bring them back', () => {
  const { presence, changes } = make();
  presence.receive(anna, message([1, 5, '{}']));
  presence.receive(ben, message([2, 1, '{}']));
  changes();
  presence.leave(anna);
  assert.deepEqual(changes(), [[1, 6, 'null']]);
  presence.receive(ben, message([1, 5, '{}']));
  presence.receive(ben, message([2, 2, '{}'], [1, 5, '{}']));
  assert.deepEqual(changes(), [[2, 2, '{}']]);
});

test('PRES-9: who lost the network may be back as another session, and an echo does not pass for them', () => {
  const { presence, changes } = make();
  const lost = { author: '', writable: true, away: false };
  presence.receive(lost, message([1, 5, '{}']));
  presence.receive(ben, message([2, 1, '{}']));
  const again = { author: '', writable: true, away: false };
  presence.receive(again, message([1, 6, '{"early":true}']));
  assert.equal(presence.ownerOf(1), lost);
  lost.away = true;
  presence.receive(ben, message([1, 6, '{"echo":true}']));
  assert.equal(presence.ownerOf(1), lost);
  changes();
  presence.receive(again, message([1, 6, '{"back":true}']));
  assert.equal(presence.ownerOf(1), again);
  presence.leave(lost);
  assert.deepEqual(changes(), [[1, 6, '{"back":true}']]);
});

test('PRES-3: who comes back at an equal clock is told with a larger one', () => {
  const { presence, changes } = make();
  presence.receive(anna, message([1, 5, '{}']));
  presence.leave(anna);
  const again = { author: '', writable: true, away: false };
  presence.receive(again, message([1, 5, '{"back":true}']));
  assert.deepEqual(changes(), [[1, 7, '{"back":true}']]);
  presence.receive(again, message([1, 6, '{"back":2}']));
  assert.deepEqual(changes(), [[1, 8, '{"back":2}']]);
  assert.equal(presence.ownerOf(1), again);
});

test('PRES-9: a second connection of the same person takes over, and the first one ends nothing', () => {
  const { presence, changes } = make();
  const first = { author: 'u1', writable: true, away: false };
  const second = { author: 'u1', writable: true, away: false };
  const stranger = { author: 'u2', writable: true, away: false };
  presence.receive(first, message([1, 5, '{}']));
  presence.receive(stranger, message([1, 9, '{"not":"me"}']));
  assert.deepEqual(changes(), [[1, 5, '{}']]);
  presence.receive(second, message([1, 5, '{"two":2}']));
  presence.leave(first);
  assert.deepEqual(changes(), [[1, 6, '{"two":2}']]);
  presence.leave(second);
  assert.deepEqual(changes(), [[1, 7, 'null']]);
});

test('PRES-4: a session has one id; removals are forgotten after a while', () => {
  const { presence, changes, clock } = make();
  presence.receive(anna, message([1, 1, '{}']));
  presence.receive(anna, message([3, 1, '{}']));
  assert.deepEqual(changes(), [
    [1, 2, 'null'],
    [3, 1, '{}'],
  ]);
  clock.now += DEFAULT_LIMITS.presenceTombstoneMs + 1;
  presence.expire();
  presence.receive(ben, message([1, 0, '{}']));
  assert.deepEqual(changes(), [[1, 3, '{}']], 'a clock above what was told of it');
});

test('PRES-1: who has left takes no place of those who come, however many they were', () => {
  const { presence, changes } = make();
  const { presenceClients } = DEFAULT_LIMITS;
  for (let client = 1; client <= presenceClients; client++) {
    const owner = { author: '', writable: true, away: false };
    presence.receive(owner, message([client, 1, '{}']));
    presence.leave(owner);
  }
  changes();
  presence.receive(anna, message([1_000_001, 1, '{}']));
  assert.deepEqual(changes(), [[1_000_001, 1, '{}']]);
  for (let i = 0; i < presenceClients; i++)
    presence.receive({ author: '', writable: true, away: false }, message([2_000_000 + i, 1, '{}']));
  assert.equal(changes().length, presenceClients - 1);
});

test('what tells a newcomer who is here is made once, until something changes', () => {
  const { presence } = make();
  presence.receive(anna, message([1, 1, '{}']));
  const first = presence.all();
  assert.equal(presence.all(), first);
  presence.receive(anna, message([1, 2, '{}']));
  assert.notEqual(presence.all(), first);
  presence.leave(anna);
  assert.equal(presence.all(), null);
});
