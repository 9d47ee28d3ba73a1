import { createHash } from 'node:crypto';
import { SheafError } from '../error.ts';
import { roomFor } from '../store/own-bytes.ts';

/** An answer is a snapshot, and what came since: it has no more than so many updates. */
const MOST_UPDATES = 1_000;

/**
 * Updates that come in chunks, each behind its length (varUint). Each gets bytes of its own at once, and all are hashed as
 * they come, so that no turn has to do something for all of a large document.
 */
export class ReceivedUpdates {
  readonly #hash = createHash('sha256');
  readonly #updates: Uint8Array[] = [];
  readonly #size: number;
  #received = 0;
  /** Of the length that is being read: what has come, and what the next byte counts. */
  #length = 0;
  #factor = 1;
  /** The update that is being filled; null: its length is being read. */
  #update: Uint8Array | null = null;
  #filled = 0;

  /** `size`: of all chunks together, bytes. */
  constructor(size: number) {
    this.#size = size;
  }

  /** How many bytes have come. */
  get received(): number {
    return this.#received;
  }

  /** Takes a chunk, whose bytes may change afterwards. Throws `malformed`. */
  add(chunk: Uint8Array): void {
    if (this.#received + chunk.length > this.#size) throw notAnnounced();
    this.#hash.update(chunk);
    this.#received += chunk.length;
    for (let at = 0; at < chunk.length;)
      if (this.#update !== null) at += this.#fill(this.#update, chunk.subarray(at));
      else this.#readLength(chunk[at++] ?? 0);
  }

  /** All updates. Throws `malformed` when they are not what was announced under this hash. */
  end(hash: Uint8Array): readonly Uint8Array[] {
    const isWhole = this.#received === this.#size && this.#update === null && this.#factor === 1;
    if (!isWhole || Buffer.compare(hash, this.#hash.digest()) !== 0) throw notAnnounced();
    return this.#updates;
  }

  #readLength(byte: number): void {
    this.#length += (byte & 127) * this.#factor;
    this.#factor *= 128;
    // Nothing is longer than all of it.
    if (this.#length > this.#size) throw notAnnounced();
    if (byte >= 128) return;
    this.#update = roomFor(this.#length);
    this.#filled = 0;
    if (this.#length === 0) this.#finish(this.#update);
  }

  #fill(update: Uint8Array, chunk: Uint8Array): number {
    const part = chunk.subarray(0, update.length - this.#filled);
    update.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled === update.length) this.#finish(update);
    return part.length;
  }

  #finish(update: Uint8Array): void {
    if (this.#updates.length === MOST_UPDATES) throw notAnnounced();
    this.#updates.push(update);
    this.#update = null;
    this.#length = 0;
    this.#factor = 1;
  }
}

function notAnnounced(): SheafError {
  return new SheafError('malformed', 'What came in chunks is not what was announced.');
}
