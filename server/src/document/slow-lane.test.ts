import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { NICENESS } from '../background-thread.ts';
import { DocumentState } from './document-state.ts';
import { judge } from './judge.ts';
import { ReplicaLink } from './replica-link.ts';
import { Replicas } from './replicas.ts';
import { SlowLane, type SlowLaneHost } from './slow-lane.ts';

/** An update of many structs, which takes the judge a while. */
function longUpdate(): Uint8Array {
  const doc = new Y.Doc();
  const text = doc.getText('text');
  doc.transact(() => {
    for (let i = 0; i < 4_000; i++) text.insert(0, 'x');
  });
  return Y.encodeStateAsUpdate(doc);
}

function setUp(
  decided: () => boolean,
  limits: Limits = DEFAULT_LIMITS,
): { lane: SlowLane; state: DocumentState; failures: string[] } {
  const state = new DocumentState(null);
  const failures: string[] = [];
  const host: SlowLaneHost = {
    decided,
    refused: (_from, _code, reason) => failures.push(reason),
    failed: (_from, error) => failures.push(error.message),
    closed: false,
  };
  const link = new ReplicaLink('key', state, new Replicas(NICENESS.awaited));
  return { lane: new SlowLane(host, state, link, { limits, now: () => performance.now() }), state, failures };
}

function item(update: Uint8Array): Parameters<SlowLane['add']>[0] {
  const receipt = { generation: 0, debts: 0, unsure: 0, answers: false };
  return {
    update,
    author: '',
    time: 0,
    session: null,
    receipt,
    origin: 'here',
    arrival: null,
    kind: 'update',
  };
}

test('thousands of updates that need no worker after all leave room for others', async () => {
  let decided = 0;
  const { lane, state } = setUp(() => (decided += 1) > 0);
  const update = longUpdate();
  const verdict = judge(state.knowledge, update, DEFAULT_LIMITS);
  assert.ok(verdict.kind === 'new');
  state.admit(verdict.piece);
  for (let i = 0; i < 1_000; i++) lane.add(item(update));
  let turns = 0;
  for (; !lane.idle; turns++) await new Promise<void>((resolve) => setImmediate(resolve));
  assert.equal(decided, 1_000);
  assert.ok(turns > 2, `${turns} turns`);
});

test('an error of one update ends that one, and the others go on', async () => {
  let asked = 0;
  const { lane, failures } = setUp(() => {
    asked += 1;
    if (asked === 1) throw new Error('oops');
    return true;
  });
  for (let i = 0; i < 2; i++) lane.add(item(new Uint8Array([0, 0])));
  while (!lane.idle) await new Promise<void>((resolve) => setImmediate(resolve));
  assert.deepEqual(failures, ['oops']);
  assert.equal(asked, 2);
});

test('JUDGE-8 bounds of what an update may bring are for clients: what another server has taken is taken', async () => {
  const doc = new Y.Doc();
  const map = doc.getMap('entries');
  for (let at = 0; at < 40; at += 1) map.set(String(at), 'x');
  for (let at = 0; at < 40; at += 2) map.delete(String(at));
  const update = Y.encodeStateAsUpdate(doc);
  for (const origin of ['here', 'elsewhere'] as const) {
    let decided = 0;
    const limits = { ...DEFAULT_LIMITS, judgeBytes: 10, updateRanges: 5 };
    const { lane, failures } = setUp(() => (decided += 1) > 0, limits);
    lane.add({ ...item(update), origin });
    while (!lane.idle) await new Promise<void>((resolve) => setImmediate(resolve));
    assert.deepEqual([decided, failures.length], origin === 'here' ? [0, 1] : [1, 0]);
  }
});
