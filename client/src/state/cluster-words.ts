import type { ClusterWords } from '../words/cluster/en.ts';
import type { ClusterView, LinkView, NodeView } from './cluster.ts';

/** How a node is. */
export function nodeWords(
  words: ClusterWords,
  { condition, isSelf, isLeaving, hasAnswered }: NodeView,
): string {
  if (isLeaving && condition !== 'dead') return isSelf ? words.selfEnding : words.ending;
  if (isSelf) return words.self;
  return condition === 'linked' && !hasAnswered ? words.mute : words.conditions[condition];
}

/** How far behind the other end is. */
export function lagWords(words: ClusterWords, { condition, lagUpdates, lagMs }: LinkView): string {
  if (condition !== 'linked' && condition !== 'suspect') return '–';
  if (lagUpdates === 0) return words.nothing;
  return `${words.updates(lagUpdates)}, ${durationWords(lagMs)}`;
}

/** What waits at this end. */
export function waitingWords(words: ClusterWords, { queueBytes, dirtyDocuments }: LinkView): string {
  const parts = [
    ...(queueBytes > 0 ? [bytesWords(queueBytes)] : []),
    ...(dirtyDocuments > 0 ? [words.toFetch(dirtyDocuments)] : []),
  ];
  return parts.length === 0 ? words.nothing : parts.join(', ');
}

/** The cluster in a sentence that changes only when something happens; it is announced. */
export function summaryWords(words: ClusterWords, { nodes, links }: ClusterView): string {
  if (nodes.length === 1) return words.single;
  const size = words.size(nodes.length);
  const named = (say: (names: readonly string[]) => string, which: (node: NodeView) => boolean): string[] => {
    const names = nodes.filter(which).map(({ name }) => name);
    return names.length === 0 ? [] : [say(names)];
  };
  const trouble = [
    ...named(words.areGone, ({ condition }) => condition === 'dead'),
    ...named(words.areLost, ({ condition }) => condition === 'lost'),
    ...named(words.areSilent, ({ condition }) => condition === 'suspect'),
    ...named(words.areEnding, ({ isLeaving, condition }) => isLeaving && condition === 'linked'),
  ];
  if (trouble.length > 0) return words.trouble(size, trouble);
  const [first, ...more] = links.filter(({ condition }) => condition !== 'linked');
  return first ? words.trouble(size, [words.noLink(first.from, first.to, more.length)]) : words.well(size);
}

function durationWords(ms: number): string {
  return ms < 1_000 ? `${String(Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function bytesWords(bytes: number): string {
  if (bytes < 1_000) return `${String(bytes)} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
