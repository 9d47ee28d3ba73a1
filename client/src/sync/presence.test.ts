import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { cleanName, initials, inkOn, peers, readPerson } from './presence.ts';

test('what peers say about themselves is checked', () => {
  assert.deepEqual(readPerson({ id: 'a', name: 'Asha', color: '#B3477D' }), {
    id: 'a',
    name: 'Asha',
    color: '#b3477d',
  });
  for (const color of ['red', '#fff', 'red;background:url(//x)', '#b3477d;', 7, null])
    assert.equal(readPerson({ name: 'x', color }).color, '#6a645b');
  for (const user of [null, undefined, 'x', 7, {}, { name: '' }, { name: 7 }, { name: '\u202e \n' }])
    assert.equal(readPerson(user).name, 'Somebody');
  assert.equal(readPerson({ name: 'x'.repeat(5000) }).name.length, 40);
  assert.equal(readPerson({ name: '\ud800x' }).name.isWellFormed(), true);
});

test('names are one line without direction tricks', () => {
  assert.equal(cleanName('  Mara\n\tOduya\u202e '), 'Mara Oduya');
  assert.equal(cleanName('ماريا'), 'ماريا');
});

test('initials are letters, also beyond the basic plane', () => {
  assert.equal(initials('Mara Oduya'), 'MO');
  assert.equal(initials('asha'), 'A');
  assert.equal(initials('Ana Maria de Souza'), 'AS');
  assert.equal(initials('𝒜da'), '𝒜');
});

test('ink on a colour has at least 4.5:1', () => {
  assert.equal(inkOn('#ffffff'), '#000000');
  assert.equal(inkOn('#2f7d6b'), '#ffffff');
  assert.equal(inkOn('#e2b252'), '#000000');
});

test('two tabs of one person are one peer, and one is no peer of oneself', () => {
  const awareness = new Awareness(new Y.Doc());
  awareness.setLocalState({ user: { id: 'me', name: 'Me' } });
  const user = (id: string) => ({ user: { id, name: id, color: '#2f7d6b' } });
  for (const [clientId, id] of [
    [5, 'b'],
    [3, 'b'],
    [4, 'me'],
    [9, ''],
  ] as const)
    awareness.states.set(clientId, user(id));
  assert.deepEqual(
    peers(awareness, 'me').map((peer) => [peer.clientId, peer.name]),
    [
      [3, 'b'],
      [9, 'Somebody'],
    ],
  );
  awareness.destroy();
});
