import type { DocumentName } from '../store/document-name.ts';
import type { ClusterEffect } from './cluster-effect.ts';
import { Copies } from './copies.ts';
import type { NodeId, RemotePresence } from './message.ts';
import type { OutgoingLimits } from './outgoing.ts';
import type { Peer } from './peer.ts';

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
  /** People of one document whom one peer may have. */
  readonly presenceClients: number;
  /** A fetch or comparison that failed is tried again after. */
  readonly healAgainMs: number;
}

/** Everything that a node knows of its cluster. Changed by {@link step} alone. */
export interface ClusterState {
  readonly limits: ReplicationLimits;
  readonly peers: Map<NodeId, Peer>;
  /** Documents in which somebody is here. */
  readonly followed: Set<DocumentName>;
  /** People who are here. */
  readonly people: Map<DocumentName, Map<number, RemotePresence>>;
  /** What waits for other nodes' disks; null: nothing does. */
  readonly copies: Copies | null;
  draining: boolean;
  /** Numbers fetches and comparisons. */
  tasks: number;
}

/** A node that knows nobody yet. `others`: so many other nodes have to have what is acknowledged; 0: none. */
export function emptyCluster(limits: ReplicationLimits, others = 0): ClusterState {
  return {
    limits,
    peers: new Map(),
    followed: new Set(),
    people: new Map(),
    copies: others > 0 ? new Copies(others) : null,
    draining: false,
    tasks: 0,
  };
}

/** What one step works with. */
export interface Step {
  readonly state: ClusterState;
  readonly now: number;
  readonly effects: ClusterEffect[];
}

/** The peer of a link; null for a link that is not its present one. */
export function linkedPeer(state: ClusterState, link: number): Peer | null {
  for (const peer of state.peers.values())
    if (peer.linkage.state === 'linked' && peer.linkage.link === link) return peer;
  return null;
}

/** Those that are linked. */
export function linkedPeers(state: ClusterState): Peer[] {
  return [...state.peers.values()].filter(({ linkage }) => linkage.state === 'linked');
}
