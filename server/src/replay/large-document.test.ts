import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { MessageSocket, SocketHandler } from '../protocol/socket.ts';
import { STEP_ONE, STEP_TWO, UPDATE } from '../protocol/sync-frames.ts';
import { TestServer, until } from '../protocol/test-server.ts';
import { compose, TEXT } from './composition.ts';
import type { Composition } from './composition.ts';
import { tracePath } from './sample-trace.ts';
import { readTrace } from './trace.ts';

const DOCUMENT = 'large';
const OPENINGS = 1_000;
/** Updates that the snapshot does not hold. */
const TAIL = 500;

/** Hocuspocus's message types. */
const SYNC = 0;
const AUTH = 2;

/** A sync message; a large update is the very array that the socket was handed. */
interface SyncMessage {
  readonly kind: number;
  readonly update: Uint8Array;
}

/** The server's end of a connection whose client reads nothing: it keeps what it is given, as a real one does. */
class StalledSocket implements MessageSocket {
  readonly messages: { readonly head: Uint8Array; readonly body: Uint8Array }[] = [];
  readonly handler: SocketHandler;
  paused = false;
  ending: string | null = null;
  bufferedBytes = 0;

  constructor(server: TestServer) {
    this.handler = server.accept(this);
  }

  send(message: Uint8Array): void {
    this.sendParts(message, new Uint8Array(0));
  }

  sendParts(head: Uint8Array, body: Uint8Array): void {
    this.messages.push({ head, body });
    this.bufferedBytes += head.length + body.length;
  }

  onDrain(): void {}

  close(code: number, reason: string): void {
    this.ending = `${code} ${reason}`;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  /** Says who it is; the server then pauses it until it is in. */
  authenticate(): void {
    this.handler.message(
      frame(AUTH, (encoder) => {
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarString(encoder, 'test');
      }),
    );
  }

  /** Asks for the document like a client that has nothing; gives the sync messages that answer. */
  ask(): SyncMessage[] {
    const before = this.messages.length;
    this.handler.message(
      frame(SYNC, (encoder) => {
        encoding.writeVarUint(encoder, STEP_ONE);
        encoding.writeVarUint8Array(encoder, Y.encodeStateVector(new Y.Doc()));
      }),
    );
    // A ping has no address.
    const addressed = this.messages.slice(before).filter(({ head }) => head.length > 1);
    return addressed.flatMap(({ head, body }) => {
      const decoder = decoding.createDecoder(head);
      decoding.readVarString(decoder);
      if (decoding.readVarUint(decoder) !== SYNC) return [];
      const kind = decoding.readVarUint(decoder);
      const size = decoding.readVarUint(decoder);
      return [{ kind, update: body.length > 0 ? body : decoding.readUint8Array(decoder, size) }];
    });
  }
}

function frame(type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, DOCUMENT);
    encoding.writeVarUint(encoder, type);
    write(encoder);
  });
}

/** Stores the document: all but the last updates as a snapshot, and those behind it. */
async function store(server: TestServer, { keystrokes }: Composition): Promise<void> {
  const updates = keystrokes.flatMap(({ update }) => update ?? []);
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates.slice(0, -TAIL)) Y.applyUpdate(doc, update);
  });
  const name = server.name(DOCUMENT);
  await server.append(name, [Y.encodeStateAsUpdate(doc)]);
  await server.compact(name);
  await server.append(name, updates.slice(-TAIL));
}

/** Opens connections that do not read, and have asked for nothing yet. */
async function connect(server: TestServer, count: number): Promise<StalledSocket[]> {
  const sockets = Array.from({ length: count }, () => new StalledSocket(server));
  for (const socket of sockets) socket.authenticate();
  await until(() => sockets.every(({ paused }) => !paused), 'all are in');
  return sockets;
}

/** Bytes outside of the heap that something still refers to. */
function externalBytes(): number {
  setFlagsFromString('--expose-gc');
  // As: the flag has put the collector there.
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().external;
}

const paper = tracePath('automerge-paper');

test(
  `OPEN-1, OPEN-2: ${OPENINGS} openings of a large document hold one copy of it, and start no worker`,
  { skip: paper === null && 'the recorded sessions are not here (SHEAF_TEST_TRACES names their folder)' },
  async (context) => {
    const composition = compose(await readTrace(paper ?? ''), DOCUMENT);
    await using server = new TestServer();
    await store(server, composition);

    await context.test('stalled newcomers share the bytes that wait for them', async () => {
      const sockets = await connect(server, OPENINGS);
      const before = externalBytes();
      const cpu = process.cpuUsage();
      const answers = sockets.map((socket) => socket.ask());
      const { user, system } = process.cpuUsage(cpu);
      const growth = externalBytes() - before;

      const [, snapshot, tail] = answers[0] ?? [];
      assert.ok(snapshot && tail);
      for (const answer of answers) {
        assert.deepEqual(
          answer.map(({ kind }) => kind),
          [STEP_ONE, UPDATE, STEP_TWO],
        );
        assert.equal(answer[1]?.update, snapshot.update, 'the very same array');
        assert.equal(answer[2]?.update, tail.update, 'the very same array');
      }
      assert.ok(sockets.every(({ ending }) => ending === null));
      const doc = new Y.Doc();
      Y.applyUpdate(doc, snapshot.update);
      Y.applyUpdate(doc, tail.update);
      assert.equal(doc.getText(TEXT).toString(), composition.text);

      const copy = snapshot.update.length + tail.update.length;
      const buffers = new Set(
        sockets.flatMap(({ messages }) => messages.flatMap(({ head, body }) => [head.buffer, body.buffer])),
      );
      const held = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
      context.diagnostic(
        `${copy} bytes, for ${OPENINGS} held ${(held / copy).toFixed(2)} times; memory grew by ` +
          `${(growth / copy).toFixed(2)} copies; ${((user + system) / OPENINGS).toFixed(0)} µs of CPU an opening`,
      );
      assert.ok(held < 20 * copy, `${held} bytes are held`);
      assert.ok(growth < 20 * copy, `memory grew by ${growth} bytes`);
      for (const { handler } of sockets) handler.closed();
    });

    await context.test('while somebody types, step 2 holds all that was acknowledged before', async () => {
      const writer = server.hocuspocus(DOCUMENT);
      await until(() => writer.synced && writer.unsyncedChanges === 0, 'the writer is in');
      const { document: doc } = writer;
      const own = doc.clientID;
      const sockets = await connect(server, 200);
      let acknowledged = 0;
      for (const socket of sockets) {
        doc.getText(TEXT).insert(0, 'x');
        await server.turns(1);
        // Each letter is an update of its own.
        acknowledged = Y.getState(doc.store, own) - writer.unsyncedChanges;
        doc.getText(TEXT).insert(0, 'y');
        const [, , stepTwo] = socket.ask();
        assert.ok(stepTwo?.kind === STEP_TWO);
        const clock = Y.parseUpdateMeta(stepTwo.update).to.get(own) ?? 0;
        assert.ok(clock >= acknowledged, `step 2 ends at ${clock}, ${acknowledged} was acknowledged`);
      }
      assert.ok(acknowledged > 0, 'something was acknowledged meanwhile');
      await until(() => writer.unsyncedChanges === 0, 'all is saved');
      for (const { handler } of sockets) handler.closed();
    });

    await context.test(
      'stock providers have everything in the moment in which they call themselves synced',
      async () => {
        const stored = await server.storedDoc(DOCUMENT);
        const text = stored.getText(TEXT).toString();
        const seen: boolean[] = [];
        for (let i = 0; i < 5; i++) {
          const hocuspocus = server.hocuspocus(DOCUMENT);
          hocuspocus.on('synced', () => seen.push(hocuspocus.document.getText(TEXT).toString() === text));
          const yWebSocket = server.yWebSocket(DOCUMENT);
          yWebSocket.on('sync', () => seen.push(yWebSocket.doc.getText(TEXT).toString() === text));
        }
        await until(() => seen.length >= 10, 'all are synced');
        assert.ok(seen.every(Boolean));
      },
    );

    const { sheaf_replica_tasks_total: tasks, sheaf_compactions_total: compactions } =
      server.documents.metrics();
    assert.deepEqual({ tasks, compactions }, { tasks: 0, compactions: 0 });
    assert.deepEqual(server.reports, []);
  },
);
