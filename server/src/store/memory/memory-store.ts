import { SheafError } from '../../error.ts';
import type { DocumentName } from '../document-name.ts';
import { cutRows, hashEntries, moveBelow } from '../segments.ts';
import { STORE_LIMITS } from '../store-limits.ts';
import type { StoreLimits } from '../store-limits.ts';
import type {
  Catalogue,
  CatalogueEntry,
  Compaction,
  HistorySegment,
  LogBatch,
  Snapshot,
  Store,
  StoredDocument,
  UpdateLog,
} from '../store.ts';
import {
  applyBatch,
  type Contents,
  findOrMake,
  type MemoryDocument,
  refuseDeleted,
  refuseUnfit,
} from './contents.ts';
import { MemoryDisk } from './memory-disk.ts';
import { MemoryMembership } from './membership.ts';
import { MemorySharedLog } from './shared-log.ts';

/** A store that forgets everything when it closes, with a disk that tests can fail, stop and hold up. */
export interface MemoryStore extends Store {
  /** The next append rejects, and so does what is in flight behind it; then the disk is stopped, until `resume`. */
  failNextAppend(): void;
  /** The disk is gone: what is in flight rejects, `healthy` is false, and writes reject at once. */
  stop(): void;
  /** The disk is back. */
  resume(): void;
  /** The disk is slow: appends wait. */
  hold(): void;
  /** Appends that waited since {@link MemoryStore.hold} go on, in order. */
  release(): void;
}

export interface MemoryStoreOptions {
  readonly limits?: Partial<StoreLimits> | undefined;
  /** ms since 1970; the system's clock unless given. */
  readonly now?: (() => number) | undefined;
}

/** An empty store in memory: for tests, demos and `serve --memory`. */
export function openMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const limits = { ...STORE_LIMITS, ...options.limits };
  const documents = new Map<DocumentName, MemoryDocument>();
  const tombstones = new Map<DocumentName, number>();
  const disk = new MemoryDisk();
  const contents: Contents = { documents, tombstones, limits, now: options.now ?? Date.now };
  return {
    log: new MemoryLog(contents, disk),
    catalogue: new MemoryCatalogue(contents, disk),
    shared: { log: new MemorySharedLog(contents, disk), members: new MemoryMembership() },
    earlier: { prepend: (name, segment) => prepend({ contents, disk }, name, segment) },
    healthy: () => disk.healthy(),
    close: () => disk.close(),
    failNextAppend: () => disk.failNext(),
    stop: () => disk.stop(),
    resume: () => disk.resume(),
    hold: () => disk.hold(),
    release: () => disk.release(),
  };
}

function prepend(
  { contents, disk }: { contents: Contents; disk: MemoryDisk },
  name: DocumentName,
  segment: HistorySegment,
): Promise<void> {
  return disk.write(() => {
    refuseDeleted(contents, name);
    const document = contents.documents.get(name);
    if (document === undefined) throw new SheafError('not-found', `There is no document "${name}".`);
    document.history.unshift(moveBelow(segment, Math.min(1, document.history[0]?.first ?? 1)));
  });
}

class MemoryLog implements UpdateLog {
  readonly #contents: Contents;
  readonly #disk: MemoryDisk;

  constructor(contents: Contents, disk: MemoryDisk) {
    this.#contents = contents;
    this.#disk = disk;
  }

  append(batches: readonly LogBatch[]): Promise<void> {
    return this.#disk.write(() => {
      this.#check(batches);
      for (const batch of batches) applyBatch(this.#contents, batch);
    }, true);
  }

  #check(batches: readonly LogBatch[]): void {
    const lasts = new Map<DocumentName, number>();
    for (const { document, first, count, entries } of batches) {
      refuseUnfit(this.#contents, document, entries);
      const last = lasts.get(document) ?? this.#contents.documents.get(document)?.last ?? 0;
      if (first !== last + 1)
        throw new SheafError('stale', `The log of "${document}" goes on at ${last + 1}, not at ${first}.`);
      lasts.set(document, last + count);
    }
  }

  async load(name: DocumentName): Promise<StoredDocument | null> {
    refuseDeleted(this.#contents, name);
    const document = this.#contents.documents.get(name);
    if (document === undefined) return null;
    return {
      snapshot: document.snapshot,
      tail: document.rows.map((row) => row.entries),
      pending: document.pending,
      owners: [...document.owners],
    };
  }

  compact({ document: name, base, snapshot }: Compaction): Promise<void> {
    return this.#disk.write(() => {
      refuseDeleted(this.#contents, name);
      const document = this.#contents.documents.get(name);
      const current = document?.snapshot?.through ?? 0;
      if (
        document === undefined ||
        base !== current ||
        snapshot.through < base ||
        snapshot.through > document.last
      )
        throw new SheafError('stale', `The snapshot of "${name}" is of ${current}, not of ${base}.`);
      const { through } = snapshot;
      const { segments, rest } = cutRows(
        document.rows.filter((row) => row.first <= through),
        through,
        this.#contents.limits.segmentBytes,
      );
      document.history.push(...segments);
      document.rows = document.rows.filter((row) => row.first > through);
      if (rest !== null) document.rows.unshift(rest);
      if (through > base) document.previous = document.snapshot;
      document.snapshot = snapshot;
    });
  }

  async history(name: DocumentName, from: number, to: number): Promise<HistorySegment[]> {
    refuseDeleted(this.#contents, name);
    const history = this.#contents.documents.get(name)?.history ?? [];
    return history.filter((segment) => segment.last >= from && segment.first <= to);
  }

  expireHistory(time: number): Promise<number> {
    return this.#disk.write(() => {
      let removed = 0;
      for (const document of this.#contents.documents.values()) {
        const needed = document.previous?.through ?? 0;
        const kept = document.history.filter((segment) => segment.to >= time || segment.last > needed);
        removed += document.history.length - kept.length;
        document.history = kept;
      }
      return removed;
    });
  }

  async verify(name?: DocumentName): Promise<string[]> {
    const all =
      name === undefined ? [...this.#contents.documents.values()] : [this.#contents.documents.get(name)];
    return all
      .flatMap((document) => document?.history.map((segment) => ({ document, segment })) ?? [])
      .filter(({ segment }) => Buffer.compare(hashEntries(segment.entries), segment.hash) !== 0)
      .map(({ document, segment }) => `${document.name}: history ${segment.first}: its hash does not match`);
  }

  async size(name: DocumentName): Promise<{ snapshot: number; tail: number; history: number }> {
    const document = this.#contents.documents.get(name);
    if (document === undefined) return { snapshot: 0, tail: 0, history: 0 };
    const sum = (parts: readonly { entries: Uint8Array }[]): number =>
      parts.reduce((total, part) => total + part.entries.length, 0);
    return {
      snapshot: snapshotBytes(document.snapshot) + snapshotBytes(document.previous),
      tail: sum(document.rows) + (document.pending?.length ?? 0),
      history: sum(document.history),
    };
  }
}

class MemoryCatalogue implements Catalogue {
  readonly #contents: Contents;
  readonly #disk: MemoryDisk;

  constructor(contents: Contents, disk: MemoryDisk) {
    this.#contents = contents;
    this.#disk = disk;
  }

  async list({ limit, after }: Parameters<Catalogue['list']>[0]): Promise<CatalogueEntry[]> {
    const entries = [...this.#contents.documents.values()].map(catalogueEntry).sort(latestFirst);
    const rest = after === undefined ? entries : entries.filter((entry) => latestFirst(after, entry) < 0);
    return rest.slice(0, limit);
  }

  async get(name: DocumentName): Promise<CatalogueEntry | null> {
    const document = this.#contents.documents.get(name);
    return document === undefined ? null : catalogueEntry(document);
  }

  async names({ after, limit }: Parameters<Catalogue['names']>[0]): ReturnType<Catalogue['names']> {
    const { documents, tombstones } = this.#contents;
    const all = [
      ...[...documents.keys()].map((document) => ({ document, deleted: null })),
      ...[...tombstones].map(([document, deleted]) => ({ document, deleted })),
    ];
    const order = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
    return all
      .filter(({ document }) => order(document, after) > 0)
      .sort((a, b) => order(a.document, b.document))
      .slice(0, limit);
  }

  create(name: DocumentName, time: number): Promise<boolean> {
    return this.#disk.write(() => {
      refuseDeleted(this.#contents, name);
      if (this.#contents.documents.has(name)) return false;
      findOrMake(this.#contents, name, time);
      return true;
    });
  }

  setTitle(name: DocumentName, title: string): Promise<void> {
    return this.#disk.write(() => {
      refuseDeleted(this.#contents, name);
      const document = this.#contents.documents.get(name);
      if (document === undefined) throw new SheafError('not-found', `There is no document "${name}".`);
      document.title = title;
    });
  }

  delete(name: DocumentName, time: number): Promise<void> {
    return this.#disk.write(() => {
      this.#contents.documents.delete(name);
      if (!this.#contents.tombstones.has(name)) this.#contents.tombstones.set(name, time);
    });
  }

  expireTombstones(time: number): Promise<number> {
    return this.#disk.write(() => {
      const old = [...this.#contents.tombstones].filter(([, deleted]) => deleted < time);
      for (const [name] of old) this.#contents.tombstones.delete(name);
      return old.length;
    });
  }
}

function snapshotBytes(snapshot: Snapshot | null): number {
  if (snapshot === null) return 0;
  return snapshot.update.length + snapshot.stateVector.length + snapshot.deleteSet.length;
}

function catalogueEntry({ name, title, created, updated }: MemoryDocument): CatalogueEntry {
  return { document: name, title, created, updated };
}

type Position = Pick<CatalogueEntry, 'updated' | 'document'>;

/** Ties are ordered by the name's UTF-8 bytes, descending, as the index of the SQLite store has them. */
function latestFirst(a: Position, b: Position): number {
  return b.updated - a.updated || Buffer.compare(Buffer.from(b.document), Buffer.from(a.document));
}
