import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { startServer } from '../main.ts';
import type { Client, Connect } from './client.ts';
import { compose, TEXT } from './composition.ts';
import type { Composition } from './composition.ts';
import { emptyWireCount } from './counting-socket.ts';
import { connectHocuspocus } from './hocuspocus-client.ts';
import { Ledger } from './ledger.ts';
import { startOwnServer } from './own-server.ts';
import { randomComposition, seededRandom } from './random-composition.ts';
import { tracePath } from './sample-trace.ts';
import { openReplica, replaySession } from './session.ts';
import { readTrace } from './trace.ts';
import { connectYWebsocket } from './y-websocket-client.ts';

const DOCUMENT = 'opened';
const OPENINGS = 1_000;

/** Hocuspocus: address, 2 (authentication), 0 (a token), the token. */
function authentication(): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, DOCUMENT);
    encoding.writeVarUint(encoder, 2);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, 'test');
  });
}

/** Hocuspocus: address, 0 (sync), 0 (step 1), the state vector of a document that has nothing. */
function stepOne(): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, DOCUMENT);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint8Array(encoder, Y.encodeStateVector(new Y.Doc()));
  });
}

/** A client that asks for the whole document and only counts what it gets. */
async function openRaw(url: string): Promise<{ socket: WebSocket; received: () => number }> {
  const socket = new WebSocket(url);
  let bytes = 0;
  socket.on('message', (data: Buffer) => {
    bytes += data.byteLength;
  });
  await once(socket, 'open');
  // It reads nothing yet: whatever the server has to hold for it, it holds.
  socket.pause();
  socket.send(authentication());
  socket.send(stepOne());
  return { socket, received: () => bytes };
}

async function metrics(base: string): Promise<{ residentBytes: number; cpuMs: number }> {
  const text = await (await fetch(`${base}/metrics`)).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  const cpuSeconds = value('process_cpu_user_seconds_total') + value('process_cpu_system_seconds_total');
  return { residentBytes: value('process_resident_memory_bytes'), cpuMs: cpuSeconds * 1_000 };
}

/** What reading the document into a Y.Doc costs, ms: the best of five. */
function decodeMs(update: Uint8Array): number {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    Y.applyUpdate(new Y.Doc(), update);
    return performance.now() - began;
  });
  return Math.min(...times);
}

async function write(base: string, composition: Composition, from: number): Promise<void> {
  const url = `${base.replace(/^http/, 'ws')}/hocuspocus`;
  const rest = { resume: false, readers: 0, perSecond: Infinity, connect: connectHocuspocus };
  const { differences } = await replaySession({ ...rest, url, document: DOCUMENT, composition, from });
  assert.deepEqual(differences, []);
}

const paper = tracePath('automerge-paper');

test(
  `${OPENINGS} openings of a long document decode nothing and hold one copy`,
  {
    skip: paper === null && 'the recorded sessions are not here',
  },
  async (context) => {
    const composition = compose(await readTrace(paper ?? ''), DOCUMENT);
    const folder = await mkdtemp(join(tmpdir(), 'sheaf-opening-'));
    const keeping = { kind: 'folder', path: folder } as const;
    const writing = await startOwnServer({ keeping, env: process.env });
    let server = writing;
    const sockets: WebSocket[] = [];
    try {
      await write(writing.url, composition, composition.keystrokes.length - 500);
      await writing.stop();
      server = await startOwnServer({ keeping, env: process.env });
      const url = `${server.url.replace(/^http/, 'ws')}/hocuspocus`;
      const doc = await openReplica({ connect: connectHocuspocus, url, document: DOCUMENT });
      assert.equal(doc.getText(TEXT).toString(), composition.text);
      const encoded = Y.encodeStateAsUpdate(doc);

      const before = await metrics(server.url);
      const clients = await Promise.all(Array.from({ length: OPENINGS }, () => openRaw(url)));
      for (const { socket } of clients) sockets.push(socket);
      const held = await metrics(server.url);
      const whole = Promise.withResolvers<void>();
      let waiting = clients.length;
      for (const { socket, received } of clients) {
        const look = (): void => {
          if (received() < encoded.length) return;
          socket.off('message', look);
          waiting -= 1;
          if (waiting === 0) whole.resolve();
        };
        socket.on('message', look);
        socket.resume();
      }
      await whole.promise;
      const after = await metrics(server.url);

      const growth = Math.max(held.residentBytes, after.residentBytes) - before.residentBytes;
      const cpuMs = (after.cpuMs - before.cpuMs) / OPENINGS;
      const decode = decodeMs(encoded);
      context.diagnostic(
        `${encoded.length} bytes encoded; memory grew by ${(growth / 2 ** 20).toFixed(0)} MiB; ` +
          `${cpuMs.toFixed(2)} ms CPU an opening, where decoding takes ${decode.toFixed(1)} ms`,
      );
      assert.ok(growth < (OPENINGS * encoded.length) / 2, `memory grew by ${growth} bytes`);
      assert.ok(cpuMs < decode / 3, `an opening cost ${cpuMs} ms of CPU, decoding costs ${decode} ms`);
    } finally {
      for (const socket of sockets) socket.terminate();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
);

/** Opens the document and looks at it in the very moment in which the client calls itself ready. */
async function atSynced<T>(connect: Connect, url: string, look: (doc: Y.Doc) => T): Promise<T> {
  const seen = Promise.withResolvers<T>();
  let client: Client | null = null;
  let looked = false;
  client = connect({
    url,
    document: DOCUMENT,
    doc: new Y.Doc(),
    wire: emptyWireCount(),
    events: {
      changed: () => {
        if (looked || client?.ready !== true) return;
        looked = true;
        seen.resolve(look(client.doc));
      },
      acknowledged: () => {},
      lost: () => {},
      refused: seen.reject,
    },
  });
  try {
    return await seen.promise;
  } finally {
    client.leave();
  }
}

test('OPEN-1: synced never fires before everything acknowledged is there, while others type', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-opening-'));
  try {
    await using server = await startServer({ data: folder });
    const base = server.url.replace(/^http/, 'ws');
    const composition = randomComposition({ people: 3, keystrokes: 3_000, random: seededRandom(3) });
    const acknowledged: Uint8Array[] = [];
    const findings: string[] = [];
    const over = new AbortController();
    const session = replaySession({
      connect: connectHocuspocus,
      url: `${base}/hocuspocus`,
      document: DOCUMENT,
      composition,
      from: 0,
      resume: false,
      readers: 0,
      perSecond: 400,
      onAcknowledged: (indexes) => {
        for (const index of indexes) {
          const update = composition.keystrokes[index]?.update;
          if (update != null) acknowledged.push(update);
        }
      },
    }).finally(() => {
      over.abort();
    });
    let openings = 0;
    while (!over.signal.aborted) {
      const ledger = new Ledger();
      for (const update of acknowledged) ledger.acknowledge(update);
      const [connect, path] =
        openings % 2 === 0 ? [connectHocuspocus, 'hocuspocus'] : [connectYWebsocket, 'yjs'];
      findings.push(...(await atSynced(connect, `${base}/${path}`, (doc) => ledger.missingFrom(doc))));
      openings += 1;
    }
    assert.deepEqual((await session).differences, []);
    context.diagnostic(`${openings} openings while 3 people typed ${acknowledged.length} updates`);
    assert.deepEqual(findings, []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
