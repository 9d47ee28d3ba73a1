import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import {
  applyAwarenessUpdate,
  Awareness,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness';
import * as Y from 'yjs';
import { classify } from './classify.ts';

function person(state: Record<string, unknown>): Awareness {
  const awareness = new Awareness(new Y.Doc());
  clearInterval(awareness._checkInterval);
  awareness.setLocalState(state);
  return awareness;
}

function hocuspocus(address: string, type: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, address);
  encoding.writeVarUint(encoder, type);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

function yjs(type: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

test("CH-5: one person's state is presence, latest wins for document and client", () => {
  const awareness = person({ user: { name: 'Asha' }, cursor: { anchor: 7 } });
  const update = encodeAwarenessUpdate(awareness, [awareness.clientID]);
  const first = classify('hocuspocus', hocuspocus('notes', 1, update));
  awareness.setLocalStateField('cursor', null);
  const moved = encodeAwarenessUpdate(awareness, [awareness.clientID]);
  assert.ok(first.type === 'presence');
  assert.deepEqual(classify('hocuspocus', hocuspocus('notes', 1, moved)), first);
  const elsewhere = classify('hocuspocus', hocuspocus('other', 1, moved));
  assert.ok(elsewhere.type === 'presence' && elsewhere.key !== first.key);
  assert.deepEqual(classify('yjs', yjs(1, update)), { type: 'presence', key: String(awareness.clientID) });
});

test('CH-5: a removal, and a message about several people, is counted', () => {
  const awareness = person({ name: 'Asha' });
  const other = person({ name: 'Ben' });
  applyAwarenessUpdate(awareness, encodeAwarenessUpdate(other, [other.clientID]), null);
  const both = encodeAwarenessUpdate(awareness, [awareness.clientID, other.clientID]);
  assert.deepEqual(classify('yjs', yjs(1, both)), { type: 'counted' });
  removeAwarenessStates(awareness, [awareness.clientID], null);
  const gone = encodeAwarenessUpdate(awareness, [awareness.clientID], new Map());
  assert.deepEqual(classify('yjs', yjs(1, gone)), { type: 'counted' });
  assert.deepEqual(classify('hocuspocus', hocuspocus('notes', 1, gone)), { type: 'counted' });
});

test('everything else is counted, and nothing makes it throw', () => {
  const awareness = person({ name: 'Asha' });
  const update = encodeAwarenessUpdate(awareness, [awareness.clientID]);
  for (const type of [0, 2, 3, 4, 5, 7, 8])
    assert.deepEqual(classify('hocuspocus', hocuspocus('notes', type, update)), { type: 'counted' });
  assert.deepEqual(classify('hocuspocus', Uint8Array.of(9)), { type: 'counted' });
  const whole = hocuspocus('notes', 1, update);
  for (let length = 0; length < whole.length; length += 1)
    assert.equal(classify('hocuspocus', whole.subarray(0, length)).type, 'counted', `${length} bytes`);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom('hocuspocus', 'yjs'), (bytes, protocol) => {
      assert.ok(['counted', 'presence'].includes(classify(protocol, bytes).type));
    }),
    { numRuns: 2_000 },
  );
});
