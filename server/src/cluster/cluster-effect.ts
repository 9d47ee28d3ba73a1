import type { LogPart } from '../document/journal.ts';
import type { ReplicatedUpdate } from '../document/replicated-update.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Incarnation, Message, NodeId, RemotePresence } from './message.ts';

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
  /** Take a peer's updates, whose numbers begin at `first`; say `persisted` when all of them are on disk. */
  | {
      readonly kind: 'apply';
      readonly node: NodeId;
      readonly incarnation: Incarnation;
      readonly document: DocumentName;
      readonly first: number;
      readonly updates: readonly ReplicatedUpdate[];
    }
  /** The document's numbers through this one are on the disks of enough other nodes. */
  | { readonly kind: 'replicated'; readonly document: DocumentName; readonly through: number }
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
  /** Fetch what is lacking of a document, take it, and say `fetched` when it is on disk. */
  | { readonly kind: 'fetch'; readonly node: NodeId; readonly task: number; readonly document: DocumentName }
  /** Find out what the peer holds that is not on disk here, and say `compared`. */
  | { readonly kind: 'compare'; readonly node: NodeId; readonly task: number };
