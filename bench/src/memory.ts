import { setTimeout as wait } from 'node:timers/promises';
import * as Y from 'yjs';
import { Client } from './client.ts';
import type { Outcome } from './outcome.ts';
import { memory } from './process-usage.ts';
import type { Memory } from './process-usage.ts';
import { startServer } from './server-process.ts';
import type { ServerUnderTest } from './servers.ts';
import { typedDocument } from './typing.ts';

/** Documents, and connections, before the first measurement: what a server loads or compiles at first use. */
const WARM_UP = 20;
/** Characters of a document; each of `CONTENTS` different contents is used by many documents. */
const CHARACTERS = 20_000;
const CONTENTS = 10;
/** What is opened at once. */
const AT_ONCE = 10;
/** Memory is read this often, ms, and has settled when the last readings differ by less than this share, but
 * not before the idle collection of V8 (8 s), and is read as it is after the longest time. */
const READ_MS = 500;
const READINGS = 6;
const SETTLED_SHARE = 0.005;
const SHORTEST_MS = 10_000;
const LONGEST_MS = 30_000;

/** What one more of something costs a server. */
export interface Growth {
  readonly count: number;
  /** Bytes per piece. */
  readonly rss: number;
  readonly pss: number;
  /** Of the whole process before. */
  readonly before: Memory;
  /** Encoded size of a document, bytes: the mean of the contents. */
  readonly encoded: number;
}

async function settled(pid: number): Promise<Memory> {
  const start = performance.now();
  const recent: Memory[] = [];
  for (;;) {
    const now = memory(pid);
    recent.push(now);
    if (recent.length > READINGS) recent.shift();
    const sizes = recent.map(({ pss }) => pss);
    const still = Math.max(...sizes) - Math.min(...sizes) < now.pss * SETTLED_SHARE;
    const elapsed = performance.now() - start;
    if ((still && elapsed > SHORTEST_MS) || elapsed > LONGEST_MS) return now;
    await wait(READ_MS);
  }
}

interface Content {
  readonly update: Uint8Array;
  readonly vector: Uint8Array;
}

function contents(count: number): Content[] {
  return Array.from({ length: count }, (_, seed) => {
    const update = typedDocument({ length: CHARACTERS, seed: seed + 1 });
    return { update, vector: Y.encodeStateVectorFromUpdate(update) };
  });
}

/** Calls `work` for 0 to `count` - 1, a few at once. */
async function inBatches(count: number, work: (index: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const batch = Math.min(AT_ONCE, count - from);
    await Promise.all(Array.from({ length: batch }, (_, index) => work(from + index)));
  }
}

/** The people of a memory measurement. */
class Crowd {
  readonly clients: Client[] = [];
  failure: string | null = null;
  readonly #server: ServerUnderTest;
  readonly #port: number;

  constructor(server: ServerUnderTest, port: number) {
    this.#server = server;
    this.#port = port;
  }

  async connect(document: string): Promise<Client> {
    const failed = (reason: string): void => {
      this.failure ??= reason;
    };
    const { dialect } = this.#server;
    const client = await Client.connect({ port: this.#port, dialect, document, failed });
    this.clients.push(client);
    return client;
  }

  leave(): void {
    for (const { connection } of this.clients) connection.destroy();
  }
}

async function measureGrowth(
  options: { server: ServerUnderTest; count: number; pinned: boolean },
  grow: (crowd: Crowd, count: number, name: string) => Promise<number>,
): Promise<Outcome<Growth>> {
  await using running = await startServer(options.server, options.pinned);
  const crowd = new Crowd(options.server, running.port);
  try {
    await grow(crowd, WARM_UP, 'warm-up');
    const before = await settled(running.pid);
    const encoded = await grow(crowd, options.count, 'measured');
    const after = await settled(running.pid);
    if (crowd.failure !== null) return { state: 'void', reason: crowd.failure, figures: null };
    const rss = (after.rss - before.rss) / options.count;
    const pss = (after.pss - before.pss) / options.count;
    return { state: 'valid', figures: { count: options.count, rss, pss, before, encoded } };
  } finally {
    crowd.leave();
  }
}

/**
 * Memory of an open document: `count` of them, each brought and kept open by one session, as many on a
 * connection as the protocol allows. y-websocket has a connection for each, which its figure contains.
 */
export function measureDocuments(options: {
  server: ServerUnderTest;
  count: number;
  pinned: boolean;
}): Promise<Outcome<Growth>> {
  const all = contents(CONTENTS);
  const { documentsPerConnection } = options.server.dialect;
  return measureGrowth(options, async (crowd, count, name) => {
    // Each when its first document opens: a server does not wait long for the first word of a connection.
    const connections: Promise<Client>[] = [];
    await inBatches(count, async (index) => {
      const document = `${name}-${index}`;
      const connection = Math.floor(index / documentsPerConnection);
      const client = await (connections[connection] ??= crowd.connect(document));
      const content = all[index % CONTENTS];
      if (content === undefined) throw new Error('every document has one');
      await client.open(document, Uint8Array.of(0));
      await client.put(document, content.update, content.vector);
    });
    return all.reduce((sum, { update }) => sum + update.length, 0) / CONTENTS;
  });
}

/** Memory of an idle connection: `count` people who have opened one and the same document and do nothing. */
export function measureConnections(options: {
  server: ServerUnderTest;
  count: number;
  pinned: boolean;
}): Promise<Outcome<Growth>> {
  const [content] = contents(1);
  if (content === undefined) throw new Error('one content was asked for');
  return measureGrowth(options, async (crowd, count) => {
    if (crowd.clients.length === 0) {
      const first = await crowd.connect('idle');
      await first.open('idle', Uint8Array.of(0));
      await first.put('idle', content.update, content.vector);
    }
    await inBatches(count, async () => {
      const client = await crowd.connect('idle');
      await client.open('idle', content.vector);
    });
    return content.update.length;
  });
}
