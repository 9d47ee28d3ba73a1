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
