import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../limits.ts';
import { parseDocumentName } from '../store/document-name.ts';
import { emptyCluster } from './cluster-state.ts';
import { parseNodeId } from './identity.ts';
import type { Incarnation } from './message.ts';
import { step } from './step.ts';

const PLAN = parseDocumentName('plan');
const features = { replica: true, tellsPersisted: true, asksPersisted: false };

test('REPL-8 what is lost again and again is fetched all the same, a while after the first loss', () => {
  const state = emptyCluster(DEFAULT_LIMITS);
  const [node, incarnation] = [parseNodeId('b'), '1' as Incarnation];
  step(state, { kind: 'linked', link: 1, node, incarnation, features }, 0);
  const fetchedAt: number[] = [];
  for (let now = 10; now <= 3_000; now += 10) {
    const effects = step(state, { kind: 'lost', document: PLAN }, now);
    for (const effect of effects)
      if (effect.kind === 'fetch') {
        fetchedAt.push(now);
        step(state, { ...effect, kind: 'fetched', done: false }, now);
      }
  }
  const [first = Infinity, second = Infinity] = fetchedAt;
  assert.ok(first <= 10 + DEFAULT_LIMITS.healAgainMs, `first fetched at ${first}`);
  assert.ok(second <= first + 2 * DEFAULT_LIMITS.healAgainMs, `and then at ${second}`);
});

test('REPL-21 where people are is fetched before what nobody has open, however much of that waits', () => {
  const state = emptyCluster(DEFAULT_LIMITS);
  const [node, incarnation] = [parseNodeId('b'), '1' as Incarnation];
  const fetched: string[] = [];
  /** Fetches end at once, as many as `steps`. */
  const run = (event: Parameters<typeof step>[1], steps: number): void => {
    for (const effect of step(state, event, 0)) {
      if (effect.kind === 'compare' && event.kind === 'linked')
        run({ ...effect, kind: 'compared', documents: closed }, steps);
      if (effect.kind !== 'fetch') continue;
      fetched.push(effect.document);
      if (fetched.length < steps) run({ ...effect, kind: 'fetched', done: true }, steps);
    }
  };
  const closed = Array.from({ length: 2_000 }, (_, at) => parseDocumentName(`closed ${at}`));
  run({ kind: 'linked', link: 1, node, incarnation, features }, 10);
  const before = fetched.length;
  run({ kind: 'followed', document: PLAN, digest: null }, 0);
  // What the peer tells of it, and what stands in the inventory.
  const resync = { kind: 'resync' as const, sequence: 1, documents: [PLAN] };
  run({ kind: 'received', link: 1, batch: 1, messages: [resync] }, 0);
  for (const [document, { task }] of [...(state.peers.get(node)?.fetching ?? [])].slice(0, 1))
    run({ kind: 'fetched', node, task, document, done: true }, 0);
  assert.deepEqual(fetched.slice(before), [PLAN]);
  const left = state.peers.get(node)?.toFetch.size ?? 0;
  assert.ok(left > 1_900, `${left} still wait`);
});
