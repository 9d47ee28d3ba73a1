import type { UploadHash } from '@sheaf/proto/upload-address';
import { setImmediate } from 'node:timers/promises';
import { SheafError } from './error.ts';
import type { DocumentName } from './store/document-name.ts';
import type { HistorySegment, Store, StoredDocument, UpdateLog } from './store/store.ts';
import { findReferences } from './store/uploads/references.ts';
import type { UploadStore } from './store/uploads/upload-store.ts';

/** How often it looks, ms: each time all documents with uploads are read, and nothing goes before two looks a day apart. */
const EVERY_MS = 6 * 3_600_000;
/** Updates of history that are read at once. */
const HISTORY_UPDATES = 20_000;

/** What the sweep needs. */
export interface UploadSweepOptions {
  readonly store: Store;
  readonly uploads: UploadStore;
  /** How long an upload is kept that nothing refers to, ms. */
  readonly graceMs: number;
  /** ms since 1970. */
  readonly time: () => number;
  readonly report: (words: string, error: SheafError) => void;
}

/**
 * Takes uploads from documents that do not refer to them any more, and removes what no document has. It is careful: an
 * upload stays for `graceMs` after it came, and goes only when it was found unreferenced twice, so long apart, in all that
 * is stored of its document, history included. What cannot be read keeps its uploads.
 */
export class UploadSweep {
  readonly #options: UploadSweepOptions;
  /** Since when nothing was found to refer to an upload of a document, ms since 1970. */
  #unreferenced = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: UploadSweepOptions) {
    this.#options = options;
  }

  /** Looks every six hours, one look behind the other. */
  start(): void {
    const look = (): void => void (this.#running = this.#running.then(() => this.run()));
    this.#timer = setInterval(look, EVERY_MS).unref();
  }

  /** Looks now. Failures are reported, and the next time tries again with what was found before. */
  async run(): Promise<void> {
    const { uploads, graceMs, time } = this.#options;
    const before = this.#unreferenced;
    this.#unreferenced = new Map();
    try {
      for (const document of await uploads.documents()) {
        if (this.#stopped) return;
        await this.#look(document, before);
      }
      await uploads.tidy(time() - graceMs);
    } catch (thrown) {
      for (const [key, since] of before) this.#unreferenced.set(key, since);
      this.#report('Uploads could not be looked through', thrown);
    }
  }

  /** A document was deleted: what it alone had goes. */
  async forget(document: DocumentName): Promise<void> {
    const { uploads } = this.#options;
    try {
      for (const { hash } of await uploads.links(document)) await uploads.unlink(document, hash);
    } catch (thrown) {
      // The sweep finds the document deleted.
      this.#report(`Uploads of ${document} could not be removed`, thrown);
    }
  }

  /** Ends it; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#running;
  }

  async #look(document: DocumentName, before: ReadonlyMap<string, number>): Promise<void> {
    const { uploads, graceMs, time } = this.#options;
    try {
      const now = time();
      const links = await uploads.links(document);
      const old = links.filter(({ since }) => since < now - graceMs).map(({ hash }) => hash);
      if (old.length === 0) return;
      for (const hash of await this.#lacking(document, old)) {
        const key = `${hash} ${document}`;
        const since = before.get(key) ?? now;
        if (since < now - graceMs) await uploads.unlink(document, hash, now - graceMs);
        else this.#unreferenced.set(key, since);
      }
    } catch (thrown) {
      if (SheafError.from(thrown).code === 'deleted') return this.forget(document);
      for (const [key, since] of before) if (key.endsWith(` ${document}`)) this.#unreferenced.set(key, since);
      this.#report(`Uploads of ${document} could not be looked through`, thrown);
    }
  }

  /** Those of `hashes` to which nothing refers that is stored of the document. Throws `deleted`, `corrupt`. */
  async #lacking(document: DocumentName, hashes: readonly UploadHash[]): Promise<UploadHash[]> {
    const { log } = this.#options.store;
    const turn = (): Promise<void> => setImmediate();
    const found = new Set<UploadHash>();
    const lacking = (): UploadHash[] => hashes.filter((hash) => !found.has(hash));
    const stored = await log.load(document);
    if (stored === null) return lacking();
    await findReferences(bytesOf(stored), found, turn);
    // History is read only for what the document itself does not have any more, which is seldom.
    for await (const segments of historyOf(log, document, stored.snapshot?.through ?? 0)) {
      if (lacking().length === 0) break;
      await findReferences(
        segments.map(({ entries }) => entries),
        found,
        turn,
      );
    }
    return lacking();
  }

  #report(words: string, thrown: unknown): void {
    this.#options.report(words, SheafError.from(thrown));
  }
}

function bytesOf({ snapshot, tail, pending }: StoredDocument): Uint8Array[] {
  const parts = snapshot === null ? [...tail] : [snapshot.update, ...tail];
  return pending === null ? parts : [...parts, pending];
}

/** All history of a document, a part at a time: its own, of which `last` is the end, and what another server has kept of before (LOG-32). */
async function* historyOf(
  log: UpdateLog,
  document: DocumentName,
  last: number,
): AsyncGenerator<HistorySegment[]> {
  for (let from = 1; from <= last; from += HISTORY_UPDATES)
    yield await log.history(document, from, Math.min(last, from + HISTORY_UPDATES - 1));
  // It has no gap: the first part without any is its end.
  for (let to = 0; ; to -= HISTORY_UPDATES) {
    const segments = await log.history(document, to - HISTORY_UPDATES + 1, to);
    if (segments.length === 0) return;
    yield segments;
  }
}
