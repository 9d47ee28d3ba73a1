import { createHash } from 'node:crypto';
import type { DocumentName } from '../store/document-name.ts';

/** Documents are spread over so many buckets, by their names. */
export const BUCKETS = 256;
/** A digest of what is held of a document, bytes. */
const DIGEST_BYTES = 16;
/** What stands for one document in its bucket, bytes. */
const HASH_BYTES = 8;

/** What a node holds of a document: a digest, or that it was deleted (ms since 1970). */
export type Held =
  | { readonly kind: 'content'; readonly digest: Uint8Array }
  | { readonly kind: 'deleted'; readonly time: number };

/** What a node holds of one document. */
export interface HeldDocument {
  readonly document: DocumentName;
  readonly held: Held;
}

/** What differs, as one node tells another. */
export interface Differences {
  readonly documents: readonly HeldDocument[];
  /** Buckets that differ too, and did not fit. */
  readonly remaining: readonly number[];
}

/**
 * Digest of a document's state vector and delete set, both Yjs V1 in their canonical order (clients descending, ranges
 * merged). A state vector alone does not see deletes.
 */
export function digestOf(stateVector: Uint8Array, deleteSet: Uint8Array): Uint8Array {
  const length = new Uint8Array(new Uint32Array([stateVector.length]).buffer);
  const hash = createHash('sha256').update(length).update(stateVector).update(deleteSet).digest();
  return new Uint8Array(hash.subarray(0, DIGEST_BYTES));
}

interface Entry {
  readonly held: Held;
  readonly bucket: number;
  readonly hash: Buffer;
}

/**
 * What a node holds of all documents, in buckets that two nodes compare: a bucket's digest is the exclusive or of what
 * its documents hash to, so that equal contents have equal digests whatever their order.
 */
export class Inventory {
  readonly #entries = new Map<DocumentName, Entry>();
  readonly #buckets = Array.from({ length: BUCKETS }, () => new Uint8Array(HASH_BYTES));

  /** How many documents. */
  get size(): number {
    return this.#entries.size;
  }

  get(document: DocumentName): Held | undefined {
    return this.#entries.get(document)?.held;
  }

  set(document: DocumentName, held: Held): void {
    this.remove(document);
    const hash = createHash('sha256').update(document).update('\0');
    if (held.kind === 'content') hash.update(held.digest);
    const name = createHash('sha256').update(document).digest();
    const entry = { held, bucket: name[0] ?? 0, hash: hash.digest().subarray(0, HASH_BYTES) };
    this.#entries.set(document, entry);
    this.#toggle(entry);
  }

  remove(document: DocumentName): void {
    const entry = this.#entries.get(document);
    if (entry === undefined) return;
    this.#entries.delete(document);
    this.#toggle(entry);
  }

  /** The digests of all buckets. */
  buckets(): Uint8Array[] {
    return this.#buckets.map((bucket) => bucket.slice());
  }

  /** What is here in the buckets that differ from these; at most about `limit` documents, but whole buckets. */
  differences(theirs: ReadonlyMap<number, Uint8Array>, limit: number): Differences {
    const differing = new Set<number>();
    for (const [index, digest] of theirs) {
      const own = this.#buckets[index];
      if (own !== undefined && Buffer.compare(own, digest) !== 0) differing.add(index);
    }
    const byBucket = new Map<number, HeldDocument[]>([...differing].map((index) => [index, []]));
    if (differing.size > 0)
      for (const [document, { held, bucket }] of this.#entries)
        byBucket.get(bucket)?.push({ document, held });
    const documents: HeldDocument[] = [];
    const remaining: number[] = [];
    for (const [index, held] of byBucket)
      if (documents.length > 0 && documents.length + held.length > limit) remaining.push(index);
      else documents.push(...held);
    return { documents, remaining };
  }

  /** Of what another node holds, what is not the same here. What was deleted here stays so. */
  lacks(theirs: readonly HeldDocument[]): HeldDocument[] {
    return theirs.filter(({ document, held }) => {
      const own = this.get(document);
      if (own?.kind === 'deleted') return false;
      if (own === undefined || held.kind === 'deleted') return true;
      return Buffer.compare(own.digest, held.digest) !== 0;
    });
  }

  #toggle({ bucket, hash }: Entry): void {
    const bytes = this.#buckets[bucket];
    if (bytes !== undefined)
      for (let i = 0; i < HASH_BYTES; i += 1) bytes[i] = (bytes[i] ?? 0) ^ (hash[i] ?? 0);
  }
}
