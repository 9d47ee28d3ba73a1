import type { ReplicatedUpdate } from '../document/documents.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Message, NodeId, RemotePresence } from './message.ts';

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
