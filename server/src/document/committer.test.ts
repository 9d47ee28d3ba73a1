import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SheafError } from '../error.ts';
import { parseDocumentName } from '../store/document-name.ts';
import type { LogBatch } from '../store/store.ts';
import { type Append, Committer, type Writer } from './committer.ts';

const AT_ONCE = { commitMs: 0, busyUpdates: 1, busyCommitMs: 0 };

/** A writer that has `count` entries to write whenever it is asked. */
function writer(name: string, heard: string[]): Writer {
  const document = parseDocumentName(name);
  return {
    collect: () => ({ document, first: 1, count: 1, entries: [], owners: [] }),
    committed: () => heard.push(`${name} committed`),
    commitFailed: (error) => heard.push(`${name} failed: ${error.code}`),
  };
}

/** A log that waits for `answer`, and keeps its writers' numbers. */
function log(answer: (batches: readonly LogBatch[]) => Promise<void>): Append {
  return async (batches) => {
    await answer(batches);
    return batches.map(({ first }) => first);
  };
}

test('COMMIT-1: what all documents have to write in one turn is one commit', async () => {
  const heard: string[] = [];
  const commits: string[][] = [];
  const committer = new Committer(
    log((batches) => {
      commits.push(batches.map(({ document }) => document));
      return Promise.resolve();
    }),
    AT_ONCE,
    () => performance.now(),
  );
  for (const name of ['a', 'b', 'c', 'a']) committer.request(writer(name, heard));
  await committer.settled();
  assert.deepEqual(commits, [['a', 'b', 'c', 'a']]);
  assert.deepEqual(heard, ['a committed', 'b committed', 'c committed', 'a committed']);
});

test('COMMIT-2: what comes while a commit is under way gathers for the next', async () => {
  const commits: number[] = [];
  const answers: (() => void)[] = [];
  const committer = new Committer(
    log((batches) => {
      commits.push(batches.length);
      return new Promise((resolve) => answers.push(resolve));
    }),
    AT_ONCE,
    () => performance.now(),
  );
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  committer.request(writer('first', []));
  await turn();
  for (let i = 0; i < 5; i++) committer.request(writer(`${i}`, []));
  await turn();
  assert.deepEqual(commits, [1]);
  answers.shift()?.();
  while (answers.length === 0) await turn();
  assert.deepEqual(commits, [1, 5]);
  answers.shift()?.();
  await committer.settled();
});

test('COMMIT-2: commits that hold much are further apart', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const limits = { commitMs: 50, busyUpdates: 3, busyCommitMs: 200 };
  for (const { updates, wait } of [
    { updates: 1, wait: 50 },
    { updates: 2, wait: 50 },
    { updates: 3, wait: 200 },
  ]) {
    let commits = 0;
    const counting = log(() => {
      commits += 1;
      return Promise.resolve();
    });
    const committer = new Committer(counting, limits, () => 0);
    for (let i = 0; i < updates; i += 1) committer.request(writer(`${i}`, []));
    await committer.settled();
    committer.request(writer('next', []));
    await turn();
    t.mock.timers.tick(wait - 1);
    await turn();
    assert.equal(commits, 1, `${updates} updates: still apart`);
    t.mock.timers.tick(1);
    await committer.settled();
    assert.equal(commits, 2);
  }
});

test('COMMIT-3: a failed commit fails all that it held, and the next one is tried', async () => {
  const heard: string[] = [];
  let fails = true;
  const committer = new Committer(
    log(() => (fails ? Promise.reject(new SheafError('storage-unavailable', 'full')) : Promise.resolve())),
    AT_ONCE,
    () => performance.now(),
  );
  committer.request(writer('a', heard));
  await committer.settled();
  fails = false;
  committer.request(writer('b', heard));
  await committer.settled();
  assert.deepEqual(heard, ['a failed: storage-unavailable', 'b committed']);
});

test('COMMIT-3: a document that is refused fails alone', async () => {
  const heard: string[] = [];
  const appended: string[][] = [];
  const committer = new Committer(
    log((batches) => {
      const names = batches.map(({ document }) => document);
      if (names.includes(parseDocumentName('deleted')))
        return Promise.reject(new SheafError('deleted', 'It was deleted.'));
      appended.push(names);
      return Promise.resolve();
    }),
    AT_ONCE,
    () => performance.now(),
  );
  for (const name of ['a', 'deleted', 'b']) committer.request(writer(name, heard));
  await committer.settled();
  assert.deepEqual(appended, [['a'], ['b']]);
  assert.deepEqual(heard, ['a committed', 'deleted failed: deleted', 'b committed']);
});

test('COMMIT-3: what was handed over to a refused commit is not written as nothing', async () => {
  const heard: string[] = [];
  const entries = new Uint8Array([1, 2, 3]);
  const large = writer('large', heard);
  const committer = new Committer(
    log((batches) => {
      if (batches.length === 1) return Promise.reject(new SheafError('deleted', 'It was deleted.'));
      structuredClone(entries, { transfer: [entries.buffer] });
      return Promise.reject(new SheafError('deleted', 'It was deleted.'));
    }),
    AT_ONCE,
    () => performance.now(),
  );
  committer.request({
    ...large,
    collect: () => ({
      document: parseDocumentName('large'),
      first: 1,
      count: 1,
      entries: [entries],
      owners: [],
    }),
  });
  committer.request(writer('deleted', heard));
  await committer.settled();
  assert.deepEqual(heard, ['large failed: storage-unavailable', 'deleted failed: deleted']);
});
