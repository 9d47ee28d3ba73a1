import { setImmediate as turn } from 'node:timers/promises';
import type { Documents } from '../document/documents.ts';
import type { DocumentState } from '../document/document-state.ts';
import { SheafError } from '../error.ts';
import { type DocumentName, parseDocumentName } from '../store/document-name.ts';
import type { Catalogue } from '../store/store.ts';
import { BUCKETS, digestOf, type Held, type HeldDocument, Inventory } from './inventory.ts';
import type { Remote } from './remote.ts';

/** Names that are read from the catalogue at a time. */
const PAGE = 1_000;

/** The digest of a document as it stands; null when there is nothing in it. */
export function digestOfState(state: DocumentState): Uint8Array | null {
  const { knowledge } = state;
  const [stateVector, deleteSet] = [knowledge.stateVector(), knowledge.deleteSet()];
  return stateVector.length === 1 && deleteSet.length === 1 ? null : digestOf(stateVector, deleteSet);
}

/** What this node holds of every document: looked up when somebody asks, and only where something has changed. */
export class Holdings {
  readonly #inventory = new Inventory();
  readonly #stale = new Set<DocumentName>();
  readonly #documents: Documents;
  readonly #catalogue: Catalogue;
  readonly #report: (words: string, error: SheafError) => void;
  /** Others write what this node holds, without telling it. */
  readonly #shared: boolean;
  #walked = false;
  #running: Promise<Inventory> | null = null;

  constructor(options: {
    documents: Documents;
    catalogue: Catalogue;
    report: (words: string, error: SheafError) => void;
    shared: object | null;
  }) {
    this.#documents = options.documents;
    this.#catalogue = options.catalogue;
    this.#report = options.report;
    this.#shared = options.shared !== null;
  }

  /** Something in a document has changed. */
  changed(document: DocumentName): void {
    this.#stale.add(document);
  }

  /** A document was deleted; ms since 1970. */
  deleted(document: DocumentName, time: number): void {
    this.#stale.delete(document);
    this.#inventory.set(document, { kind: 'deleted', time });
  }

  /** When a document was deleted; null if it is not known to be. */
  deletedAt(document: DocumentName): number | null {
    const held = this.#inventory.get(document);
    return held?.kind === 'deleted' ? held.time : null;
  }

  /** What is held of a document as of a time after this call; null: nothing. Errors: `storage-unavailable`. */
  async of(document: DocumentName): Promise<Held | null> {
    if (!this.#shared) return (await this.now()).get(document) ?? null;
    return this.#lookUp(document);
  }

  /** When a document was deleted, ms since 1970; null if it was not. Errors: `storage-unavailable`. */
  async deletionOf(document: DocumentName): Promise<number | null> {
    if (!this.#shared) return this.deletedAt(document);
    const held = await this.#lookUp(document);
    return held?.kind === 'deleted' ? held.time : null;
  }

  /** The inventory as of a time after this call. Not where nodes share a log. Errors: `storage-unavailable`. */
  async now(): Promise<Inventory> {
    if (this.#shared) throw new SheafError('internal', 'Nodes on one log do not compare what they hold.');
    // One that runs may have looked already at what has changed since.
    if (this.#running !== null) await this.#running.catch(() => {});
    this.#running ??= this.#refresh().finally(() => (this.#running = null));
    return this.#running;
  }

  /** What another node holds, and this one does not; the node has `timeoutMs` for each answer. */
  async lackingFrom({ client }: Remote, timeoutMs: number): Promise<HeldDocument[]> {
    const lacking: HeldDocument[] = [];
    let asked: readonly number[] = Array.from({ length: BUCKETS }, (_, index) => index);
    while (asked.length > 0) {
      const inventory = await this.now();
      const digests = inventory.buckets();
      const buckets = asked.map((index) => ({ index, digest: digests[index] ?? new Uint8Array() }));
      const answer = await client.exchangeDigest({ buckets }, { timeoutMs });
      const theirs = answer.documents.map(({ document, digest, deletedTime }): HeldDocument => ({
        document: parseDocumentName(document),
        held: deletedTime > 0n ? { kind: 'deleted', time: Number(deletedTime) } : { kind: 'content', digest },
      }));
      lacking.push(...inventory.lacks(theirs));
      asked = answer.remaining;
    }
    return lacking;
  }

  async #refresh(): Promise<Inventory> {
    if (!this.#walked) await this.#walk();
    for (const document of [...this.#stale]) {
      this.#stale.delete(document);
      const held = await this.#lookUp(document);
      if (held === null) this.#inventory.remove(document);
      else this.#inventory.set(document, held);
      await turn();
    }
    return this.#inventory;
  }

  async #walk(): Promise<void> {
    for (let after: DocumentName | '' = ''; ;) {
      const page = await this.#catalogue.names({ after, limit: PAGE });
      for (const { document, deleted } of page)
        if (deleted === null) this.#stale.add(document);
        else this.#inventory.set(document, { kind: 'deleted', time: deleted });
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.document;
    }
    this.#walked = true;
  }

  async #lookUp(document: DocumentName): Promise<Held | null> {
    try {
      const state = await this.#documents.read(document);
      const digest = state === null ? null : digestOfState(state);
      return digest === null ? null : { kind: 'content', digest };
    } catch (thrown) {
      const error = SheafError.from(thrown);
      if (error.code === 'deleted') return { kind: 'deleted', time: await this.#findDeletion(document) };
      if (error.code === 'storage-unavailable') {
        this.#stale.add(document);
        throw error;
      }
      this.#report(`What is held of ${document}`, error);
      return null;
    }
  }

  /** When a document that is known to be deleted was, ms since 1970: its tombstone stands in the catalogue. */
  async #findDeletion(document: DocumentName): Promise<number> {
    const known = this.deletedAt(document);
    if (known !== null) return known;
    for (let after: DocumentName | '' = firstOfPage(document); ;) {
      const page = await this.#catalogue.names({ after, limit: PAGE });
      const found = page.find((named) => named.document === document);
      const last = page.at(-1);
      if (found?.deleted != null) return found.deleted;
      if (found !== undefined || last === undefined) return 0;
      after = last.document;
    }
  }
}

/** A name that comes shortly before this one: without its last character. */
function firstOfPage(document: DocumentName): DocumentName | '' {
  // A part of a name is one, or nothing.
  return [...document].slice(0, -1).join('') as DocumentName | '';
}
