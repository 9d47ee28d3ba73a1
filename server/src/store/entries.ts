import * as decoding from 'lib0/decoding';
import { SheafError } from '../error.ts';
import { isShared, join } from './own-bytes.ts';
import type { LogEntry } from './store.ts';

/*
 * Packed entries, one after another:
 *   varUint time (ms since 1970)  varString author  varUint8Array update
 */

/** Room that a packer starts with, bytes. */
const INITIAL_BYTES = 256;
/** What a packer keeps of a larger buffer for the next entries, bytes. */
const KEPT_BYTES = 4 * 1024;
/** Packs entries one by one into a buffer that grows, without an object for each. */
export class EntryPacker {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #length = 0;
  /** What stands before `#bytes`: updates that are not copied, and what came before them. */
  #before: Uint8Array[] = [];
  #count = 0;
  #author = '';
  #authorBytes = new Uint8Array(0);

  get count(): number {
    return this.#count;
  }

  /** Copies one entry in, but for an update that threads share: that becomes a part of its own, never to be changed. */
  add(update: Uint8Array, author: string, time: number): void {
    if (author !== this.#author) {
      this.#author = author;
      this.#authorBytes = new TextEncoder().encode(author);
    }
    const name = this.#authorBytes.length;
    const shared = isShared(update);
    const copied = shared ? 0 : update.length;
    // Exactly: a buffer that one large entry fills is handed over as it is.
    this.#reserve(varUintSize(time) + varUintSize(name) + name + varUintSize(update.length) + copied);
    this.#writeVarUint(time);
    this.#writeBytes(this.#authorBytes);
    if (shared) this.#putBeside(update);
    else this.#writeBytes(update);
    this.#count += 1;
  }

  #putBeside(update: Uint8Array): void {
    this.#writeVarUint(update.length);
    this.#before.push(this.#bytes.slice(0, this.#length), update);
    this.#length = 0;
  }

  /**
   * What was packed, in parts that follow one another, each in a buffer of its own and of exactly its size; the packer is
   * empty then.
   */
  take(): Uint8Array[] {
    const parts = this.#before.splice(0);
    const full = this.#length === this.#bytes.length;
    if (this.#length > 0) parts.push(full ? this.#bytes : this.#bytes.slice(0, this.#length));
    if (full || this.#bytes.length > KEPT_BYTES) this.#bytes = new Uint8Array(INITIAL_BYTES);
    this.#length = 0;
    this.#count = 0;
    return parts;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  #writeBytes(bytes: Uint8Array): void {
    this.#writeVarUint(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #writeVarUint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }
}

/** Bytes that a varUint takes. */
function varUintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

/** Packs entries into one buffer of exactly their size. */
export function encodeEntries(entries: readonly LogEntry[]): Uint8Array {
  const packer = new EntryPacker();
  for (const { update, author, time } of entries) packer.add(update, author, time);
  const parts = packer.take();
  return parts.length === 1 && parts[0] ? parts[0] : join(parts);
}

/** The entries of a packed buffer; updates are views into it. Throws `corrupt`. */
export function decodeEntries(packed: Uint8Array): LogEntry[] {
  const decoder = decoding.createDecoder(packed);
  const entries: LogEntry[] = [];
  try {
    while (decoding.hasContent(decoder)) {
      const time = decoding.readVarUint(decoder);
      const author = decoding.readVarString(decoder);
      entries.push({ time, author, update: decoding.readVarUint8Array(decoder) });
    }
  } catch (thrown) {
    throw new SheafError('corrupt', 'A row of the update log cannot be read.', { cause: thrown });
  }
  return entries;
}
