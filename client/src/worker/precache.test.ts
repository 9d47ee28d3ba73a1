import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAST_THE_WORKER, answerFor, cacheName, inTurns, outdatedCaches } from './precache.ts';

const ORIGIN = 'https://sheaf.example';

function answer(path: string, options: { method?: string; mode?: string } = {}): string {
  return answerFor({ method: 'GET', mode: 'cors', url: new URL(path, ORIGIN).href, ...options }, ORIGIN);
}

test('SW-2: the API, sync, channel and the server’s own addresses are never answered by the worker', () => {
  for (const path of [
    '/hocuspocus',
    '/hocuspocus/channel/events?turn=1',
    '/yjs/plan',
    '/yjs/plan/channel/poll',
    '/metrics',
    '/livez',
    '/readyz',
    '/page.json',
    '/sheaf.documents.v1.DocumentService/ListDocuments',
    '/sw.js',
    '/uploads/a.png',
  ])
    for (const mode of ['navigate', 'cors', 'same-origin']) {
      assert.equal(answer(path, { mode }), 'network', path);
      assert.equal(answer(path, { mode, method: 'POST' }), 'network', path);
    }
});

test('SW-2: the app’s addresses are answered by its page, and its files by what is kept', () => {
  for (const path of ['/', '/d/plan', '/d/a%2Fb?carrier=sse', '/device'])
    assert.equal(answer(path, { mode: 'navigate' }), 'page');
  assert.equal(answer('/nowhere', { mode: 'navigate' }), 'network');
  assert.equal(answer('/d/plan'), 'network');
  assert.equal(answer('/assets/index-abc.js'), 'file');
  assert.equal(answer('/assets/index-abc.js', { method: 'POST' }), 'network');
  assert.equal(answer('https://elsewhere.example/assets/index-abc.js'), 'network');
  assert.equal(answer('https://elsewhere.example/', { mode: 'navigate' }), 'network');
});

test('SW-5: the channel goes past the worker, and nothing does that the worker would answer', () => {
  const goesPast = (path: string, method: string): boolean =>
    PAST_THE_WORKER.some(({ condition }) =>
      'requestMethod' in condition
        ? condition.requestMethod === method
        : new URLPattern(condition.urlPattern, ORIGIN).test(new URL(path, ORIGIN)),
    );
  for (const endpoint of ['/hocuspocus', '/yjs/plan', '/yjs/a%2Fb']) {
    assert.ok(goesPast(`${endpoint}/channel/messages?from=3`, 'POST'));
    assert.ok(goesPast(`${endpoint}/channel/events?turn=1&received=0`, 'GET'));
  }
  for (const path of ['/', '/d/plan', '/d/yjs', '/device', '/assets/index-abc.js', '/favicon.svg'])
    assert.ok(!goesPast(path, 'GET'), path);
});

test('SW-3: the files of the last versions stay for tabs that are still open', () => {
  const names = ['other', 'sheaf-1', 'sheaf-2', 'sheaf-3', 'sheaf-4'];
  assert.deepEqual(outdatedCaches(names, cacheName('4')), ['sheaf-1']);
  assert.deepEqual(outdatedCaches(names, cacheName('1')), ['sheaf-2']);
  assert.deepEqual(outdatedCaches(['sheaf-1'], cacheName('1')), []);
});

test('SW-4: a version is fetched two files at a time, all of them, and none after one has failed', async () => {
  const begun: number[] = [];
  const ends: ((failure?: Error) => void)[] = [];
  const work = (item: number): Promise<void> => {
    begun.push(item);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    ends.push((failure) => (failure ? reject(failure) : resolve()));
    return promise;
  };
  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
  const all = inTurns([1, 2, 3, 4, 5], work);
  assert.deepEqual(begun, [1, 2]);
  ends[1]?.();
  await turn();
  assert.deepEqual(begun, [1, 2, 3]);
  for (const at of [0, 2, 3, 4]) {
    ends[at]?.();
    await turn();
  }
  await all;
  assert.deepEqual(begun, [1, 2, 3, 4, 5]);

  begun.length = 0;
  ends.length = 0;
  const failing = inTurns([1, 2, 3, 4], work);
  ends[0]?.(new Error('404'));
  await assert.rejects(failing, { message: '404' });
  ends[1]?.();
  await turn();
  assert.deepEqual(begun, [1, 2]);
  await inTurns([], work);
});
