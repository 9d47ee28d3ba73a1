import type { LogPart } from '../document/journal.ts';
import type { ReplicatedUpdate } from '../document/replicated-update.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Author } from '../store/store.ts';

/** A node's lasting name, as it introduces itself. */
export type NodeId = string & { readonly brand: 'NodeId' };

/** A node's present life: 64 random bits as 16 hexadecimal digits, drawn at each start. */
export type Incarnation = string & { readonly brand: 'Incarnation' };

/** Somebody's presence on the node where that person is connected. */
export interface RemotePresence {
  readonly client: number;
  readonly clock: number;
  /** JSON; null: this person has left. */
  readonly state: string | null;
  readonly author: Author;
  /** Whether this person may change the document. */
  readonly writable: boolean;
}

/** What a node can do beyond the protocol's first version, as its greeting says. */
export interface PeerFeatures {
  /** It stores every document, and is sent every update. */
  readonly replica: boolean;
  /** It tells what it has on disk, to who asks. */
  readonly tellsPersisted: boolean;
  /** It asks to be told. */
  readonly asksPersisted: boolean;
}

/** What has come of the numbers that the receiver of this has given. */
export interface Acknowledgement {
  readonly kind: 'acknowledgement';
  /** Everything through this number has come. */
  readonly received: number;
  /** Everything through this number is on disk at the sender; 0 unless it was asked. */
  readonly persisted: number;
  /** Numbers beyond it that are on disk, too: half-open ranges, start, end, start, end, … ascending. */
  readonly ahead: readonly number[];
}

/** What nodes say to one another behind their greeting (proto/sheaf/replication/v1, `LinkMessage`). */
export type Message =
  | {
      readonly kind: 'updates';
      readonly document: DocumentName;
      /** Number of the first among all updates and resyncs of the sender's life to this receiver; from 1. */
      readonly sequence: number;
      readonly updates: readonly ReplicatedUpdate[];
    }
  | { readonly kind: 'subscribe'; readonly document: DocumentName; readonly digest: Uint8Array | null }
  | { readonly kind: 'unsubscribe'; readonly document: DocumentName }
  | {
      readonly kind: 'presence';
      readonly document: DocumentName;
      /** Whoever is not among the entries is not there. */
      readonly whole: boolean;
      readonly entries: readonly RemotePresence[];
    }
  | Acknowledgement
  /** Not everything of these documents was sent: they are to be fetched. Its number is one of the updates'. */
  | { readonly kind: 'resync'; readonly sequence: number; readonly documents: readonly DocumentName[] }
  | { readonly kind: 'tombstone'; readonly document: DocumentName; readonly time: number }
  /** The last number that was sent. */
  | { readonly kind: 'heartbeat'; readonly sent: number }
  | { readonly kind: 'drain' }
  /** The sender has written a part of the log that both share. May be left out. */
  | { readonly kind: 'logged'; readonly document: DocumentName; readonly part: LogPart };
