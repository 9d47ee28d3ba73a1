import type { ReplicatedUpdate } from '../document/documents.ts';
import type { LogPart } from '../document/journal.ts';
import { assertNever } from '../error.ts';
import type { DocumentName } from '../store/document-name.ts';
import { compareIfDue, compareSoon, fetchNext, fetchSoon, onCompared, onFetched } from './healing.ts';
import type { Incarnation, Message, NodeId, RemotePresence } from './message.ts';
import type { OutgoingLimits } from './outgoing.ts';
import { makePeer, noComparison, type Peer } from './peer.ts';
import { Received } from './received.ts';
import { dropPeople, localPresence, onPresence } from './people.ts';

/** Times of the replication core, ms, and its bounds. */
export interface ReplicationLimits extends OutgoingLimits {
  /** A peer hears of us at least this often. */
  readonly peerHeartbeatMs: number;
  /** A peer that was not heard of for so long is suspect: another may take its place. */
  readonly peerSuspectMs: number;
  /** A peer that was not heard of for so long is dead: its link is cut, and its people are gone. */
  readonly peerDeadMs: number;
  /** What is held is compared with each peer this often, */
  readonly compareMs: number;
  /** and this often while a node that we know is out of reach, for others may have what it wrote. */
  readonly compareApartMs: number;
  /** Documents that are fetched from one peer at once. */
  readonly fetchesAtOnce: number;
  /** A fetch or comparison that failed is tried again after. */
  readonly healAgainMs: number;
}

/** What happens to a node. */
export type ClusterEvent =
  | { readonly kind: 'tick' }
  /** A peer and we have greeted each other. */
  | {
      readonly kind: 'linked';
      readonly link: number;
      readonly node: NodeId;
      readonly incarnation: Incarnation;
      readonly replica: boolean;
    }
  | { readonly kind: 'unlinked'; readonly link: number }
  /** The network has taken the last batch. */
  | { readonly kind: 'written'; readonly link: number }
  /** A batch came; its number counts from 1 on each link. */
  | {
      readonly kind: 'received';
      readonly link: number;
      readonly batch: number;
      readonly messages: readonly Message[];
    }
  /** Somebody here has written. */
  | { readonly kind: 'taken'; readonly document: DocumentName; readonly update: ReplicatedUpdate }
  /** Somebody here has opened a document that nobody here had open; `digest` of what is here, null if unknown. */
  | { readonly kind: 'followed'; readonly document: DocumentName; readonly digest: Uint8Array | null }
  | { readonly kind: 'unfollowed'; readonly document: DocumentName }
  /** Presence of people here changed. */
  | {
      readonly kind: 'presence';
      readonly document: DocumentName;
      readonly entries: readonly RemotePresence[];
    }
  | { readonly kind: 'deleted'; readonly document: DocumentName; readonly time: number }
  /** A peer told what it holds of a document (see the effect `check`), and it is not what is here. */
  | { readonly kind: 'differs'; readonly node: NodeId; readonly document: DocumentName }
  /** What a `fetch` brought was taken, or it failed. */
  | {
      readonly kind: 'fetched';
      readonly node: NodeId;
      readonly task: number;
      readonly document: DocumentName;
      readonly done: boolean;
    }
  /** Documents of which the peer holds something that is not here; null: the comparison failed. */
  | {
      readonly kind: 'compared';
      readonly node: NodeId;
      readonly task: number;
      readonly documents: readonly DocumentName[] | null;
    }
  /** What was taken of a document is not here any more: it is fetched again. */
  | { readonly kind: 'lost'; readonly document: DocumentName }
  | { readonly kind: 'drain' }
  /** A part of the log that nodes share was written here. */
  | { readonly kind: 'logged'; readonly document: DocumentName; readonly part: LogPart };

/** What a node is to do. */
export type ClusterEffect =
  /** Write a batch; nothing more until `written`. */
  | {
      readonly kind: 'send';
      readonly link: number;
      readonly batch: number;
      readonly messages: readonly Message[];
    }
  | { readonly kind: 'unlink'; readonly link: number; readonly reason: 'silent' | 'replaced' | 'gap' }
  | {
      readonly kind: 'apply';
      readonly document: DocumentName;
      readonly updates: readonly ReplicatedUpdate[];
    }
  | { readonly kind: 'delete'; readonly document: DocumentName; readonly time: number }
  /** A peer has written this part of the log. */
  | { readonly kind: 'logged'; readonly document: DocumentName; readonly part: LogPart }
  /** Show somebody who is at another node, or (state null) no more. */
  | {
      readonly kind: 'show';
      readonly node: NodeId;
      readonly document: DocumentName;
      readonly presence: RemotePresence;
    }
  /** What the node's people are called may be theirs no more: whoever announces their id takes it over. */
  | { readonly kind: 'yield'; readonly node: NodeId; readonly yields: boolean }
  /** Say `differs` if this digest is not that of what is here. */
  | {
      readonly kind: 'check';
      readonly node: NodeId;
      readonly document: DocumentName;
      readonly digest: Uint8Array;
    }
  /** Fetch what is lacking of a document, take it, and say `fetched`. */
  | { readonly kind: 'fetch'; readonly node: NodeId; readonly task: number; readonly document: DocumentName }
  /** Find out what the peer holds that is not here, and say `compared`. */
  | { readonly kind: 'compare'; readonly node: NodeId; readonly task: number };

/** Everything that a node knows of its cluster. Changed by {@link step} alone. */
export interface ClusterState {
  readonly limits: ReplicationLimits;
  readonly peers: Map<NodeId, Peer>;
  /** Documents in which somebody is here. */
  readonly followed: Set<DocumentName>;
  /** People who are here. */
  readonly people: Map<DocumentName, Map<number, RemotePresence>>;
  draining: boolean;
  /** Numbers fetches and comparisons. */
  tasks: number;
}

/** A node that knows nobody yet. */
export function emptyCluster(limits: ReplicationLimits): ClusterState {
  return { limits, peers: new Map(), followed: new Set(), people: new Map(), draining: false, tasks: 0 };
}

/** What one step works with. */
export interface Step {
  readonly state: ClusterState;
  readonly now: number;
  readonly effects: ClusterEffect[];
}

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
      for (const peer of linkedPeers(state))
        if (peer.replica || peer.follows.has(event.document)) peer.outgoing.add(event.document, event.update);
      return;
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
        fetchSoon(peer, event.document);
        peer.fetchAt = at.now + state.limits.healAgainMs;
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

function onLinked(at: Step, event: Extract<ClusterEvent, { kind: 'linked' }>): void {
  const { state, now, effects } = at;
  const peer = state.peers.get(event.node) ?? makePeer(event.node, event.incarnation, state.limits);
  state.peers.set(event.node, peer);
  if (peer.linkage.state === 'linked')
    effects.push({ kind: 'unlink', link: peer.linkage.link, reason: 'replaced' });
  forgetLink(peer);
  if (peer.incarnation !== event.incarnation) {
    // Another life: it has none of the numbers of the one before, and none of its people.
    dropPeople(at, peer);
    peer.incarnation = event.incarnation;
    peer.received = new Received();
    peer.outgoing.sent = 0;
    peer.acknowledged = 0;
  }
  peer.replica = event.replica;
  peer.leaving = false;
  peer.linkage = { state: 'linked', link: event.link, suspect: false, writing: false, sent: 0, came: 0 };
  peer.heardAt = now;
  peer.acknowledging = 0;
  peer.unacknowledgedSince = null;
  effects.push({ kind: 'yield', node: peer.node, yields: false });
  heartbeat(at, peer);
  for (const document of state.followed) peer.outgoing.say({ kind: 'subscribe', document, digest: null });
  if (state.draining) peer.outgoing.say({ kind: 'drain' });
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

function onUnlinked(at: Step, link: number): void {
  const peer = linkedPeer(at.state, link);
  if (peer === null) return;
  forgetLink(peer);
  peer.linkage = { state: 'lost' };
  at.effects.push({ kind: 'yield', node: peer.node, yields: true });
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
      const { document, updates } = message;
      if (peer.received.add(message.sequence, updates.length))
        at.effects.push({ kind: 'apply', document, updates });
      break;
    }
    case 'resync':
      peer.received.heal(message.sequence, message.sequence, message.documents);
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
      if (peer.received.through > peer.acknowledging) acknowledge(peer);
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

function die(at: Step, peer: Peer): void {
  dropPeople(at, peer);
  peer.linkage = { state: 'dead' };
}

function heartbeat({ now, state }: Step, peer: Peer): void {
  peer.heartbeatAt = now + state.limits.peerHeartbeatMs;
  peer.outgoing.say({ kind: 'heartbeat', sent: peer.outgoing.sent });
}

function acknowledge(peer: Peer): void {
  peer.acknowledging = peer.received.through;
  peer.outgoing.say({ kind: 'acknowledgement', received: peer.acknowledging });
}

/** Sends what waits, unless a batch is being written. */
function flush(at: Step, peer: Peer): void {
  const { linkage, outgoing } = peer;
  if (linkage.state !== 'linked' || linkage.writing || outgoing.isEmpty) return;
  const before = outgoing.sent;
  if (peer.received.through > peer.acknowledging) acknowledge(peer);
  const messages = outgoing.take((document, clients) => peopleOf(at.state, document, clients));
  if (outgoing.sent > before) peer.unacknowledgedSince ??= at.now;
  linkage.writing = true;
  linkage.sent += 1;
  at.effects.push({ kind: 'send', link: linkage.link, batch: linkage.sent, messages });
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

/** The peer of a link; null for a link that is not its present one. */
function linkedPeer(state: ClusterState, link: number): Peer | null {
  for (const peer of state.peers.values())
    if (peer.linkage.state === 'linked' && peer.linkage.link === link) return peer;
  return null;
}

function linkedPeers(state: ClusterState): Peer[] {
  return [...state.peers.values()].filter(({ linkage }) => linkage.state === 'linked');
}
