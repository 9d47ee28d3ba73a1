import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK_END, CONTENT_FIELD } from '@sheaf/schema/content';
import type * as Y from 'yjs';
import { TestServer, until } from './test-server.ts';

/** Types into the first line of a document of the editor. */
function typeTitle(doc: Y.Doc, words: string): void {
  const flow = doc.getText(CONTENT_FIELD);
  flow.insert(flow.toString().indexOf(BLOCK_END) + 1, words);
}

async function title(server: TestServer): Promise<string | undefined> {
  return (await server.store.catalogue.get(server.name('doc')))?.title;
}

async function untilTitle(server: TestServer, expected: string): Promise<void> {
  const end = performance.now() + 10_000;
  while ((await title(server)) !== expected) {
    assert.ok(performance.now() < end, `the title is ${await title(server)}`);
    await server.turns(1);
  }
}

test('TITLE-1: the list shows the first line, also of a document that was opened again', async () => {
  await using server = new TestServer({ limits: { titleMs: 1, idleMs: 1 } });
  assert.equal(await server.documents.create(server.name('doc')), true);
  assert.equal(await server.documents.create(server.name('doc')), false);
  const a = server.hocuspocus('doc');
  await until(() => a.synced, 'synced');
  typeTitle(a.document, 'Plan');
  await untilTitle(server, 'Plan');
  a.destroy();
  await until(() => server.documents.metrics()['sheaf_documents_hot'] === 0, 'it has left memory');
  const b = server.hocuspocus('doc');
  await until(() => b.synced, 'synced again');
  typeTitle(b.document, ' B');
  await untilTitle(server, 'Plan B');
});
