import type { ClusterView, LinkCondition, LinkView, NodeView } from './cluster.ts';

const CONDITIONS: Readonly<Record<LinkCondition, string>> = {
  linked: 'Linked',
  suspect: 'Silent',
  lost: 'Link lost',
  dead: 'Gone',
  unknown: 'Not known',
};

/** How a link is, in a word or two. */
export function conditionWords(condition: LinkCondition): string {
  return CONDITIONS[condition];
}

/** How a node is. */
export function nodeWords({ condition, isSelf, isLeaving, hasAnswered }: NodeView): string {
  if (isLeaving && condition !== 'dead') return isSelf ? 'This server, ending' : 'Ending';
  if (isSelf) return 'This server';
  return condition === 'linked' && !hasAnswered ? 'Linked, does not answer' : conditionWords(condition);
}

/** How far behind the other end is. */
export function lagWords({ condition, lagUpdates, lagMs }: LinkView): string {
  if (condition !== 'linked' && condition !== 'suspect') return '–';
  if (lagUpdates === 0) return 'Nothing';
  return `${count(lagUpdates, 'update')}, ${durationWords(lagMs)}`;
}

/** What waits at this end. */
export function waitingWords({ queueBytes, dirtyDocuments }: LinkView): string {
  const parts = [
    ...(queueBytes > 0 ? [bytesWords(queueBytes)] : []),
    ...(dirtyDocuments > 0 ? [`${count(dirtyDocuments, 'document')} to fetch`] : []),
  ];
  return parts.length === 0 ? 'Nothing' : parts.join(', ');
}

/** The cluster in a sentence that changes only when something happens; it is announced. */
export function summaryWords({ nodes, links }: ClusterView): string {
  const size = count(nodes.length, 'node');
  if (nodes.length === 1) return 'One node. No other has been linked with it yet.';
  const trouble = [
    ...named(nodes, 'is gone', 'are gone', ({ condition }) => condition === 'dead'),
    ...named(nodes, 'is out of reach', 'are out of reach', ({ condition }) => condition === 'lost'),
    ...named(nodes, 'is silent', 'are silent', ({ condition }) => condition === 'suspect'),
    ...named(
      nodes,
      'is ending',
      'are ending',
      ({ isLeaving, condition }) => isLeaving && condition === 'linked',
    ),
  ];
  if (trouble.length > 0) return `${size}. ${trouble.join('. ')}.`;
  const broken = links.filter(({ condition }) => condition !== 'linked');
  if (broken.length === 0) return `${size}, all linked with each other.`;
  const [first] = broken;
  return `${size}. ${first?.from ?? ''} has no good link to ${first?.to ?? ''}${broken.length > 1 ? `, and ${String(broken.length - 1)} more` : ''}.`;
}

function named(
  nodes: readonly NodeView[],
  one: string,
  several: string,
  which: (node: NodeView) => boolean,
): string[] {
  const names = nodes.filter(which).map(({ name }) => name);
  return names.length === 0 ? [] : [`${names.join(', ')} ${names.length === 1 ? one : several}`];
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}

function durationWords(ms: number): string {
  return ms < 1_000 ? `${String(Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function bytesWords(bytes: number): string {
  if (bytes < 1_000) return `${String(bytes)} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
