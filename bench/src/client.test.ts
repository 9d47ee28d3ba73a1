import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { Client } from './client.ts';
import { startServer } from './server-process.ts';
import { SERVERS } from './servers.ts';
import { typedDocument } from './typing.ts';

const NOTHING = Uint8Array.of(0);
const update = typedDocument({ length: 2_000, seed: 1 });
const vector = Y.encodeStateVectorFromUpdate(update);

for (const server of SERVERS.filter(({ dialect }) => dialect.syncs)) {
  test(`what one client puts into documents of ${server.name}, another gets`, async () => {
    await using running = await startServer(server, false);
    const failures: string[] = [];
    const connect = (document: string): Promise<Client> =>
      Client.connect({
        port: running.port,
        dialect: server.dialect,
        document,
        failed: (reason) => failures.push(reason),
      });
    const several = server.dialect.documentsPerConnection > 1;
    const documents = several ? ['first', 'second'] : ['first'];
    const [giver, taker] = [await connect('first'), await connect('first')];
    const got = new Map(documents.map((name) => [name, new Y.Doc()]));
    taker.onContent = (content, name) => {
      const doc = got.get(several ? name : 'first');
      assert.ok(doc);
      Y.applyUpdate(doc, content);
    };
    for (const document of documents) {
      await giver.open(document, NOTHING);
      await giver.put(document, update, vector);
      await taker.open(document, NOTHING);
    }
    for (const doc of got.values()) assert.deepEqual(Y.encodeStateAsUpdate(doc), update);
    assert.deepEqual(failures, []);
    giver.connection.destroy();
    taker.connection.destroy();
  });
}

test('a server that is not there fails the connection, with a reason', async () => {
  const [server] = SERVERS;
  assert.ok(server);
  const lost = Client.connect({ port: 1, dialect: server.dialect, document: 'x', failed: () => {} });
  await assert.rejects(lost, /connection failed/);
});
