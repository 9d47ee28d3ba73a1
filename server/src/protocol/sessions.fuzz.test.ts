import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { declareRoots, makeRandom, RandomEdits } from '../document/random-edits.ts';
import { isUpdate, TestServer, until } from './test-server.ts';

const RUNS = Number(process.env['SHEAF_TEST_FUZZ_SESSIONS'] ?? 12);
const STEPS = 150;
/** Seeds that have failed once. */
const REGRESSIONS: readonly number[] = [];

/**
 * What a document holds: the clocks of its structs, and what of them is deleted. Not its text: where a character of
 * two units is split, Yjs lets one replica keep a half that others show as U+FFFD.
 */
function contents(doc: Y.Doc): string {
  const clocks = [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort();
  const deletes = [...Y.createDeleteSetFromStructStore(doc.store).clients]
    .map(([client, ranges]) => [client, ...ranges.map(({ clock, len }) => `${clock}+${len}`)])
    .sort();
  return JSON.stringify({ clocks, deletes });
}

/**
 * People edit over stock providers while connections are lost, messages vanish, readers stall, and the disk is slow
 * or fails. At the end everybody, and the disk, hold the same, and nobody was told "saved" too early.
 */
async function session(seed: number): Promise<void> {
  const random = makeRandom(seed);
  const edits = new RandomEdits(random);
  await using server = new TestServer({
    limits: { compactUpdates: 60, compactEveryMs: 0, outboundBytes: 2_000 },
  });
  const hocuspocus = [0, 1, 2].map(() => server.hocuspocus('doc'));
  const yWebSocket = server.yWebSocket('doc');
  const docs = [...hocuspocus.map(({ document }) => document), yWebSocket.doc];
  for (const doc of docs) declareRoots(doc);
  const lies: Promise<void>[] = [];
  for (const provider of hocuspocus) {
    const socket = provider.configuration.websocketProvider;
    // As when the server's step 1 had just come: the answer waits for the next connection (SPEC ACK-12).
    socket.on('close', () => {
      if (random() < 0.5) return;
      const known = random() < 0.5 ? Y.encodeStateVector(provider.document) : undefined;
      socket.send(server.stepTwoFrame('doc', Y.encodeStateAsUpdate(provider.document, known)));
    });
    provider.on('unsyncedChanges', ({ number }: { number: number }) => {
      if (number === 0) lies.push(isDurable(server, provider.document));
    });
  }
  let drops = false;
  server.passesUp = (message) => {
    // y-websocket has no acknowledgements: a lost message of it is lost until its next handshake.
    const dropped = drops && isHocuspocusUpdate(message);
    if (dropped) drops = false;
    return !dropped;
  };
  const pick = <T>(of: readonly T[]): T | undefined => of[Math.floor(random() * of.length)];
  for (let step = 0; step < STEPS; step++) {
    const dice = random();
    const doc = pick(docs);
    if (dice < 0.75 && doc) edits.edit(doc);
    else if (dice < 0.8) pick(server.sockets)?.ended(1006, '');
    else if (dice < 0.84) drops = true;
    else if (dice < 0.88) server.store.hold();
    else if (dice < 0.92) server.store.release();
    else if (dice < 0.94) server.store.failNextAppend();
    else if (dice < 0.97) server.store.resume();
    else pick(server.sockets)?.stall(random() < 0.5);
    await server.turns(Math.floor(random() * 4));
  }
  drops = false;
  server.store.resume();
  server.store.release();
  // A message gets lost only with its connection.
  for (const socket of server.sockets) {
    socket.stall(false);
    socket.ended(1006, '');
  }
  await until(
    () => {
      // A failure that is still to come stops the disk once more.
      if (!server.store.healthy()) server.store.resume();
      return (
        hocuspocus.every((provider) => provider.synced && provider.unsyncedChanges === 0) && yWebSocket.synced
      );
    },
    `seed ${seed}: everybody is saved`,
    30_000,
  );
  await until(() => new Set(docs.map(contents)).size === 1, `seed ${seed}: everybody has the same`, 30_000);
  const whole = contents(docs[0] ?? new Y.Doc());
  await Promise.all(lies);
  while (contents(await server.storedDoc('doc')) !== whole) await server.turns(1);
}

/** What this client has written is on disk. */
async function isDurable(server: TestServer, doc: Y.Doc): Promise<void> {
  const written = Y.getState(doc.store, doc.clientID);
  const stored = Y.getState((await server.storedDoc('doc')).store, doc.clientID);
  assert.ok(stored >= written, `told that all is saved: ${written} written, ${stored} on disk`);
}

function isHocuspocusUpdate(message: Uint8Array): boolean {
  try {
    return message[0] === 3 && isUpdate(message);
  } catch {
    // Another protocol's message, cut short for this reader.
    return false;
  }
}

for (const seed of REGRESSIONS) test(`seed ${seed}, which failed once`, () => session(seed));

test(`ACK-1 to ACK-9 over ${RUNS} random sessions`, async () => {
  const first = Number(process.env['SHEAF_TEST_FUZZ_SEED'] ?? 1);
  for (let seed = first; seed < first + RUNS; seed++) {
    try {
      await session(seed);
    } catch (thrown) {
      assert.fail(`seed ${seed}: ${String(thrown)}`);
    }
  }
});
