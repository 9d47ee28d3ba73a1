import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeResults } from './judgement.ts';
import type { Outcome } from './outcome.ts';
import type { FanOut } from './round.ts';
import type { Results } from './run.ts';

function round(cpuPerUpdate: number, p99: number): FanOut {
  return {
    updates: 1,
    arrived: 1,
    cpuPerUpdate,
    cpuPerDelivery: 1,
    latency: { p50: 1, p95: 1, p99, max: p99 },
    readerBytes: { min: 1, max: 1 },
    loadShare: 0.1,
    others: 0,
    lateness: 0,
  };
}

function results(sheaf: Outcome<FanOut>[], hocuspocus: Outcome<FanOut>[]): Results {
  return {
    machine: { date: '', processor: '', cores: 2, memory: 0, system: '', pinned: true, versions: {} },
    writers: 10,
    seconds: 1,
    seed: 1,
    fanOut: [
      {
        readers: 100,
        rate: 10_000,
        series: [
          { server: 'sheaf', outcomes: sheaf },
          { server: 'hocuspocus', outcomes: hocuspocus },
        ],
      },
    ],
    documents: [],
    connections: [],
    capacity: [],
  };
}

test('the ratio is that of the medians of valid rounds', () => {
  const slow: Outcome<FanOut> = {
    state: 'void',
    reason: 'the load process was busy',
    figures: round(1_000, 900),
  };
  const found = judgeResults(
    results(
      [{ state: 'valid', figures: round(40, 4) }, slow, { state: 'valid', figures: round(60, 6) }],
      [{ state: 'valid', figures: round(100, 4) }],
    ),
  );
  assert.deepEqual(
    found.map(({ ratio, met }) => [ratio, met]),
    [
      [0.5, true],
      [1.25, false],
    ],
  );
});

test('nothing is judged without a valid round of both', () => {
  const nothing: Outcome<FanOut> = { state: 'void', reason: 'it ended', figures: null };
  assert.deepEqual(judgeResults(results([nothing], [{ state: 'valid', figures: round(1, 1) }])), []);
});

test('an overloaded round ranks behind all figures, whoever it was, and measured figures of it do not count', () => {
  const fast: Outcome<FanOut> = { state: 'valid', figures: round(1, 1) };
  const slow: Outcome<FanOut> = { state: 'valid', figures: round(4, 4) };
  const overloaded: Outcome<FanOut> = { state: 'overloaded', reason: 'too slow', figures: round(2, 2) };
  const judged = (sheaf: Outcome<FanOut>[], hocuspocus: Outcome<FanOut>[]): [number, boolean] | undefined =>
    judgeResults(results(sheaf, hocuspocus)).map(({ ratio, met }): [number, boolean] => [ratio, met])[0];
  assert.deepEqual(judged([fast], [fast, overloaded, slow]), [0.25, true]);
  assert.deepEqual(judged([fast], [overloaded, fast, overloaded]), [0, true]);
  assert.deepEqual(judged([overloaded, fast, overloaded], [slow]), [Infinity, false]);
  assert.deepEqual(judged([overloaded], [overloaded]), undefined);
});
