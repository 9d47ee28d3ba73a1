import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { binary } from '../scripts/binary.js';
import { StockClient } from './stock-clients/stock-client.ts';
import { expect, test } from './site.ts';
import type { Site } from './server.ts';
import type { StockPage } from './stock-clients/page.ts';

const SOURCES = join(import.meta.dirname, 'stock-clients');

/** A stock client, wherever it runs. */
interface Person {
  readonly name: string;
  look(): Promise<{ text: string; names: string; synced: boolean; unsyncedChanges: number }>;
  type(word: string): Promise<void>;
  deleteLast(count: number): Promise<void>;
  introduce(): Promise<void>;
}

function inNode(name: string, client: StockClient): Person {
  return {
    name,
    look: async () => {
      const { text, names, synced, unsyncedChanges } = client;
      return { text, names, synced, unsyncedChanges };
    },
    type: async (word) => client.type(word),
    deleteLast: async (count) => client.deleteLast(count),
    introduce: async () => client.introduce(name),
  };
}

function inPage(name: string, page: Page, which: keyof StockPage): Person {
  return {
    name,
    look: () =>
      page.evaluate((one) => {
        const { text, names, synced, unsyncedChanges } = window.stock[one];
        return { text, names, synced, unsyncedChanges };
      }, which),
    type: (word) =>
      page.evaluate(([one, letters]) => window.stock[one].type(letters), [which, word] as const),
    deleteLast: (count) =>
      page.evaluate(([one, number]) => window.stock[one].deleteLast(number), [which, count] as const),
    introduce: () =>
      page.evaluate(([one, words]) => window.stock[one].introduce(words), [which, name] as const),
  };
}

let script = '';

test.beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-stock-clients-'));
  try {
    const words = ['build', SOURCES, '--outDir', folder, '--logLevel', 'warn'];
    await promisify(execFile)(process.execPath, [binary('vite', 'client'), ...words]);
    const files = await readdir(join(folder, 'assets'));
    expect(files).toHaveLength(1);
    script = await readFile(join(folder, 'assets', files[0] ?? ''), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Starts the stock clients in an empty page of the server's own, which keeps its content security policy. */
async function openPage(page: Page, site: Site, name: string): Promise<void> {
  await page.goto(`${site.url}/livez`);
  await page.evaluate(script);
  await page.evaluate((document) => window.connectStock(document), name);
}

/** Waits until everybody has the same text, of this length, and all of it is acknowledged. */
async function converged(people: readonly Person[], length: number): Promise<string> {
  const looks = async (): Promise<unknown> => {
    const all = await Promise.all(people.map((person) => person.look()));
    return {
      texts: new Set(all.map(({ text }) => text)).size,
      lengths: all.map(({ text }) => text.length),
      unsynced: all.map(({ unsyncedChanges }) => unsyncedChanges),
    };
  };
  await expect
    .poll(looks)
    .toEqual({ texts: 1, lengths: people.map(() => length), unsynced: people.map(() => 0) });
  return (await people[0]?.look())?.text ?? '';
}

test('the stock clients of Hocuspocus and y-websocket, in Chromium and in Node, edit one document', async ({
  page,
  site,
}) => {
  const base = site.otherUrl.replace('http', 'ws');
  const name = 'stock clients / ü';
  await openPage(page, site, name);
  const hocuspocus = StockClient.hocuspocus(base, name);
  const yWebSocket = StockClient.yWebSocket(base, name);
  const people = [
    inPage('Ada', page, 'hocuspocus'),
    inPage('Ben', page, 'yWebSocket'),
    inNode('Cleo', hocuspocus),
    inNode('Dan', yWebSocket),
  ];
  const synced = async (): Promise<boolean[]> =>
    (await Promise.all(people.map((person) => person.look()))).map((look) => look.synced);
  const namesSeen = async (by: readonly Person[]): Promise<string[]> =>
    (await Promise.all(by.map((person) => person.look()))).map(({ names }) => names);
  try {
    await expect.poll(synced).toEqual([true, true, true, true]);

    // Everybody sees everybody, whatever their protocol.
    for (const person of people) await person.introduce();
    await expect.poll(() => namesSeen(people)).toEqual(people.map(() => 'Ada,Ben,Cleo,Dan'));

    // All at once, then everybody deletes something.
    for (let round = 0; round < 10; round++)
      await Promise.all(people.map((person) => person.type(`${person.name}${round} `)));
    const written = people.reduce((sum, person) => sum + 10 * (person.name.length + 2), 0);
    const text = await converged(people, written);
    for (const person of people) expect(text).toContain(`${person.name}9`);
    for (const person of people) {
      await person.deleteLast(5);
      await converged(people, (await person.look()).text.length);
    }
    await converged(people, written - 20);

    // The server goes away; what is written meanwhile comes when it is back.
    await site.stop();
    await expect.poll(async () => (await people[3]?.look())?.synced).toBe(false);
    await Promise.all(people.map((person) => person.type(`${person.name} alone `)));
    await site.start();
    await converged(people, written - 20 + people.reduce((sum, person) => sum + person.name.length + 7, 0));
    // To the stock clients a state that comes back unchanged is old news, until its owner renews it (each 15 s).
    for (const person of people) await person.introduce();
    await expect.poll(() => namesSeen(people)).toEqual(people.map(() => 'Ada,Ben,Cleo,Dan'));

    // Who leaves, and who is lost, goes.
    yWebSocket.leave();
    await expect.poll(() => namesSeen(people.slice(0, 3))).toEqual(Array(3).fill('Ada,Ben,Cleo'));
    await page.close();
    await expect.poll(() => hocuspocus.names).toBe('Cleo');
  } finally {
    hocuspocus.leave();
    yWebSocket.leave();
  }
});
