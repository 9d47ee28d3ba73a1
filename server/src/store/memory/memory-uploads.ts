import type { UploadHash } from '@sheaf/proto/upload-address';
import { createHash } from 'node:crypto';
import { SheafError } from '../../error.ts';
import type { DocumentName } from '../document-name.ts';
import {
  checkUnfinished,
  HEAD_BYTES,
  type Receipt,
  type StoredUpload,
  type UploadLimits,
  type UploadLink,
  type UploadPart,
  type UploadStore,
} from '../uploads/upload-store.ts';

interface Unfinished {
  readonly author: string;
  readonly chunks: Uint8Array<ArrayBuffer>[];
  received: number;
  changed: number;
  busy: boolean;
}

interface Whole {
  readonly content: Blob;
  readonly head: Uint8Array;
  readonly since: number;
}

/** Uploads of a server that keeps nothing. */
export class MemoryUploads implements UploadStore {
  readonly #limits: UploadLimits;
  readonly #time: () => number;
  readonly #objects = new Map<UploadHash, Whole>();
  readonly #documents = new Map<DocumentName, Map<UploadHash, number>>();
  readonly #unfinished = new Map<string, Unfinished>();

  constructor(limits: UploadLimits, time: () => number) {
    this.#limits = limits;
    this.#time = time;
  }

  async receive(part: UploadPart): Promise<Receipt> {
    const { document, hash, author, size, from, body } = part;
    const { uploadBytes } = this.#limits;
    if (size > uploadBytes) throw new SheafError('too-large', `An upload has at most ${uploadBytes} bytes.`);
    const key = `${document}\0${author}\0${hash}`;
    const known = this.#unfinished.get(key);
    if (known === undefined) {
      const own = [...this.#unfinished.values()].filter((one) => one.author === author);
      checkUnfinished(this.#unfinished.size, own.length, this.#limits);
    }
    const fresh = known === undefined || known.received > size;
    const state = fresh ? { author, chunks: [], received: 0, changed: this.#time(), busy: false } : known;
    if (state.busy || from !== state.received) return { state: 'gap', received: state.received };
    this.#unfinished.set(key, state);
    state.busy = true;
    try {
      for await (const chunk of body) {
        if (state.received + chunk.length > size)
          throw new SheafError('too-large', 'More came than was announced.');
        state.chunks.push(Uint8Array.from(chunk));
        state.received += chunk.length;
        state.changed = this.#time();
      }
    } finally {
      state.busy = false;
    }
    if (state.received < size) return { state: 'partial', received: state.received };
    this.#unfinished.delete(key);
    if (hashOf(state.chunks) !== hash)
      throw new SheafError('malformed', 'This is not what its hash says: begin again.');
    if (!this.#objects.has(hash)) this.#objects.set(hash, wholeOf(state.chunks, this.#time()));
    this.#link(document, hash);
    return { state: 'stored', received: state.received };
  }

  #link(document: DocumentName, hash: UploadHash): void {
    const links = this.#documents.get(document) ?? new Map<UploadHash, number>();
    if (!links.has(hash) && links.size >= this.#limits.documentUploads)
      throw new SheafError('too-many', `A document has at most ${this.#limits.documentUploads} uploads.`);
    links.set(hash, this.#time());
    this.#documents.set(document, links);
  }

  open(document: DocumentName, hash: UploadHash): Promise<StoredUpload | null> {
    const object = this.#documents.get(document)?.has(hash) === true ? this.#objects.get(hash) : undefined;
    if (!object) return Promise.resolve(null);
    const { content, head } = object;
    return Promise.resolve({
      size: content.size,
      head,
      read: (from, to) => content.slice(from, to).stream(),
    });
  }

  documents(): Promise<DocumentName[]> {
    return Promise.resolve([...this.#documents.keys()]);
  }

  links(document: DocumentName): Promise<UploadLink[]> {
    const links = this.#documents.get(document) ?? [];
    return Promise.resolve([...links].map(([hash, since]) => ({ hash, since })));
  }

  unlink(document: DocumentName, hash: UploadHash, before = Infinity): Promise<void> {
    const links = this.#documents.get(document);
    if ((links?.get(hash) ?? Infinity) < before) links?.delete(hash);
    if (links?.size === 0) this.#documents.delete(document);
    return Promise.resolve();
  }

  tidy(before: number): Promise<void> {
    const linked = new Set([...this.#documents.values()].flatMap((links) => [...links.keys()]));
    for (const [hash, { since }] of this.#objects)
      if (!linked.has(hash) && since < before) this.#objects.delete(hash);
    for (const [key, { busy, changed }] of this.#unfinished)
      if (!busy && changed < before) this.#unfinished.delete(key);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function wholeOf(chunks: readonly Uint8Array<ArrayBuffer>[], since: number): Whole {
  const content = new Blob([...chunks]);
  // Chunks may be empty: it is in the first of those that are not.
  const filled = chunks.filter(({ length }) => length > 0).slice(0, HEAD_BYTES);
  return { content, head: Buffer.concat(filled).subarray(0, HEAD_BYTES), since };
}

function hashOf(chunks: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
