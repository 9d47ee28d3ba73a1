import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEndpoint } from './endpoint.ts';

test('a document may be called hocuspocus', () => {
  const protocol = (path: string): string => readEndpoint(`wss://host${path}`, undefined).protocol;
  assert.equal(protocol('/hocuspocus'), 'hocuspocus');
  assert.equal(protocol('/below/hocuspocus/'), 'hocuspocus');
  assert.equal(protocol('/yjs/hocuspocus'), 'yjs');
  assert.equal(protocol('/below/yjs/team/hocuspocus'), 'yjs');
  assert.equal(protocol('/yjs/notes'), 'yjs');
});
