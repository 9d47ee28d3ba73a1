import type { DocumentName } from '../store/document-name.ts';
import type { Incarnation, NodeId, PeerFeatures, RemotePresence } from './message.ts';
import { Outgoing, type OutgoingLimits } from './outgoing.ts';
import { Persisting } from './persisting.ts';
import { Received } from './received.ts';

/** How a peer is reached. */
export type Linkage =
  | {
      readonly state: 'linked';
      readonly link: number;
      /** Nothing was heard of it for a while. */
      suspect: boolean;
      /** A batch is being written. */
      writing: boolean;
      /** The last batch that was sent, and that came; from 1. */
      sent: number;
      came: number;
    }
  /** It had a link; its people are still shown. */
  | { readonly state: 'lost' }
  /** Nothing was heard of it for so long that its people are gone. */
  | { readonly state: 'dead' };

/** What is known of one other node. */
export interface Peer {
  readonly node: NodeId;
  incarnation: Incarnation;
  features: PeerFeatures;
  linkage: Linkage;
  heardAt: number;
  readonly outgoing: Outgoing;
  received: Received;
  /** What of that is not on disk here yet; kept if it asks. */
  persisting: Persisting;
  /** Something more is on disk than it was told. */
  persistedMore: boolean;
  /** What it was told last that we have received. */
  acknowledging: number;
  /** The last number that it has acknowledged, and when the oldest one that it has not was sent. */
  acknowledged: number;
  unacknowledgedSince: number | null;
  heartbeatAt: number;
  /** It said that it ends. */
  leaving: boolean;
  /** Documents in which it has people. */
  readonly follows: Set<DocumentName>;
  /** Its people, by document and client id. */
  readonly people: Map<DocumentName, Map<number, RemotePresence>>;
  comparison: Comparison;
  /** Documents that are to be fetched from it. */
  readonly toFetch: Set<DocumentName>;
  /** Those that are being fetched. */
  readonly fetching: Map<DocumentName, Fetching>;
  /** No fetch begins before. */
  fetchAt: number;
}

/** A document that is being fetched. */
export interface Fetching {
  readonly task: number;
  /** The last number that the peer had used when it began: the answer holds all of these. */
  readonly last: number;
  /** It is to be fetched once more then. */
  again: boolean;
}

/** Comparing what both hold. */
export interface Comparison {
  /** When the last one ended. */
  readonly ended: number;
  /** Another one is needed, not before `notBefore`. */
  wanted: boolean;
  readonly notBefore: number;
  /** The present one, and the last number that the peer had used when it began. */
  running: { readonly task: number; readonly last: number } | null;
}

/** A peer that has just introduced itself for the first time. */
export function makePeer(node: NodeId, incarnation: Incarnation, limits: OutgoingLimits): Peer {
  return {
    node,
    incarnation,
    features: { replica: false, tellsPersisted: false, asksPersisted: false },
    linkage: { state: 'lost' },
    heardAt: 0,
    outgoing: new Outgoing(limits),
    received: new Received(),
    persisting: new Persisting(),
    persistedMore: false,
    acknowledging: 0,
    acknowledged: 0,
    unacknowledgedSince: null,
    heartbeatAt: 0,
    leaving: false,
    follows: new Set(),
    people: new Map(),
    comparison: noComparison(),
    toFetch: new Set(),
    fetching: new Map(),
    fetchAt: 0,
  };
}

/** Nothing was compared on this link. */
export function noComparison(): Comparison {
  return { ended: -Infinity, wanted: false, notBefore: -Infinity, running: null };
}
