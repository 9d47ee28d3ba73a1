import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { Type } from './hocuspocus-types.ts';
import type { MemorySocket } from './memory-socket.ts';
import { TestServer, until } from './test-server.ts';

/** A client of Hocuspocus's protocol that sends what it likes. */
async function rawClient(server: TestServer, name = 'doc'): Promise<MemorySocket> {
  const socket = new server.WebSocket('ws://sheaf/hocuspocus');
  await until(() => socket.readyState === 1, 'open');
  let answered = false;
  socket.addEventListener('message', () => (answered = true));
  socket.send(
    bytes((encoder) => {
      encoding.writeVarString(encoder, name);
      for (const number of [Type.auth, 0]) encoding.writeVarUint(encoder, number);
      encoding.writeVarString(encoder, 'token');
    }),
  );
  await until(() => answered, 'authenticated');
  return socket;
}

function bytes(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function presence(client: number, clock: number, state: string): Uint8Array {
  return bytes((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, state);
  });
}

function awarenessFrame(update: Uint8Array): Uint8Array {
  return bytes((encoder) => {
    encoding.writeVarString(encoder, 'doc');
    encoding.writeVarUint(encoder, Type.awareness);
    encoding.writeVarUint8Array(encoder, update);
  });
}

/** An element that holds an element that holds … */
function nested(depth: number): Uint8Array {
  const doc = new Y.Doc();
  let parent: Y.XmlFragment = doc.getXmlFragment('default');
  doc.transact(() => {
    for (let i = 0; i < depth; i++) {
      const child = new Y.XmlElement('p');
      parent.insert(0, [child]);
      parent = child;
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

test('HP-1: a frame that cannot be parsed ends its connection with a code and reason, and nobody else', async () => {
  await using server = new TestServer();
  const friend = server.hocuspocus('doc');
  await until(() => friend.synced, 'synced');
  const update = server.updateFrame('doc', new Uint8Array([1, 1, 1]));
  const frames: Record<string, Uint8Array> = {
    empty: new Uint8Array(0),
    'one unknown byte': new Uint8Array([77]),
    'no type': new Uint8Array([3, 100, 111, 99]),
    'an endless number': new Uint8Array([3, 100, 111, 99, 255, 255, 255, 255, 255, 255, 255, 255, 255]),
    'bad UTF-8 in the address': new Uint8Array([2, 255, 255, 0, 0]),
    'an unknown type': new Uint8Array([3, 100, 111, 99, 99]),
    'an unknown kind of sync': new Uint8Array([3, 100, 111, 99, 0, 9, 0]),
    'a length beyond the end': new Uint8Array([3, 100, 111, 99, 0, 2, 200]),
    'a truncated update': update,
    'broadcast stateless': new Uint8Array([3, 100, 111, 99, Type.broadcastStateless, 0]),
    'presence without end': awarenessFrame(new Uint8Array([5, 1])),
    'presence that is no JSON': awarenessFrame(presence(7, 1, '{oops')),
    'presence with an impossible clock': awarenessFrame(presence(7, 2 ** 53 - 1, '{}')),
    'presence over 4 KiB': awarenessFrame(presence(7, 1, JSON.stringify('x'.repeat(5000)))),
    'a broken state vector': new Uint8Array([3, 100, 111, 99, 0, 0, 1, 200]),
  };
  for (const [words, message] of Object.entries(frames)) {
    const socket = await rawClient(server);
    socket.send(message);
    await until(() => socket.readyState === 3, `${words}: closed`);
    assert.ok(socket.closeCode !== null && socket.closeCode >= 4400 && socket.closeCode < 4500, words);
    assert.notEqual(socket.closeReason, '', words);
  }
  friend.document.getText('text').insert(0, 'still here');
  await until(() => friend.unsyncedChanges === 0, 'everybody else goes on');
});

test('HP-2: ping is answered with pong, one bare byte each', async () => {
  await using server = new TestServer();
  const socket = await rawClient(server);
  const got: number[][] = [];
  socket.addEventListener('message', ({ data }) => got.push([...new Uint8Array(data ?? new ArrayBuffer(0))]));
  socket.send(new Uint8Array([Type.ping]));
  await until(() => got.some((message) => `${message}` === `${Type.pong}`), 'pong');
  socket.send(new Uint8Array([Type.pong]));
  await server.turns(5);
  assert.equal(socket.readyState, 1);
});

test('HP-1: an address that is too long is refused: it would stand before each message', async () => {
  await using server = new TestServer();
  const socket = await rawClient(server);
  for (const [length, state] of [
    [200, 1],
    [1_000_000, 3],
  ] as const) {
    socket.send(
      bytes((encoder) => {
        encoding.writeVarString(encoder, `doc\0${'x'.repeat(length)}`);
        for (const number of [Type.auth, 0]) encoding.writeVarUint(encoder, number);
        encoding.writeVarString(encoder, 'token');
      }),
    );
    await server.turns(20);
    assert.equal(socket.readyState, state);
  }
});

test('PRES-6: 50,000 presence states in one message are refused', async () => {
  await using server = new TestServer();
  const socket = await rawClient(server);
  const many = bytes((encoder) => {
    encoding.writeVarUint(encoder, 50_000);
    for (let i = 0; i < 50_000; i++) {
      encoding.writeVarUint(encoder, i);
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, '{}');
    }
  });
  socket.send(awarenessFrame(many));
  await until(() => socket.readyState === 3, 'closed');
});

test("JUDGE-5: structs under the id of somebody who is here are held until that person's own come", async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  const b = server.hocuspocus('doc');
  a.setAwarenessField('name', 'a');
  b.setAwarenessField('name', 'b');
  await until(() => a.synced && b.awareness?.getStates().size === 2, 'both are here');
  // A GC struct that claims a million clocks of A's id.
  const claim = bytes((encoder) => {
    for (const number of [1, 1, a.document.clientID, 0]) encoding.writeVarUint(encoder, number);
    encoding.writeUint8(encoder, 0);
    encoding.writeVarUint(encoder, 1_000_000);
    encoding.writeVarUint(encoder, 0);
  });
  b.configuration.websocketProvider.send(server.updateFrame('doc', claim));
  await server.turns(20);
  a.document.getText('text').insert(0, 'mine');
  await until(() => a.unsyncedChanges === 0, "A's typing is saved");
  await until(() => b.document.getText('text').toString() === 'mine', 'and seen');
  assert.equal((await server.storedDoc('doc')).getText('text').toString(), 'mine');
});

test('JUDGE-4: nesting beyond the limit is refused, and the document goes on', async () => {
  await using server = new TestServer();
  const friend = server.hocuspocus('doc');
  await until(() => friend.synced, 'synced');
  for (const depth of [101, 2_000]) {
    const socket = await rawClient(server);
    socket.send(server.updateFrame('doc', nested(depth)));
    await until(() => socket.readyState === 3, `${depth}: closed`, 20_000);
    assert.equal(socket.closeCode, 4400);
  }
  friend.document.getText('text').insert(0, 'fine');
  await until(() => friend.unsyncedChanges === 0, 'saved');
});

test('JUDGE-4: nesting grows to the limit by many updates, and no further; everybody goes on', async () => {
  await using server = new TestServer();
  const friend = server.hocuspocus('doc');
  await until(() => friend.synced, 'synced');
  const doc = new Y.Doc();
  let parent: Y.XmlFragment = doc.getXmlFragment('default');
  const socket = await rawClient(server);
  for (let depth = 0; depth < 130 && socket.readyState === 1; depth++) {
    const before = Y.encodeStateVector(doc);
    const child = new Y.XmlElement('p');
    parent.insert(0, [child]);
    parent = child;
    socket.send(server.updateFrame('doc', Y.encodeStateAsUpdate(doc, before)));
    await server.turns(2);
  }
  await until(() => socket.readyState === 3, 'refused', 20_000);
  assert.equal(socket.closeCode, 4400);
  friend.document.getText('text').insert(0, 'fine');
  await until(() => friend.unsyncedChanges === 0, 'saved');
});

test('JUDGE-8: hundreds of thousands of delete ranges in one update are refused', async () => {
  await using server = new TestServer();
  const friend = server.hocuspocus('doc');
  await until(() => friend.synced, 'synced');
  const words = new Y.Doc();
  words.getText('text').insert(0, 'x'.repeat(300_000));
  const socket = await rawClient(server);
  const update = bytes((encoder) => {
    encoding.writeUint8Array(encoder, Y.encodeStateAsUpdate(words).slice(0, -1));
    for (const number of [1, words.clientID, 100_000]) encoding.writeVarUint(encoder, number);
    for (let i = 0; i < 100_000; i++) for (const number of [i * 3, 1]) encoding.writeVarUint(encoder, number);
  });
  socket.send(server.updateFrame('doc', update));
  await until(() => socket.readyState === 3, 'refused', 20_000);
  assert.equal(socket.closeCode, 1013);
  friend.document.getText('other').insert(0, 'fine');
  await until(() => friend.unsyncedChanges === 0, 'saved');
});

test('JUDGE-4: sub-documents are refused', async () => {
  await using server = new TestServer();
  const doc = new Y.Doc();
  doc.getMap('map').set('sub', new Y.Doc());
  const socket = await rawClient(server);
  socket.send(server.updateFrame('doc', Y.encodeStateAsUpdate(doc)));
  await until(() => socket.readyState === 3, 'closed');
  assert.equal(socket.closeCode, 4400);
});

test('JUDGE-6: a large paste goes through a worker, and is saved', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  const b = server.hocuspocus('doc');
  await until(() => a.synced && b.synced, 'synced');
  const paste = 'lorem ipsum '.repeat(20_000);
  a.document.getText('text').insert(0, paste);
  a.document.getText('text').insert(0, 'before ');
  await until(() => a.unsyncedChanges === 0, 'saved', 20_000);
  await until(() => b.document.getText('text').toString() === `before ${paste}`, 'seen');
});

test('JUDGE-3: what waits for ever is bounded', async () => {
  await using server = new TestServer({ limits: { pendingBytes: 4 * 1024 } });
  const socket = await rawClient(server);
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'never sent');
  for (let i = 0; i < 40; i++) {
    const before = Y.encodeStateVector(doc);
    doc.getText('text').insert(0, 'x'.repeat(500));
    socket.send(server.updateFrame('doc', Y.encodeStateAsUpdate(doc, before)));
  }
  const friend = server.hocuspocus('doc');
  friend.document.getText('other').insert(0, 'words');
  await until(() => friend.synced && friend.unsyncedChanges === 0, 'others are saved', 20_000);
  const { pending } = (await server.store.log.load(server.name('doc'))) ?? { pending: null };
  assert.ok((pending?.length ?? 0) <= 5 * 1024, `${pending?.length} bytes wait`);
});

test('FAN-3: a reader that takes nothing costs a bounded queue, and catches up with one message', async () => {
  await using server = new TestServer({ limits: { outboundBytes: 8 * 1024 } });
  const writer = server.hocuspocus('doc');
  const reader = server.hocuspocus('doc');
  await until(() => writer.synced && reader.synced, 'synced');
  const socket = server.sockets[1];
  assert.ok(socket);
  socket.stall(true);
  for (let i = 0; i < 500; i++) {
    writer.document.getText('text').insert(0, 'x'.repeat(100));
    await server.turns(2);
  }
  await until(() => writer.unsyncedChanges === 0, 'saved');
  assert.ok(socket.waitingBytes < 16 * 1024, `${socket.waitingBytes} bytes wait`);
  socket.stall(false);
  await until(() => reader.document.getText('text').length === 50_000, 'it has caught up');
});
