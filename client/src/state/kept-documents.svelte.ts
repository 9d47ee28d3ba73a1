import * as Y from 'yjs';
import { download } from '../editor/download.ts';
import { applyRows } from '../sync/compact.ts';
import { KeepError } from '../sync/keep-error.ts';
import type { KeptDocument } from '../sync/offline-database.ts';
import type { OfflineStore } from '../sync/offline-store.ts';
import { withUploads } from './kept-uploads.ts';
import { recoveryFile } from './recover.ts';
import type { RecoveryKind } from './recover.ts';
import type { Sessions } from './sessions.ts';

/** What is known about the documents that this browser keeps. */
export type KeptState =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly documents: readonly KeptDocument[] }
  | { readonly state: 'failed'; readonly error: KeepError };

/** What this browser keeps, for the page that lists and clears it. Its methods never throw: a failure is a state. */
export class KeptDocuments {
  readonly #store: OfflineStore;
  readonly #sessions: Sessions;
  #current = $state.raw<KeptState>({ state: 'loading' });
  /** The copies that were downloaded as they are now. */
  #downloaded = $state.raw<ReadonlySet<string>>(new Set());

  /** How many uploads of each document wait in this browser. */
  #uploads: ReadonlyMap<string, number> = new Map();

  constructor(store: OfflineStore, sessions: Sessions) {
    this.#store = store;
    this.#sessions = sessions;
  }

  get current(): KeptState {
    return this.#current;
  }

  /** Copies that hold changes that the server lacks and that nobody has downloaded: they are in the way of clearing. */
  readonly undecided: readonly KeptDocument[] = $derived.by(() =>
    this.#current.state === 'ready'
      ? this.#current.documents.filter(({ unsent }) => unsent > 0).filter((kept) => !this.hasDownloaded(kept))
      : [],
  );

  /** Whether `kept` was downloaded as it is now. */
  hasDownloaded(kept: KeptDocument): boolean {
    return this.#downloaded.has(version(kept));
  }

  /** Reads the list anew. */
  load(): Promise<void> {
    return this.#do(() => Promise.resolve());
  }

  /** Gives all that is kept of a document as a file. */
  download(kept: KeptDocument, kind: RecoveryKind): Promise<void> {
    return this.#do(async () => {
      const copy = await this.#store.load(kept.name);
      if (!copy) return;
      const doc = new Y.Doc();
      const broken = applyRows(doc, copy.rows);
      if (broken.size > 0) await this.#store.setAside(kept.name, broken);
      download(recoveryFile(doc, copy.record.title, kind));
      doc.destroy();
      this.#downloaded = new Set([...this.#downloaded, version(copy.record)]);
    });
  }

  /** Removes the copy of a document, with the changes in it that the server lacks. */
  discard(kept: KeptDocument): Promise<void> {
    return this.#do(async () => {
      await this.#sessions.discard(kept.name);
      await this.#store.forget(kept.name, this.#stored(kept));
    });
  }

  /**
   * Removes all copies, in every tab. Nothing happens while {@link undecided} holds any, or while changes are in this
   * page alone.
   */
  async clear(): Promise<void> {
    await this.load();
    if (this.#current.state !== 'ready' || this.undecided.length > 0) return;
    if (this.#sessions.changesAtRisk > 0) return;
    const { documents } = this.#current;
    await this.#do(async () => {
      this.#store.tellForgotten();
      for (const kept of documents) {
        await this.#sessions.discard(kept.name);
        await this.#store.forget(kept.name, this.#stored(kept));
      }
    });
  }

  /** As the store has it: uploads that wait are kept beside it, and count as changes that the server lacks. */
  #stored(kept: KeptDocument): KeptDocument {
    return { ...kept, unsent: kept.unsent - (this.#uploads.get(kept.name) ?? 0) };
  }

  async #do(work: () => Promise<void>): Promise<void> {
    try {
      await work().catch((thrown: unknown) => {
        // The copy has changed since it was shown: it is shown anew, and nothing was removed.
        if (KeepError.from(thrown).code !== 'unsent') throw thrown;
      });
      const documents = await this.#store.documents();
      this.#uploads = this.#sessions.waitingUploads;
      this.#current = { state: 'ready', documents: withUploads(documents, this.#uploads) };
    } catch (thrown) {
      this.#current = { state: 'failed', error: KeepError.from(thrown) };
    }
  }
}

/** Names a copy in the state in which it is. */
function version({ name, epoch, unsent, changed }: KeptDocument): string {
  return JSON.stringify([name, epoch, unsent, changed]);
}
