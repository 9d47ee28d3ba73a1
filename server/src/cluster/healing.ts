import type { DocumentName } from '../store/document-name.ts';
import type { Peer } from './peer.ts';
import type { ClusterEvent } from './cluster-event.ts';
import type { Step } from './cluster-state.ts';

/*
 * How a node finds out what it lacks, and gets it. It always fetches: nobody sends it what it has not asked for. Both
 * sides of a link do so, which makes them equal.
 */

/** Compares with this peer now, or as soon as the present comparison has ended. */
export function compareSoon(at: Step, peer: Peer): void {
  peer.comparison.wanted = true;
  compareIfDue(at, peer);
}

/** Begins a comparison if it is time. */
export function compareIfDue({ state, now, effects }: Step, peer: Peer): void {
  const { comparison } = peer;
  if (comparison.running !== null || now < comparison.notBefore) return;
  if (!comparison.wanted && now < comparison.ended + everyMs(state)) return;
  comparison.wanted = false;
  state.tasks += 1;
  comparison.running = { task: state.tasks, last: peer.received.last };
  effects.push({ kind: 'compare', node: peer.node, task: state.tasks });
}

/** Nothing is forwarded, so what a node out of reach wrote is found at others by comparing. */
function everyMs({ peers, limits }: Step['state']): number {
  for (const { linkage, leaving } of peers.values())
    if (linkage.state !== 'linked' && !leaving) return limits.compareApartMs;
  return limits.compareMs;
}

/** A comparison has ended. What had been sent when it began will be here once its documents are fetched. */
export function onCompared(at: Step, event: Extract<ClusterEvent, { kind: 'compared' }>): void {
  const { state, now } = at;
  const peer = state.peers.get(event.node);
  const running = peer?.comparison.running;
  if (peer === undefined || running?.task !== event.task) return;
  const { wanted } = peer.comparison;
  if (event.documents === null) {
    const notBefore = now + state.limits.healAgainMs;
    peer.comparison = { ended: now, wanted: true, notBefore, running: null };
    return;
  }
  peer.comparison = { ended: now, wanted, notBefore: -Infinity, running: null };
  peer.received.heal(peer.received.through + 1, running.last, event.documents);
  peer.persisting.compared(running.last, new Set(event.documents));
  peer.persistedMore = true;
  for (const document of event.documents) fetchSoon(peer, document);
}

/** The document is to be fetched, once more if it is being fetched already. */
export function fetchSoon(peer: Peer, document: DocumentName): void {
  const fetching = peer.fetching.get(document);
  if (fetching === undefined) peer.toFetch.add(document);
  else fetching.again = true;
}

/** Something failed: the next fetch waits a while. What fails meanwhile does not put it off further. */
export function fetchLater({ state, now }: Step, peer: Peer): void {
  if (peer.fetchAt <= now) peer.fetchAt = now + state.limits.healAgainMs;
}

/** Begins as many fetches as may run at once: first where people wait for it, though thousands that are closed came before. */
export function fetchNext({ state, now, effects }: Step, peer: Peer): void {
  if (peer.linkage.state !== 'linked' || now < peer.fetchAt) return;
  const places = state.limits.fetchesAtOnce - peer.fetching.size;
  if (places <= 0 || peer.toFetch.size === 0) return;
  for (const document of nextOf(peer.toFetch, state.followed, places)) {
    peer.toFetch.delete(document);
    state.tasks += 1;
    peer.fetching.set(document, { task: state.tasks, last: peer.received.last, again: false });
    effects.push({ kind: 'fetch', node: peer.node, task: state.tasks, document });
  }
}

function nextOf(
  waiting: ReadonlySet<DocumentName>,
  followed: ReadonlySet<DocumentName>,
  count: number,
): readonly DocumentName[] {
  const first = [...followed].filter((document) => waiting.has(document)).slice(0, count);
  for (const document of waiting) {
    if (first.length >= count) break;
    if (!followed.has(document)) first.push(document);
  }
  return first;
}

/** A fetch has ended. */
export function onFetched(at: Step, event: Extract<ClusterEvent, { kind: 'fetched' }>): void {
  const { document, done } = event;
  const peer = at.state.peers.get(event.node);
  const fetching = peer?.fetching.get(document);
  if (peer === undefined || fetching?.task !== event.task) return;
  peer.fetching.delete(document);
  if (!done) fetchLater(at, peer);
  else peer.persisting.fetched(document, fetching.last);
  peer.persistedMore = true;
  if (!done || fetching.again) peer.toFetch.add(document);
  else peer.received.fetched(document);
}
