import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Environment } from '@sheaf/client/channel';
import { expect, test } from '../site.ts';
import { Person } from './person.ts';

const FOLDER = process.env['SHEAF_TEST_TRACES'] ?? join(import.meta.dirname, '../../../shared/traces');
const FILE = join(FOLDER, 'sveltecomponent.json.gz');
const UPDATES = 10_000;
const SWITCH_EVERY = 50;
const CARRIERS = ['websocket', 'sse', 'poll'] as const;

type Patch = readonly [position: number, deleted: number, inserted: string];

/** The first updates of a recorded session, each a list of replacements. */
function readTrace(): Patch[][] {
  // The public data set's format; a wrong file makes the replay's text wrong.
  const trace = JSON.parse(gunzipSync(readFileSync(FILE)).toString()) as { txns: { patches: Patch[] }[] };
  return trace.txns.slice(0, UPDATES).map(({ patches }) => patches);
}

/** Numbers from 0 to below 1 that follow from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A network that delays POSTs, sends some of them twice, and loses the answers of others. */
function roughFetch(random: () => number, counts: { repeated: number; lost: number }): Environment['fetch'] {
  return async (input, init) => {
    const isPost = init?.method === 'POST' && String(input).includes('/channel/messages');
    if (!isPost) return fetch(input, init);
    const chance = random();
    if (chance < 0.2) await pause(random() * 30);
    else if (chance < 0.4) {
      counts.repeated += 1;
      await fetch(input, init).then((first) => first.arrayBuffer());
    } else if (chance < 0.5) {
      counts.lost += 1;
      await fetch(input, init).then((first) => first.arrayBuffer());
      throw new TypeError('The answer was lost.');
    }
    return fetch(input, init);
  };
}

test('10,000 updates of a recorded session with a switch of carrier every 50: exact, each once, no resync', async ({
  site,
}) => {
  test.skip(!existsSync(FILE), `there is no ${FILE}: SHEAF_TEST_TRACES names the folder`);
  const seed = Number(process.env['SEED'] ?? 1);
  process.stdout.write(`seed ${seed}\n`);
  const random = randomOf(seed);
  const counts = { repeated: 0, lost: 0 };
  const base = site.url.replace('http', 'ws');
  const writer = Person.hocuspocus(base, 'trace', { environment: { fetch: roughFetch(random, counts) } });
  const otherBase = site.otherUrl.replace('http', 'ws');
  const peer = Person.hocuspocus(otherBase, 'trace', { carrier: 'websocket' });
  const updates = readTrace();
  const characters: string[] = [];
  let replies = 0;
  try {
    await expect.poll(() => [writer.synced, peer.synced]).toEqual([true, true]);
    await expect.poll(() => writer.unsynced).toBe(0);
    const acknowledgedBefore = writer.acknowledged;
    const text = writer.doc.getText('trace');
    for (let at = 0; at < updates.length; at += SWITCH_EVERY) {
      const moment = Math.floor(random() * SWITCH_EVERY);
      for (const [index, patches] of updates.slice(at, at + SWITCH_EVERY).entries()) {
        if (index === moment) {
          const others = CARRIERS.filter((carrier) => carrier !== writer.socket.carrier);
          writer.socket.force(others[Math.floor(random() * others.length)] ?? 'sse');
        }
        writer.doc.transact(() => {
          for (const [position, deleted, inserted] of patches) {
            text.delete(position, deleted);
            text.insert(position, inserted);
            characters.splice(position, deleted, ...inserted);
          }
        });
        if (random() < 0.2) {
          peer.doc.getText('replies').insert(replies, String(replies % 10));
          replies += 1;
        }
        if (random() < 0.1) await pause(random() * 8);
      }
      await pause(random() * 40);
    }
    await expect.poll(() => [writer.unsynced, peer.unsynced], { timeout: 60_000 }).toEqual([0, 0]);
    const expected = characters.join('');
    await expect.poll(() => peer.doc.getText('trace').length).toBe(expected.length);
    expect(peer.doc.getText('trace').toString()).toBe(expected);
    const answers = Array.from({ length: replies }, (_, at) => String(at % 10)).join('');
    await expect.poll(() => writer.doc.getText('replies').toString()).toBe(answers);

    // The server answers each update that it takes: one more would be one taken twice.
    expect(writer.acknowledged - acknowledgedBefore).toBe(updates.length);
    expect([writer.closed, writer.sockets.length]).toEqual([0, 1]);
    const taken = await takes(site.url);
    process.stdout.write(`${JSON.stringify(taken)} ${JSON.stringify(counts)}\n`);
    expect(taken.websocket + taken.sse + taken.poll).toBeGreaterThan(UPDATES / SWITCH_EVERY / 2);
    for (const carrier of CARRIERS) expect(taken[carrier]).toBeGreaterThan(10);
    expect(counts.repeated).toBeGreaterThan(20);

    const newcomer = Person.hocuspocus(otherBase, 'trace', { carrier: 'websocket' });
    try {
      await expect.poll(() => newcomer.doc.getText('trace').toString() === expected).toBe(true);
    } finally {
      newcomer.leave();
    }
  } finally {
    writer.leave();
    peer.leave();
  }
});

/** How often carriers took a channel, as the server counts. */
async function takes(url: string): Promise<Record<(typeof CARRIERS)[number], number>> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const count = (carrier: string): number =>
    Number(
      new RegExp(`^sheaf_channel_takes_total\\{carrier="${carrier}"\\} (\\d+)$`, 'm').exec(metrics)?.[1],
    );
  return { websocket: count('websocket'), sse: count('sse'), poll: count('poll') };
}
