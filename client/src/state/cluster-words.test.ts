import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterWords } from '../words/cluster/en.ts';
import type { ClusterView, LinkCondition, LinkView, NodeView } from './cluster.ts';
import { lagWords, nodeWords, summaryWords, waitingWords } from './cluster-words.ts';

const node = (name: string, condition: LinkCondition = 'linked', more: Partial<NodeView> = {}): NodeView => ({
  name,
  condition,
  isSelf: name === 'a',
  hasAnswered: true,
  isLeaving: false,
  ...more,
});
const link = (from: string, to: string, more: Partial<LinkView> = {}): LinkView => ({
  from,
  to,
  condition: 'linked',
  lagUpdates: 0,
  lagMs: 0,
  queueBytes: 0,
  dirtyDocuments: 0,
  ...more,
});
const cluster = (nodes: NodeView[], links: LinkView[] = []): ClusterView => ({ nodes, links });

test('ADMIN-3 the sentence names what is wrong, and nothing that changes by itself', () => {
  const words = (of: ClusterView): string => summaryWords(clusterWords, of);
  assert.equal(words(cluster([node('a')])), 'One node. No other has been linked with it yet.');
  const fine = [link('a', 'b', { lagUpdates: 4, lagMs: 3 }), link('b', 'a')];
  assert.equal(words(cluster([node('a'), node('b')], fine)), '2 nodes, all linked with each other.');
  assert.equal(
    words(cluster([node('a'), node('b', 'dead'), node('c', 'dead'), node('d', 'suspect')])),
    '4 nodes. b, c are gone. d is silent.',
  );
  assert.equal(
    words(cluster([node('a'), node('b', 'linked', { isLeaving: true })])),
    '2 nodes. b is ending.',
  );
  assert.equal(
    words(
      cluster(
        [node('a'), node('b'), node('c')],
        [link('b', 'c', { condition: 'lost' }), link('c', 'b', { condition: 'lost' })],
      ),
    ),
    '3 nodes. b has no good link to c, and 1 more.',
  );
});

test('ADMIN-3 lag and what waits are told with their units', () => {
  assert.equal(lagWords(clusterWords, link('a', 'b')), 'Nothing');
  assert.equal(lagWords(clusterWords, link('a', 'b', { lagUpdates: 1, lagMs: 0.4 })), '1 update, 0 ms');
  assert.equal(
    lagWords(clusterWords, link('a', 'b', { lagUpdates: 12_345, lagMs: 6_543 })),
    '12,345 updates, 6.5 s',
  );
  assert.equal(lagWords(clusterWords, link('a', 'b', { lagUpdates: 5, condition: 'lost' })), '–');
  assert.equal(waitingWords(clusterWords, link('a', 'b')), 'Nothing');
  assert.equal(
    waitingWords(clusterWords, link('a', 'b', { queueBytes: 1_234_567, dirtyDocuments: 1 })),
    '1.2 MB, 1 document to fetch',
  );
});

test('ADMIN-3 a node that does not answer is told apart from one that is silent', () => {
  assert.equal(nodeWords(clusterWords, node('a')), 'This server');
  assert.equal(
    nodeWords(clusterWords, node('b', 'linked', { hasAnswered: false })),
    'Linked, does not answer',
  );
  assert.equal(nodeWords(clusterWords, node('b', 'suspect', { hasAnswered: false })), 'Silent');
  assert.equal(nodeWords(clusterWords, node('b', 'linked', { isLeaving: true })), 'Ending');
  assert.equal(nodeWords(clusterWords, node('b', 'dead', { isLeaving: true })), 'Gone');
});
