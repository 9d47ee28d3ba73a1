import { SheafError } from '../../error.ts';
import type { DocumentName } from '../document-name.ts';
import type { LogBatch, LogRow, SharedLog } from '../store.ts';
import { applyBatch, type Contents, refuseDeleted, refuseUnfit } from './contents.ts';
import type { MemoryDisk } from './memory-disk.ts';

/** A log in memory as several servers of one process write it. */
export class MemorySharedLog implements SharedLog {
  readonly #contents: Contents;
  readonly #disk: MemoryDisk;

  constructor(contents: Contents, disk: MemoryDisk) {
    this.#contents = contents;
    this.#disk = disk;
  }

  append(batches: readonly LogBatch[]): Promise<number[]> {
    return this.#disk.write(() => {
      for (const { document, first, entries } of batches) {
        refuseUnfit(this.#contents, document, entries);
        const last = this.#lastOf(document);
        if (first - 1 > last)
          throw new SheafError('stale', `The log of "${document}" ends at ${last}, before ${first - 1}.`);
      }
      return batches.map((batch) => {
        const first = this.#lastOf(batch.document) + 1;
        applyBatch(this.#contents, { ...batch, first });
        return first;
      });
    }, true);
  }

  async read(name: DocumentName, after: number): Promise<LogRow[] | null> {
    refuseDeleted(this.#contents, name);
    const document = this.#contents.documents.get(name);
    if (document === undefined) return [];
    const kept = document.history.map(({ first, last, entries }) => ({
      first,
      count: last - first + 1,
      entries,
    }));
    const rows = [...kept, ...document.rows].filter(({ first, count }) => first + count - 1 > after);
    const from = rows[0]?.first ?? document.last + 1;
    return from > after + 1 ? null : rows;
  }

  async ends(documents: readonly DocumentName[]): Promise<ReadonlyMap<DocumentName, number | null>> {
    const ends = new Map<DocumentName, number | null>();
    for (const name of documents)
      if (this.#contents.tombstones.has(name)) ends.set(name, null);
      else if (this.#contents.documents.has(name)) ends.set(name, this.#lastOf(name));
    return ends;
  }

  #lastOf(document: DocumentName): number {
    return this.#contents.documents.get(document)?.last ?? 0;
  }
}
