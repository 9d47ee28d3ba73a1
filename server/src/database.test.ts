import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { startServer } from './main.ts';
import { POSTGRES_LIMITS } from './store/postgres/limits.ts';
import type { Server } from './main.ts';
import { NO_POSTGRES, PASSWORD, startTestServer } from './store/postgres/server-for-tests.ts';
import type { TestServer } from './store/postgres/server-for-tests.ts';

/* Whole servers on PostgreSQL, with stock clients. */

const postgres = await startTestServer();

/** Resolves when `holds` does; looked at each turn. */
async function until(holds: () => boolean | Promise<boolean>, words: string): Promise<void> {
  const late = performance.now() + 60_000;
  while (!(await holds())) {
    assert.ok(performance.now() < late, `waited in vain: ${words}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

interface Client {
  readonly text: Y.Text;
  readonly provider: HocuspocusProvider;
}

function hocuspocus(context: TestContext, server: Server, name: string): Client {
  const doc = new Y.Doc();
  const url = `${server.url.replace('http', 'ws')}/hocuspocus`;
  const websocketProvider = new HocuspocusProviderWebsocket({ url, delay: 10, minDelay: 10, maxDelay: 100 });
  const provider = new HocuspocusProvider({ name, document: doc, token: 'none', websocketProvider });
  provider.attach();
  context.after(() => {
    provider.destroy();
    websocketProvider.destroy();
  });
  return { text: doc.getText('text'), provider };
}

function saved({ provider }: Client): boolean {
  return provider.isSynced && !provider.hasUnsyncedChanges;
}

async function start(context: TestContext, database: string): Promise<Server> {
  const server = await startServer({ database });
  context.after(() => server.stop());
  return server;
}

async function readyCode(server: Server): Promise<number> {
  return (await fetch(`${server.url}/readyz`)).status;
}

function wholeServers(database: TestServer): void {
  test('stock clients of both protocols write into one document, which is there after a restart', async (context) => {
    const url = await database.createDatabase();
    const server = await start(context, url);
    const ada = hocuspocus(context, server, 'team/plan');
    const ben = new Y.Doc();
    const address = `${server.url.replace('http', 'ws')}/yjs`;
    const provider = new WebsocketProvider(address, 'team%2Fplan', ben, { disableBc: true });
    context.after(() => {
      provider.destroy();
      ben.destroy();
    });
    ada.text.insert(0, 'Hello');
    await until(() => ben.getText('text').toString() === 'Hello', 'y-websocket reads');
    ben.getText('text').insert(5, ' world');
    await until(() => ada.text.toString() === 'Hello world' && saved(ada), 'saved');
    await server.stop();
    const again = await start(context, url);
    const cleo = hocuspocus(context, again, 'team/plan');
    await until(() => cleo.text.toString() === 'Hello world', 'read again');
    const response = await fetch(`${again.url}/sheaf.documents.v1.DocumentService/ListDocuments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.match(await response.text(), /"name":"team\/plan"/);
  });

  test('LOG-30 two servers on one database lose nothing that people write into one document at once', async (context) => {
    const url = await database.createDatabase();
    const servers = await Promise.all([start(context, url), start(context, url)]);
    const people = servers.map((server) => hocuspocus(context, server, 'shared'));
    await until(() => people.every(({ provider }) => provider.isSynced), 'both are there');
    for (let round = 0; round < 5; round += 1) {
      for (const [who, { text }] of people.entries()) text.insert(0, `[${who}:${round}]`);
      await until(() => people.some(saved), 'one is told');
    }
    await until(() => people.every(saved), 'everybody is told that it is saved');
    const third = await start(context, url);
    const reader = hocuspocus(context, third, 'shared');
    await until(() => reader.provider.isSynced, 'read');
    for (const who of people.keys())
      for (let round = 0; round < 5; round += 1)
        assert.ok(reader.text.toString().includes(`[${who}:${round}]`), `${who}:${round}`);
  });

  test('LOG-26 while the database restarts nobody is told "saved", and nobody is disconnected', async (context) => {
    const server = await start(context, await database.createDatabase());
    const ada = hocuspocus(context, server, 'notes');
    const ben = hocuspocus(context, server, 'notes');
    await until(() => saved(ada) && saved(ben), 'synced');
    let lost = 0;
    ada.provider.on('close', () => (lost += 1));
    const began = performance.now();
    await database.kill();
    ada.text.insert(0, 'typed meanwhile');
    await until(() => ben.text.toString() === 'typed meanwhile', 'others see it at once');
    assert.equal(saved(ada), false);
    assert.equal(await readyCode(server), 503);
    await database.start();
    await until(() => saved(ada), 'saved');
    // Ready is said when the worker that reads has reached the database again too.
    await until(async () => (await readyCode(server)) === 200, 'ready');
    // On a machine that is busy elsewhere the database may be away for longer than commits wait.
    if (performance.now() - began < POSTGRES_LIMITS.outageMs) assert.equal(lost, 0);
    else context.diagnostic('the outage was too long for that');
  });

  test('a database that cannot be reached stops the start, with words and without its password', async () => {
    const url = await database.createDatabase();
    const wrong = url.replace(/\/[^/]*$/, '/nothing');
    await assert.rejects(startServer({ database: wrong }), (thrown: Error) => {
      assert.match(thrown.message, /3D000/);
      assert.ok(!`${thrown.message}${thrown.stack}`.includes(PASSWORD));
      return true;
    });
  });
}

if (postgres === null) test('servers on PostgreSQL', { skip: NO_POSTGRES });
else describe('a server on PostgreSQL', () => wholeServers(postgres));
