import { randomUUID } from 'node:crypto';
import { writeInitialContent } from '@sheaf/schema/content';
import * as Y from 'yjs';
import { NICENESS } from '../background-thread.ts';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { DocumentName } from '../store/document-name.ts';
import { decodeEntries } from '../store/entries.ts';
import type { Author, Snapshot, Store, StoredDocument } from '../store/store.ts';
import type { Owners } from './arrivals.ts';
import { type Append, Committer } from './committer.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import type { DocumentContext } from './document-context.ts';
import { Document, type DocumentHost } from './document.ts';
import { DocumentState } from './document-state.ts';
import { eventLoopLoad } from './event-loop-load.ts';
import { type LogPart, LoneJournal } from './journal.ts';
import { readStateVector } from './knowledge.ts';
import { ReplicaLink } from './replica-link.ts';
import { makeReplica } from './replica.ts';
import { Replicas, type TaskRunner } from './replicas.ts';
import { SendTurns } from './send-turns.ts';
import type { Relay } from './relay.ts';
import type { ReplicatedUpdate } from './replicated-update.ts';
import type { Session } from './session.ts';
import { SharedDocuments } from './shared-documents.ts';
import type { Subscriber } from './subscriber.ts';
import { Upkeep, type UpkeepContext } from './upkeep.ts';

/** What the documents of a server are made of. */
export interface DocumentsOptions {
  readonly store: Store;
  readonly limits: Limits;
  /** What nobody waits for and yet must not be swallowed: a failed compaction, say. */
  readonly report: (words: string, error: SheafError) => void;
  /** Wall clock, ms since 1970. */
  readonly time?: () => number;
  /** Monotonic clock, ms. */
  readonly now?: () => number;
  /** How busy the event loop was lately, 0 to 1. */
  readonly load?: () => number;
  /** Whether other servers write the same store, which must be one that can be shared. */
  readonly shared?: boolean;
  /** Makes who works on real Y.Docs, and stands back so far: worker threads unless told. */
  readonly runner?: (niceness: number) => TaskRunner;
  /** Passes on what is taken to other servers. */
  readonly relay?: Relay | undefined;
}

const NO_OWNERS: Owners = new Map();

interface Kept {
  readonly document: Document;
  readonly upkeep: Upkeep;
}

/** The hot documents of one server: opened when somebody comes, gone when nobody is there. */
export class Documents implements DocumentHost {
  readonly #store: Store;
  readonly #limits: Limits;
  readonly #committer: Committer;
  readonly #replicas: TaskRunner;
  readonly #compactor: TaskRunner;
  readonly #context: DocumentContext;
  readonly #upkeep: UpkeepContext;
  /** null: nobody else writes the log. */
  readonly shared: SharedDocuments | null;
  readonly #hot = new Map<DocumentName, Promise<Kept>>();
  readonly #kept = new Map<Document, Kept>();
  readonly #named = new Map<DocumentName, Document>();
  /** Deletions that are under way: none of these documents opens meanwhile. */
  readonly #deletions = new Map<DocumentName, Promise<void>>();
  #draining = false;
  /** How often a document left memory that was not on disk as it was. */
  #losses = 0;

  constructor(options: DocumentsOptions) {
    const { store, limits, report, time = Date.now, now = () => performance.now() } = options;
    const { runner = (niceness) => new Replicas(niceness), load = eventLoopLoad() } = options;
    this.#store = store;
    this.#limits = limits;
    this.#replicas = runner(NICENESS.awaited);
    this.#compactor = runner(NICENESS.background);
    const log = options.shared === true ? (store.shared?.log ?? null) : null;
    this.shared = log === null ? null : new SharedDocuments({ store, log, limits, now, report });
    const append: Append = async (batches) => {
      if (log !== null) return log.append(batches);
      await store.log.append(batches);
      return batches.map(({ first }) => first);
    };
    this.#committer = new Committer(append, limits, now);
    this.#context = {
      limits,
      committer: this.#committer,
      replicas: this.#replicas,
      time,
      now,
      load,
      openings: new ConcurrencyLimit(limits.openings),
      turns: new SendTurns(limits.turnMs, now),
      counters: { updates: 0, slow: 0, deliveries: 0, flushes: 0 },
      relay: options.relay ?? null,
      shared: log !== null,
    };
    this.#upkeep = {
      limits,
      store,
      compactor: this.#compactor,
      compactions: new ConcurrencyLimit(1),
      compactShared: log === null ? null : (document) => this.#compactShared(document),
      now,
      load,
      evict: (document) => this.#evict(document),
      report,
    };
  }

  /**
   * Begins a subscriber's stay in a document, which is opened if need be. Errors: `deleted`, `corrupt`,
   * `storage-unavailable`, `draining`.
   */
  async join(name: DocumentName, subscriber: Subscriber): Promise<Session> {
    for (;;) {
      const isNew = !this.#hot.has(name);
      const { document } = await this.#open(name);
      // What others wrote while nobody was here has not come.
      if (!isNew && document.sessions === 0) await this.shared?.catchUp(name);
      if (!document.closed) return document.join(subscriber);
    }
  }

  /**
   * Changes a document on the server: `change` gets a Y.Doc of it; resolves when its change is durable. Made
   * for small documents, for it runs on the main thread: `too-large` above the limit `editBytes`.
   */
  async edit(name: DocumentName, author: Author, change: (doc: Y.Doc) => void): Promise<void> {
    let { document } = await this.#open(name);
    while (document.closed) ({ document } = await this.#open(name));
    if (document.state.bytes > this.#limits.editBytes)
      throw new SheafError(
        'too-large',
        `A document over ${this.#limits.editBytes} bytes is not edited here.`,
      );
    const doc = makeReplica(document.state.updates());
    const changes: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => changes.push(update));
    doc.transact(() => change(doc));
    if (changes.length === 0) return;
    document.edit(Y.mergeUpdates(changes), author);
    const seq = document.state.received;
    await document.whenDurable(seq);
    await document.whenReplicated(seq, this.#limits.copiesAnswerMs);
  }

  /** Makes a document of the editor with an empty title line; false if there is one of that name already. */
  async create(name: DocumentName): Promise<boolean> {
    if (!(await this.#store.catalogue.create(name, this.#context.time()))) return false;
    await this.edit(name, '', writeInitialContent);
    return true;
  }

  /** The document if it is in memory. */
  inMemory(name: DocumentName): Document | null {
    return this.#named.get(name) ?? null;
  }

  /** Compacts a document now. Errors: those of {@link join}, `not-found`, and `stale` when another has compacted it. */
  async compact(name: DocumentName): Promise<void> {
    if ((await this.#store.catalogue.get(name)) === null && !this.#hot.has(name))
      throw new SheafError('not-found', 'There is no document of that name.');
    await (await this.#open(name)).upkeep.compactNow();
  }

  /** Takes what another server has taken, `owners`: whose the clients in it are; resolves when it is on disk. Errors: those of {@link join}. */
  async replicate(
    name: DocumentName,
    updates: readonly ReplicatedUpdate[],
    owners: Owners = NO_OWNERS,
  ): Promise<void> {
    // Whoever opens it reads it in the log.
    if (this.shared !== null && !this.#hot.has(name)) return;
    let { document } = await this.#open(name);
    while (document.closed) ({ document } = await this.#open(name));
    if (updates.length > 0) await document.replicate(updates, owners);
  }

  /** Whose the Yjs clients of a document are. Errors: those of {@link read}. */
  async owners(name: DocumentName): Promise<StoredDocument['owners']> {
    // Owners come to the disk with their first updates.
    return (await this.logged(name))?.owners ?? [];
  }

  /** A document as the log has it, with all that is here; null if nothing was ever written. Errors: those of {@link read}. */
  async logged(name: DocumentName): Promise<StoredDocument | null> {
    const hot = this.#named.get(name);
    await hot?.whenDurable(hot.state.received);
    return this.#store.log.load(name);
  }

  /** Another server has written a part of a log: told behind what it sent before. */
  async told(name: DocumentName, part: LogPart): Promise<void> {
    await this.#hot.get(name)?.catch(() => {});
    this.shared?.told(name, part);
  }

  /**
   * Does something that looks at what is here; resolves when everything that it can have seen of this document (of all,
   * unless told) is on disk. Throws `storage-unavailable` when that was lost meanwhile, and what the task throws.
   */
  async onDisk<T>(task: () => Promise<T>, name?: DocumentName): Promise<T> {
    const losses = this.#losses;
    const result = await task();
    const seen = [...this.#kept.keys()].filter((document) => document.name === (name ?? document.name));
    await Promise.allSettled(seen.map((document) => document.whenDurable(document.state.received)));
    if (losses !== this.#losses)
      throw new SheafError('storage-unavailable', 'What was in memory alone is lost.');
    return result;
  }

  /**
   * A document's state, which is not kept in memory for it, and not to be changed; null if nothing was ever written.
   * Errors: `deleted`, `corrupt`, `storage-unavailable`.
   */
  async read(name: DocumentName): Promise<DocumentState | null> {
    const hot = await this.#hot.get(name)?.catch(() => null);
    if (hot && !hot.document.closed) return hot.document.state;
    const stored = await this.#store.log.load(name);
    return stored === null ? null : this.#stateOf(name, stored);
  }

  /** Updates that together bring all of a state, as {@link read} gave it, to somebody with this state vector. */
  async missing(state: DocumentState, stateVector: Uint8Array): Promise<Uint8Array[]> {
    const opening = state.opening(stateVector);
    if (opening.kind === 'bytes')
      return [opening.snapshot, opening.stepTwo].filter((update) => update !== null);
    const ask = { updates: state.updates(), stateVector };
    return [await this.#context.openings.run(() => this.#replicas.run('diff', ask))];
  }

  /**
   * Deletes a document for good: everybody's stay in it ends, also when the disk does not take that. `elsewhere`:
   * another server did so, at this time (ms since 1970).
   */
  delete(name: DocumentName, elsewhere?: number): Promise<void> {
    const underWay = this.#deletions.get(name);
    if (underWay !== undefined) return underWay;
    const time = elsewhere ?? this.#context.time();
    const deletion = this.#delete(name, this.#hot.get(name), time).finally(() =>
      this.#deletions.delete(name),
    );
    this.#deletions.set(name, deletion);
    return elsewhere === undefined ? deletion.then(() => this.#context.relay?.deleted(name, time)) : deletion;
  }

  async #delete(name: DocumentName, opened: Promise<Kept> | undefined, time: number): Promise<void> {
    const hot = await opened?.catch(() => null);
    // Behind the tombstone nothing of it may come to the log.
    hot?.document.seal();
    try {
      await this.#store.catalogue.delete(name, time);
      // Closed first, for what leaves memory is closed with a reason of its own.
      hot?.document.close('deleted', 'The document was deleted.');
    } catch (thrown) {
      hot?.document.close('storage-unavailable', 'The document could not be deleted.');
      throw thrown;
    } finally {
      if (hot) this.#evict(hot.document);
    }
  }

  /** Figures for /metrics. */
  metrics(): Record<string, number> {
    const { updates, slow, deliveries, flushes } = this.#context.counters;
    return {
      sheaf_documents_hot: this.#hot.size,
      sheaf_updates_total: updates,
      sheaf_updates_slow_total: slow,
      sheaf_flushes_total: flushes,
      sheaf_deliveries_total: deliveries,
      sheaf_replica_tasks_total: this.#replicas.tasks,
      sheaf_compactions_total: this.#compactor.tasks,
    };
  }

  /** Ends everybody's stay, writes what was received, and closes. Opens nothing any more. */
  async close(): Promise<void> {
    this.#draining = true;
    // What came before this is acknowledged; what still comes, clients bring again.
    const kept = [...this.#kept.values()];
    this.shared?.takeOver(0);
    await Promise.allSettled(kept.map(({ document }) => document.whenDurable(document.state.received)));
    await Promise.all(kept.map(({ document }) => document.whenSettled(this.#limits.copiesLateMs)));
    for (const { document, upkeep } of this.#kept.values()) {
      upkeep.stop();
      document.dismiss('draining', 'The server is restarting.');
    }
    await this.#committer.settled();
    for (const { document } of this.#kept.values()) document.close('draining', 'The server is restarting.');
    this.#hot.clear();
    this.#kept.clear();
    this.#named.clear();
    await Promise.all([this.#replicas.close(), this.#compactor.close()]);
  }

  changed(document: Document): void {
    this.#kept.get(document)?.upkeep.look();
    this.shared?.changed(document);
  }

  failed(document: Document, error: SheafError): void {
    this.#upkeep.report(`commit of ${document.name}`, error);
    this.#context.relay?.lost(document.name);
    this.#evict(document);
  }

  #evict(document: Document): void {
    const kept = this.#kept.get(document);
    // One that has gone already: another may have been opened under its name.
    if (kept === undefined) return;
    kept.upkeep.stop();
    this.shared?.remove(document);
    if (document.durable < document.state.received) this.#losses += 1;
    this.#kept.delete(document);
    this.#named.delete(document.name);
    this.#hot.delete(document.name);
    if (!document.closed) document.close('internal', 'The document has left memory.');
    this.#context.relay?.closed(document.name);
  }

  #open(name: DocumentName): Promise<Kept> {
    const hot = this.#hot.get(name);
    if (hot !== undefined) return hot;
    const opening = this.#load(name).catch((thrown: unknown) => {
      if (this.#hot.get(name) === opening) this.#hot.delete(name);
      throw SheafError.from(thrown, 'storage-unavailable');
    });
    this.#hot.set(name, opening);
    return opening;
  }

  async #load(name: DocumentName): Promise<Kept> {
    // Whether it was deleted or not, the log says.
    await this.#deletions.get(name)?.catch(() => {});
    if (this.#draining) throw new SheafError('draining', 'The server is restarting.');
    if (!this.#store.healthy())
      throw new SheafError('storage-unavailable', 'The disk does not take writes at the moment.');
    const stored = await this.#store.log.load(name);
    const state = stored === null ? new DocumentState(null) : await this.#stateOf(name, stored);
    // It closed what was open while this was read.
    if (this.#draining) throw new SheafError('draining', 'The server is restarting.');
    const link = new ReplicaLink(randomUUID(), state, this.#replicas);
    const shared = this.shared?.journal(state) ?? null;
    const journal = shared ?? new LoneJournal(state.received);
    const document = new Document({ name, state, link, journal, context: this.#context, host: this });
    if (shared !== null) this.shared?.add(document, shared);
    const kept = { document, upkeep: new Upkeep(document, this.#upkeep) };
    this.#kept.set(document, kept);
    this.#named.set(name, document);
    if (stored?.pending) document.restore(decodeEntries(stored.pending));
    kept.upkeep.look();
    return kept;
  }

  /** A stored document's state. A long tail, or one that can't be judged, is compacted by a worker first. */
  async #stateOf(name: DocumentName, stored: StoredDocument): Promise<DocumentState> {
    const tailBytes = stored.tail.reduce((sum, packed) => sum + packed.length, 0);
    const state = tailBytes <= this.#limits.judgeBytes ? DocumentState.fromStored(stored) : null;
    return state ?? new DocumentState(await this.#compactStored(name, stored));
  }

  /**
   * A snapshot of all that the log holds, when that is all here; null: it is not, or nothing was ever written. Every server
   * makes its own, for its memory, and one of them puts it.
   */
  async #compactShared(document: Document): Promise<Snapshot | null> {
    const stored = await this.#store.log.load(document.name);
    if (stored === null) return null;
    const snapshot = await this.#compactStored(document.name, stored);
    await this.shared?.catchUp(document.name);
    const { knowledge } = document.state;
    return knowledge.includes(readStateVector(snapshot.stateVector, Infinity)) ? snapshot : null;
  }

  async #compactStored(name: DocumentName, stored: StoredDocument): Promise<Snapshot> {
    const base = stored.snapshot?.through ?? 0;
    const count = stored.tail.reduce((sum, packed) => sum + decodeEntries(packed).length, 0);
    const snapshot = await this.#compactor.run('compact', {
      updates: stored.snapshot === null ? [] : [stored.snapshot.update],
      tail: stored.tail,
      through: base + count,
      judged: null,
      limits: this.#limits,
    });
    // Another server may have put one since this was read: it holds the same.
    await this.#store.log.compact({ document: name, base, snapshot }).catch((thrown: unknown) => {
      if (this.shared === null || SheafError.from(thrown).code !== 'stale') throw thrown;
    });
    return snapshot;
  }
}
