import type { LogPart } from '../document/journal.ts';
import type { ReplicatedUpdate } from '../document/replicated-update.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Incarnation, Message, NodeId, PeerFeatures, RemotePresence } from './message.ts';

/** What happens to a node. */
export type ClusterEvent =
  | { readonly kind: 'tick' }
  /** A peer and we have greeted each other. */
  | {
      readonly kind: 'linked';
      readonly link: number;
      readonly node: NodeId;
      readonly incarnation: Incarnation;
      readonly features: PeerFeatures;
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
  /** A document has taken its update number `seq`: of somebody here, or (null) of another node. */
  | {
      readonly kind: 'taken';
      readonly document: DocumentName;
      readonly seq: number;
      readonly update: ReplicatedUpdate | null;
    }
  /** Somebody here waits for all of a document through its number `seq` to be on other nodes, whoever wrote it. */
  | { readonly kind: 'wanted'; readonly document: DocumentName; readonly seq: number }
  /** A document has left memory: its numbers mean nothing any more. */
  | { readonly kind: 'closed'; readonly document: DocumentName }
  /** What an `apply` brought is on disk. */
  | {
      readonly kind: 'persisted';
      readonly node: NodeId;
      readonly incarnation: Incarnation;
      readonly first: number;
      readonly last: number;
    }
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
  /** What a `fetch` brought was taken and is on disk, or it failed. */
  | {
      readonly kind: 'fetched';
      readonly node: NodeId;
      readonly task: number;
      readonly document: DocumentName;
      readonly done: boolean;
    }
  /** Documents of which the peer holds something that is not on disk here; null: the comparison failed. */
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
