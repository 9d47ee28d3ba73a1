import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentPath, parsePath } from './route.ts';

test('any name survives its address, through a real URL', () => {
  for (const document of [
    'a',
    'a/b',
    '100%',
    '%25',
    'x?y#z',
    'ملاحظات',
    '議事録/二',
    ' space ',
    'a\\b',
    '+&=',
  ]) {
    const { pathname } = new URL(documentPath(document), 'http://localhost');
    assert.deepEqual(parsePath(pathname), { page: 'document', document });
  }
});

test('slashes left bare belong to the name; what is no address is not found', () => {
  assert.deepEqual(parsePath('/d/team/notes'), { page: 'document', document: 'team/notes' });
  assert.deepEqual(parsePath('/'), { page: 'list' });
  assert.deepEqual(parsePath('/device'), { page: 'device' });
  assert.deepEqual(parsePath('/admin/cluster'), { page: 'cluster' });
  for (const path of ['/d/', '/d/%', '/d/%ff', '/nowhere', '/x/d/y'])
    assert.deepEqual(parsePath(path), { page: 'not-found' });
});
