import * as decoding from 'lib0/decoding';
import { SheafError } from '../error.ts';
import type { LogEntry } from './store.ts';

/*
 * Packed entries, one after another:
 *   varUint time (ms since 1970)  varString author  varUint8Array update
 */

/** Room that a packer starts with, bytes. */
const INITIAL_BYTES = 256;
/** What a packer keeps of a larger buffer for the next entries, bytes. */
const KEPT_BYTES = 4 * 1024;
/** An update so large that has a buffer of its own is copied when the entries are taken, in another turn, bytes. */
const LARGE_BYTES = 1024 * 1024;

/** Packs entries one by one into a buffer that grows, without an object for each. */
export class EntryPacker {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #length = 0;
  /** What stands before `#bytes`: large updates, and what came before them. */
  #before: Uint8Array[] = [];
  #count = 0;
  #author = '';
  #authorBytes = new Uint8Array(0);

  get count(): number {
    return this.#count;
  }

  /** Copies one entry in; a large update in a buffer of its own must not be changed until `take`. */
  add(update: Uint8Array, author: string, time: number): void {
    if (author !== this.#author) {
      this.#author = author;
      this.#authorBytes = new TextEncoder().encode(author);
    }
    const name = this.#authorBytes.length;
    const isLarge = update.length >= LARGE_BYTES && update.length === update.buffer.byteLength;
    const copied = isLarge ? 0 : update.length;
    // Exactly: a buffer that one large entry fills is handed over as it is.
    this.#reserve(varUintSize(time) + varUintSize(name) + name + varUintSize(update.length) + copied);
    this.#writeVarUint(time);
    this.#writeBytes(this.#authorBytes);
    if (isLarge) this.#putLarge(update);
    else this.#writeBytes(update);
    this.#count += 1;
  }

  #putLarge(update: Uint8Array): void {
    this.#writeVarUint(update.length);
    this.#before.push(this.#bytes.slice(0, this.#length), update);
    this.#length = 0;
  }

  /** What was packed, in a buffer of its own and of exactly its size; the packer is empty then. */
  take(): Uint8Array<ArrayBuffer> {
    const full = this.#length === this.#bytes.length && this.#before.length === 0;
    const packed = full ? this.#bytes : this.#joined();
    if (full || this.#bytes.length > KEPT_BYTES) this.#bytes = new Uint8Array(INITIAL_BYTES);
    this.#length = 0;
    this.#count = 0;
    return packed;
  }

  #joined(): Uint8Array<ArrayBuffer> {
    const before = this.#before.splice(0);
    const packed = new Uint8Array(before.reduce((sum, { length }) => sum + length, this.#length));
    let at = 0;
    for (const part of [...before, this.#bytes.subarray(0, this.#length)]) {
      packed.set(part, at);
      at += part.length;
    }
    return packed;
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

/** Packs entries into one new buffer of exactly their size. */
export function encodeEntries(entries: readonly LogEntry[]): Uint8Array<ArrayBuffer> {
  const packer = new EntryPacker();
  for (const { update, author, time } of entries) packer.add(update, author, time);
  return packer.take();
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
