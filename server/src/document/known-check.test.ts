import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../limits.ts';
import { KnownCheck } from './known-check.ts';
import type { Integration } from './replica.ts';

const KNOWN: Integration = { kind: 'integrated', piece: null, remainder: null, measured: null };

test('JUDGE-6: what a reader sends and a worker has to look at is bounded', async () => {
  const answers: ((answer: Integration | null) => void)[] = [];
  const judgeAtLength = (): Promise<Integration | null> => new Promise((resolve) => answers.push(resolve));
  const check = new KnownCheck({ judgeAtLength }, { ...DEFAULT_LIMITS, slowBytes: 100, slowUpdates: 2 });
  const first = check.ask(new Uint8Array(60));
  assert.equal(await check.ask(new Uint8Array(41)), 'too-many');
  const second = check.ask(new Uint8Array(10));
  assert.equal(await check.ask(new Uint8Array(10)), 'too-many');
  answers.shift()?.(KNOWN);
  answers.shift()?.(null);
  assert.deepEqual(await Promise.all([first, second]), ['known', 'new']);
  const third = check.ask(new Uint8Array(100));
  answers.shift()?.(KNOWN);
  assert.equal(await third, 'known');
});
