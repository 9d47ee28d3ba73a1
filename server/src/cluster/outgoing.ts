import type { ReplicatedUpdate } from '../document/replicated-update.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Message, RemotePresence } from './message.ts';

/** Bounds of what waits for one peer. */
export interface OutgoingLimits {
  /** Updates that wait, bytes; beyond it they are dropped, and their documents marked. */
  readonly peerQueueBytes: number;
  /** One batch, bytes of updates, and of presence. A larger update is not sent: the peer fetches its document. */
  readonly peerBatchBytes: number;
}

/** What one update, or one person's presence, takes beside its bytes, about, bytes. */
const OVERHEAD = 64;
/** So many small messages, and so many documents of a resync, go into one batch. */
const MESSAGES = 2_000;

/** What is true now of a document's people; null: of all who are here. */
export type PresenceOf = (
  document: DocumentName,
  clients: ReadonlySet<number> | null,
) => readonly RemotePresence[];

/** What went out of one document under one of the link's numbers. */
export interface SentEntry {
  readonly document: DocumentName;
  readonly link: number;
  /** The peer is to fetch the document; else it was sent updates, the last of which is the document's number `last`. */
  readonly whole: boolean;
  readonly last: number;
}

/** Whom a batch is made with. */
export interface Batching {
  readonly presenceOf: PresenceOf;
  /** Called for each thing that got a number, in order. */
  readonly sent: (entry: SentEntry) => void;
}

interface Queued {
  readonly document: DocumentName;
  readonly update: ReplicatedUpdate;
  readonly seq: number;
}

/**
 * What waits for one peer while a batch is being written. It is bounded: updates that do not fit are dropped and their
 * documents marked as dirty, so that the peer fetches what it lacks. Numbers are given when something is sent, so a
 * dropped update never had one.
 */
export class Outgoing {
  /** The last number that was given. */
  sent = 0;
  readonly #limits: OutgoingLimits;
  #control: Message[] = [];
  #hints: Message[] = [];
  #updates: Queued[] = [];
  #bytes = 0;
  readonly #dirty = new Set<DocumentName>();
  /** People whose presence is to be told; null: everybody's of that document. */
  readonly #presence = new Map<DocumentName, Set<number> | null>();

  constructor(limits: OutgoingLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    const nothing = this.#control.length + this.#hints.length + this.#updates.length === 0;
    return nothing && this.#dirty.size === 0 && this.#presence.size === 0;
  }

  /** Documents of which the peer was not sent everything, and has not been told so. */
  get dirty(): number {
    return this.#dirty.size;
  }

  /** Bytes of updates that wait, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Something small that must not be lost. */
  say(message: Message): void {
    this.#control.push(message);
  }

  /** Something small that may be lost, to be told behind the updates before it: it is dropped when too much waits. */
  hint(message: Message): void {
    if (this.#hints.length < MESSAGES) this.#hints.push(message);
  }

  /** An update, which is the document's number `seq`. */
  add(document: DocumentName, update: ReplicatedUpdate, seq: number): void {
    // The peer will fetch the document, with this in it.
    if (this.#dirty.has(document)) return;
    if (update.update.length > this.#limits.peerBatchBytes) {
      this.mark(document);
      return;
    }
    this.#updates.push({ document, update, seq });
    this.#bytes += update.update.length + OVERHEAD;
    if (this.#bytes <= this.#limits.peerQueueBytes) return;
    for (const dropped of this.#updates) this.#dirty.add(dropped.document);
    this.#updates = [];
    this.#bytes = 0;
  }

  /** The peer is to fetch this document. */
  mark(document: DocumentName): void {
    this.#dirty.add(document);
    this.#updates = this.#updates.filter((queued) => queued.document !== document);
    this.#bytes = this.#updates.reduce((sum, { update }) => sum + update.update.length + OVERHEAD, 0);
  }

  /** Somebody's presence changed; null: everybody's is to be told. */
  touch(document: DocumentName, client: number | null): void {
    if (client === null) {
      this.#presence.set(document, null);
      return;
    }
    const touched = this.#presence.get(document);
    if (touched === undefined) this.#presence.set(document, new Set([client]));
    else touched?.add(client);
  }

  /** The peer does not follow this document any more. */
  forget(document: DocumentName): void {
    this.#presence.delete(document);
  }

  /** The next batch. */
  take({ presenceOf, sent }: Batching): Message[] {
    const batch = this.#control.splice(0, MESSAGES);
    if (this.#dirty.size > 0) {
      const documents = [...this.#dirty].slice(0, MESSAGES);
      this.sent += 1;
      batch.push({ kind: 'resync', sequence: this.sent, documents });
      for (const document of documents) {
        this.#dirty.delete(document);
        sent({ document, link: this.sent, whole: true, last: 0 });
      }
    }
    this.#takeUpdates(batch, sent);
    batch.push(...this.#hints.splice(0));
    this.#takePresence(batch, presenceOf);
    return batch;
  }

  /** What does not fit goes into the next batch. */
  #takePresence(batch: Message[], presenceOf: PresenceOf): void {
    let room = this.#limits.peerBatchBytes;
    for (const [document, clients] of [...this.#presence]) {
      if (room <= 0) return;
      this.#presence.delete(document);
      const all = presenceOf(document, clients);
      const entries = all.filter(({ state }) => {
        const fits = room > 0;
        room -= (state?.length ?? 0) + OVERHEAD;
        return fits;
      });
      batch.push({ kind: 'presence', document, whole: clients === null, entries });
      for (const { client } of all.slice(entries.length)) this.touch(document, client);
    }
  }

  #takeUpdates(batch: Message[], sent: Batching['sent']): void {
    let bytes = 0;
    let taken = 0;
    let before: Queued | null = null;
    let updates: ReplicatedUpdate[] = [];
    const told: SentEntry[] = [];
    for (const queued of this.#updates) {
      if (bytes >= this.#limits.peerBatchBytes) break;
      const { document, seq: last } = queued;
      bytes += queued.update.update.length + OVERHEAD;
      taken += 1;
      this.sent += 1;
      const entry = { document, link: this.sent, whole: false, last };
      if (document === before?.document) {
        updates.push(queued.update);
        told[told.length - 1] = entry;
      } else {
        updates = [queued.update];
        told.push(entry);
        batch.push({ kind: 'updates', document, sequence: this.sent, updates });
      }
      before = queued;
    }
    if (taken === this.#updates.length) this.#updates = [];
    else this.#updates.splice(0, taken);
    this.#bytes -= bytes;
    for (const entry of told) sent(entry);
  }

  /** The link is gone: what waited is found by comparing, once there is another. */
  clear(): void {
    this.#control = [];
    this.#hints = [];
    this.#updates = [];
    this.#bytes = 0;
    this.#dirty.clear();
    this.#presence.clear();
  }
}
