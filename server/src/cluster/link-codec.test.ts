import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { LinkMessageSchema, PresenceSchema, TombstoneSchema } from '@sheaf/proto/replication';
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseDocumentName } from '../store/document-name.ts';
import { LinkCodec } from './link-codec.ts';
import type { Message } from './message.ts';

const A = parseDocumentName('a');

/** Over the wire, as bytes. */
function send(from: LinkCodec, to: LinkCodec, message: Message): Message | null {
  const encoded = from.encode(message);
  if (encoded === null) return null;
  return to.decode(
    fromBinary(LinkMessageSchema, toBinary(LinkMessageSchema, create(LinkMessageSchema, encoded))),
  );
}

/** What the wire adds to a message is no part of it. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) => {
      if (key === '$typeName') return undefined;
      return part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part;
    }),
  );
}

test('every message comes as it was sent', () => {
  const [near, far] = [new LinkCodec(), new LinkCodec()];
  const person = { client: 2 ** 31, clock: 7, author: 'ann', writable: true };
  const messages: Message[] = [
    {
      kind: 'updates',
      document: A,
      sequence: 5,
      updates: [{ update: new Uint8Array([1, 2]), author: 'ann' }],
    },
    { kind: 'subscribe', document: A, digest: new Uint8Array([9]) },
    { kind: 'acknowledgement', received: 2 ** 40, persisted: 2 ** 40 - 1, ahead: [3, 5, 9, 2 ** 41] },
    { kind: 'resync', sequence: 6, documents: [A] },
    { kind: 'tombstone', document: A, time: 1_700_000_000_000 },
    { kind: 'heartbeat', sent: 3 },
    { kind: 'drain' },
  ];
  for (const message of messages) assert.deepEqual(plain(send(near, far, message)), plain(message));
  // Now the far side knows a number for it.
  const back: Message[] = [
    {
      kind: 'presence',
      document: A,
      whole: true,
      entries: [
        { ...person, state: '{"n":1}' },
        { ...person, state: null },
      ],
    },
    { kind: 'updates', document: A, sequence: 1, updates: [{ update: new Uint8Array([3]), author: '' }] },
  ];
  for (const message of back) assert.deepEqual(plain(send(far, near, message)), plain(message));
});

test('numbers hold for what is on the way when they end, and nobody speaks of a document that is not followed', () => {
  const [near, far] = [new LinkCodec(), new LinkCodec()];
  const update: Message = {
    kind: 'updates',
    document: A,
    sequence: 1,
    updates: [{ update: new Uint8Array([1]), author: '' }],
  };
  send(near, far, { kind: 'subscribe', document: A, digest: null });
  const onTheWay = far.encode(update);
  assert.ok(onTheWay !== null);
  assert.deepEqual(send(near, far, { kind: 'unsubscribe', document: A }), {
    kind: 'unsubscribe',
    document: A,
  });
  assert.deepEqual(plain(near.decode(create(LinkMessageSchema, onTheWay))), plain(update));
  assert.equal(far.encode({ kind: 'presence', document: A, whole: true, entries: [] }), null);
  // It follows anew before the end of the old number has come.
  const old = near.encode({ kind: 'subscribe', document: A, digest: null });
  assert.ok(old !== null);
  assert.equal(near.encode({ kind: 'unsubscribe', document: parseDocumentName('other') }), null);
});

test('what makes no sense is refused, and what a later version says is passed over', () => {
  const codec = new LinkCodec();
  const value = create(PresenceSchema, { handle: 7, whole: false });
  assert.throws(
    () => codec.decode(create(LinkMessageSchema, { kind: { case: 'presence', value } })),
    /nobody named/,
  );
  const nameless = create(TombstoneSchema, { time: 1n });
  assert.throws(() =>
    codec.decode(create(LinkMessageSchema, { kind: { case: 'tombstone', value: nameless } })),
  );
  assert.equal(codec.decode(fromBinary(LinkMessageSchema, new Uint8Array([0xfa, 0x01, 0]))), null);
});
