import { assertNever } from '../error.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { ClusterEffect } from './cluster-effect.ts';
import type { ClusterEvent } from './cluster-event.ts';
import { type ClusterState, linkedPeer, linkedPeers, type Step } from './cluster-state.ts';
import {
  compareIfDue,
  compareSoon,
  fetchLater,
  fetchNext,
  fetchSoon,
  onCompared,
  onFetched,
} from './healing.ts';
import { die, heartbeat, onLinked, onUnlinked } from './linking.ts';
import type { Message, RemotePresence } from './message.ts';
import type { SentEntry } from './outgoing.ts';
import type { Peer } from './peer.ts';
import { dropPeople, localPresence, onPresence } from './people.ts';

const NOTHING_PERSISTED = { through: 0, ahead: [] };

/**
 * The replication core (SPEC REPL): changes `state` by one event and returns what is to be done, in order. No sockets,
 * no timers, no clock but `now` (monotonic, ms), no chance.
 */
export function step(state: ClusterState, event: ClusterEvent, now: number): ClusterEffect[] {
  const at: Step = { state, now, effects: [] };
  handle(at, event);
  for (const peer of state.peers.values()) {
    fetchNext(at, peer);
    flush(at, peer);
  }
  return at.effects;
}

function handle(at: Step, event: ClusterEvent): void {
  const { state } = at;
  switch (event.kind) {
    case 'tick':
      for (const peer of state.peers.values()) onTick(at, peer);
      return;
    case 'linked':
      return onLinked(at, event);
    case 'unlinked':
      return onUnlinked(at, event.link);
    case 'written':
      return onWritten(state, event.link);
    case 'received':
      return onReceived(at, event);
    case 'taken':
      return onTaken(state, event);
    case 'wanted':
      state.copies?.want(event.document, event.seq);
      for (const peer of linkedPeers(state))
        if (state.copies?.expects(peer.node)) peer.outgoing.mark(event.document);
      return;
    case 'closed':
      return state.copies?.forget(event.document);
    case 'persisted':
      return onPersisted(state, event);
    case 'followed':
      state.followed.add(event.document);
      for (const peer of linkedPeers(state))
        peer.outgoing.say({ kind: 'subscribe', document: event.document, digest: event.digest });
      return;
    case 'unfollowed':
      return onUnfollowed(at, event.document);
    case 'presence':
      return localPresence(at, event.document, event.entries);
    case 'deleted':
      for (const peer of linkedPeers(state)) peer.outgoing.say({ ...event, kind: 'tombstone' });
      return;
    case 'differs': {
      const peer = state.peers.get(event.node);
      if (peer?.linkage.state === 'linked') peer.outgoing.mark(event.document);
      return;
    }
    case 'fetched':
      return onFetched(at, event);
    case 'compared':
      return onCompared(at, event);
    case 'lost':
      for (const peer of linkedPeers(state)) {
        // What is on its way was asked for by somebody who had more.
        const fetching = peer.fetching.get(event.document);
        if (fetching !== undefined) fetching.last = 0;
        // What waits to be fetched already is not put off again.
        if (!peer.toFetch.has(event.document)) fetchLater(at, peer);
        fetchSoon(peer, event.document);
      }
      return;
    case 'logged':
      for (const peer of linkedPeers(state)) if (peer.follows.has(event.document)) peer.outgoing.hint(event);
      return;
    case 'drain':
      state.draining = true;
      for (const peer of linkedPeers(state)) peer.outgoing.say({ kind: 'drain' });
      return;
    default:
      assertNever(event);
  }
}

function onWritten(state: ClusterState, link: number): void {
  const linkage = linkedPeer(state, link)?.linkage;
  if (linkage?.state === 'linked') linkage.writing = false;
}

function onUnfollowed(at: Step, document: DocumentName): void {
  const { state } = at;
  state.followed.delete(document);
  for (const peer of state.peers.values()) {
    peer.people.delete(document);
    if (peer.linkage.state === 'linked') peer.outgoing.say({ kind: 'unsubscribe', document });
  }
}

function onTaken(state: ClusterState, event: Extract<ClusterEvent, { kind: 'taken' }>): void {
  const { document, update, seq } = event;
  state.copies?.taken(document, seq, update !== null);
  if (update === null) return;
  for (const peer of linkedPeers(state))
    if (peer.features.replica || peer.follows.has(document)) peer.outgoing.add(document, update, seq);
}

function onPersisted(state: ClusterState, event: Extract<ClusterEvent, { kind: 'persisted' }>): void {
  const peer = state.peers.get(event.node);
  if (peer?.incarnation !== event.incarnation) return;
  peer.persisting.written(event.first, event.last);
  peer.persistedMore = true;
}

/** A link is a stream: a batch that came before is passed over, and one that is missing ends it. */
function onReceived(at: Step, event: Extract<ClusterEvent, { kind: 'received' }>): void {
  const peer = linkedPeer(at.state, event.link);
  if (peer?.linkage.state !== 'linked' || event.batch <= peer.linkage.came) return;
  if (event.batch !== peer.linkage.came + 1) {
    at.effects.push({ kind: 'unlink', link: event.link, reason: 'gap' });
    onUnlinked(at, event.link);
    return;
  }
  peer.linkage.came = event.batch;
  peer.heardAt = at.now;
  if (peer.linkage.suspect) {
    peer.linkage.suspect = false;
    at.effects.push({ kind: 'yield', node: peer.node, yields: false });
  }
  for (const message of event.messages) onMessage(at, peer, message);
  if (peer.received.lacks) compareSoon(at, peer);
}

function onMessage(at: Step, peer: Peer, message: Message): void {
  switch (message.kind) {
    case 'updates': {
      const { document, updates, sequence: first } = message;
      if (!peer.received.add(first, updates.length)) break;
      if (peer.features.asksPersisted) peer.persisting.add(first, first + updates.length - 1, [document]);
      const { node, incarnation } = peer;
      at.effects.push({ kind: 'apply', node, incarnation, document, first, updates });
      break;
    }
    case 'resync':
      peer.received.heal(message.sequence, message.sequence, message.documents);
      if (peer.features.asksPersisted)
        peer.persisting.add(message.sequence, message.sequence, message.documents);
      for (const document of message.documents) fetchSoon(peer, document);
      break;
    case 'subscribe':
      peer.follows.add(message.document);
      peer.outgoing.touch(message.document, null);
      if (message.digest !== null)
        at.effects.push({ ...message, digest: message.digest, kind: 'check', node: peer.node });
      break;
    case 'unsubscribe':
      peer.follows.delete(message.document);
      peer.outgoing.forget(message.document);
      break;
    case 'presence':
      onPresence(at, peer, message);
      break;
    case 'acknowledgement':
      peer.acknowledged = Math.max(peer.acknowledged, Math.min(message.received, peer.outgoing.sent));
      peer.unacknowledgedSince = peer.acknowledged < peer.outgoing.sent ? at.now : null;
      for (const replicated of at.state.copies?.confirmed(peer.node, message.persisted, message.ahead) ?? [])
        at.effects.push({ kind: 'replicated', ...replicated });
      break;
    case 'tombstone':
      at.effects.push({ kind: 'delete', document: message.document, time: message.time });
      break;
    case 'heartbeat':
      peer.received.told(message.sent);
      break;
    case 'drain':
      peer.leaving = true;
      dropPeople(at, peer);
      break;
    case 'logged':
      at.effects.push(message);
      break;
    default:
      assertNever(message);
  }
}

function onTick(at: Step, peer: Peer): void {
  const { state, now, effects } = at;
  const { limits } = state;
  const silence = now - peer.heardAt;
  switch (peer.linkage.state) {
    case 'linked': {
      const { link } = peer.linkage;
      if (silence >= limits.peerDeadMs) {
        effects.push({ kind: 'unlink', link, reason: 'silent' });
        onUnlinked(at, link);
        die(at, peer);
        return;
      }
      if (silence >= limits.peerSuspectMs && !peer.linkage.suspect) {
        peer.linkage.suspect = true;
        effects.push({ kind: 'yield', node: peer.node, yields: true });
      }
      if (now >= peer.heartbeatAt) heartbeat(at, peer);
      if (hasNews(peer)) acknowledge(peer);
      compareIfDue(at, peer);
      return;
    }
    case 'lost':
      if (silence >= limits.peerDeadMs) die(at, peer);
      return;
    case 'dead':
      return;
    default:
      assertNever(peer.linkage);
  }
}

/** Whether more has come than the peer was told, or more is on disk, for a peer that asks. */
function hasNews(peer: Peer): boolean {
  return peer.received.through > peer.acknowledging || owesPersisted(peer);
}

/** Somebody at the peer may wait for this: it is told at once. */
function owesPersisted({ persistedMore, features }: Peer): boolean {
  return persistedMore && features.asksPersisted;
}

function acknowledge(peer: Peer): void {
  const { received, persisting, features } = peer;
  peer.acknowledging = received.through;
  peer.persistedMore = false;
  const { through, ahead } = features.asksPersisted ? persisting.of(received) : NOTHING_PERSISTED;
  peer.outgoing.say({ kind: 'acknowledgement', received: received.through, persisted: through, ahead });
}

/** Sends what waits, unless a batch is being written. */
function flush(at: Step, peer: Peer): void {
  const { linkage, outgoing } = peer;
  if (linkage.state !== 'linked' || linkage.writing || (outgoing.isEmpty && !owesPersisted(peer))) return;
  const before = outgoing.sent;
  if (hasNews(peer)) acknowledge(peer);
  const messages = outgoing.take({
    presenceOf: (document, clients) => peopleOf(at.state, document, clients),
    sent: (entry) => noteSent(at.state, peer, entry),
  });
  if (outgoing.sent > before) peer.unacknowledgedSince ??= at.now;
  linkage.writing = true;
  linkage.sent += 1;
  at.effects.push({ kind: 'send', link: linkage.link, batch: linkage.sent, messages });
}

/** When too much is on the way, the peer is to fetch it in place of confirming each. */
function noteSent({ copies }: ClusterState, { node, outgoing }: Peer, entry: SentEntry): void {
  if (copies === null || copies.sent(node, entry)) return;
  for (const document of copies.lackedBy(node)) outgoing.mark(document);
}

/** Those of `clients` (null: everybody) who are here; who is not, has left. */
function peopleOf(
  state: ClusterState,
  document: DocumentName,
  clients: ReadonlySet<number> | null,
): RemotePresence[] {
  const here = state.people.get(document);
  if (clients === null) return here === undefined ? [] : [...here.values()];
  return [...clients].map(
    (client) => here?.get(client) ?? { client, clock: 0, state: null, author: '', writable: false },
  );
}
