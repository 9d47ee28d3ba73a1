import type { ClusterEvent } from './cluster-event.ts';
import { linkedPeer, type Step } from './cluster-state.ts';
import { compareSoon } from './healing.ts';
import { makePeer, noComparison, type Peer } from './peer.ts';
import { dropPeople } from './people.ts';
import { Persisting } from './persisting.ts';
import { Received } from './received.ts';

/** A peer and we have greeted each other. */
export function onLinked(at: Step, event: Extract<ClusterEvent, { kind: 'linked' }>): void {
  const { state, now, effects } = at;
  const known = state.peers.get(event.node);
  const peer = known ?? makePeer(event.node, event.incarnation, state.limits);
  const anew = known?.incarnation !== event.incarnation;
  state.peers.set(event.node, peer);
  if (peer.linkage.state === 'linked')
    effects.push({ kind: 'unlink', link: peer.linkage.link, reason: 'replaced' });
  forgetLink(peer);
  if (peer.incarnation !== event.incarnation) {
    // Another life: it has none of the numbers of the one before, and none of its people.
    dropPeople(at, peer);
    peer.incarnation = event.incarnation;
    peer.received = new Received();
    peer.persisting = new Persisting();
    peer.outgoing.sent = 0;
    peer.acknowledged = 0;
  }
  peer.features = event.features;
  peer.leaving = false;
  peer.linkage = { state: 'linked', link: event.link, suspect: false, writing: false, sent: 0, came: 0 };
  peer.heardAt = now;
  peer.acknowledging = 0;
  peer.unacknowledgedSince = null;
  effects.push({ kind: 'yield', node: peer.node, yields: false });
  heartbeat(at, peer);
  for (const document of state.followed) peer.outgoing.say({ kind: 'subscribe', document, digest: null });
  if (state.draining) peer.outgoing.say({ kind: 'drain' });
  if (state.copies !== null && peer.features.replica && peer.features.tellsPersisted)
    for (const document of state.copies.linked(peer.node, anew)) peer.outgoing.mark(document);
  compareSoon(at, peer);
}

/** Whatever was under way on a link is not any more. */
function forgetLink(peer: Peer): void {
  peer.outgoing.clear();
  peer.follows.clear();
  peer.received.interrupt();
  peer.toFetch.clear();
  peer.fetching.clear();
  peer.fetchAt = 0;
  peer.comparison = noComparison();
}

/** A link is gone. Nothing happens for one that is not its peer's present one. */
export function onUnlinked(at: Step, link: number): void {
  const peer = linkedPeer(at.state, link);
  if (peer === null) return;
  forgetLink(peer);
  at.state.copies?.unlinked(peer.node);
  peer.linkage = { state: 'lost' };
  at.effects.push({ kind: 'yield', node: peer.node, yields: true });
}

/** Nothing was heard of a peer for so long that its people are gone. */
export function die(at: Step, peer: Peer): void {
  dropPeople(at, peer);
  peer.linkage = { state: 'dead' };
}

/** Tells a peer that we live. */
export function heartbeat({ now, state }: Step, peer: Peer): void {
  peer.heartbeatAt = now + state.limits.peerHeartbeatMs;
  peer.outgoing.say({ kind: 'heartbeat', sent: peer.outgoing.sent });
}
