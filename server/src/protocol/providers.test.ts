import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestServer, until } from './test-server.ts';

test('two stock Hocuspocus providers and a y-websocket one edit one document', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('shared');
  const b = server.hocuspocus('shared');
  const c = server.yWebSocket('shared');
  await until(() => a.synced && b.synced && c.synced, 'all are synced');
  a.document.getText('text').insert(0, 'one ');
  await until(() => c.doc.getText('text').length === 4 && b.document.getText('text').length === 4, 'seen');
  c.doc.getText('text').insert(4, 'two ');
  b.document.getText('text').insert(0, 'zero ');
  const whole = (text: string): boolean =>
    text.includes('zero') && text.includes('one') && text.includes('two');
  await until(
    () => [a.document, b.document, c.doc].every((doc) => whole(doc.getText('text').toString())),
    'everybody has everything',
  );
  await until(() => a.unsyncedChanges === 0 && b.unsyncedChanges === 0, 'all is acknowledged');
  assert.deepEqual(server.reports, []);
});
