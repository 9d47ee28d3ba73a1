import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SheafError } from './error.ts';
import { Retention } from './retention.ts';
import { parseDocumentName } from './store/document-name.ts';
import { openMemoryStore } from './store/memory/memory-store.ts';

const DAY_MS = 86_400_000;

test('a tombstone is forgotten after 90 days, not before', async () => {
  const store = openMemoryStore();
  const name = parseDocumentName('a');
  await store.catalogue.create(name, 0);
  await store.catalogue.delete(name, 0);
  let now = 90 * DAY_MS;
  const report = (words: string): void => assert.fail(words);
  const retention = new Retention({ store, historyDays: 365, time: () => now, report });
  await retention.run();
  await assert.rejects(store.catalogue.create(name, now), { code: 'deleted' });
  now += 1;
  await retention.run();
  assert.equal(await store.catalogue.create(name, now), true);
});

test('a failure is reported, and stop waits for what is under way', async () => {
  const store = openMemoryStore();
  const failing = { ...store.log, expireHistory: () => Promise.reject(new Error('no disk')) };
  const reports: SheafError[] = [];
  const retention = new Retention({
    store: { ...store, log: failing },
    historyDays: 1,
    time: Date.now,
    report: (_words, error) => reports.push(error),
  });
  retention.start();
  await retention.stop();
  assert.deepEqual(
    reports.map(({ message }) => message),
    ['no disk'],
  );
});
