import * as decoding from 'lib0/decoding';
import { SheafError } from '../error.ts';
import type { LogEntry } from './store.ts';

/*
 * Packed entries, one after another:
 *   varUint time (ms since 1970)  varString author  varUint8Array update
 */

function varUintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}

function writeVarUint(target: Uint8Array, at: number, value: number): number {
  let position = at;
  let rest = value;
  while (rest >= 128) {
    target[position++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  target[position++] = rest;
  return position;
}

/** Packs entries into one new buffer of exactly their size. */
export function encodeEntries(entries: readonly LogEntry[]): Uint8Array<ArrayBuffer> {
  let size = 0;
  for (const { update, author, time } of entries) {
    const authorBytes = Buffer.byteLength(author);
    size += varUintBytes(time) + varUintBytes(authorBytes) + authorBytes;
    size += varUintBytes(update.length) + update.length;
  }
  const packed = new Uint8Array(size);
  const text = Buffer.from(packed.buffer);
  let at = 0;
  for (const { update, author, time } of entries) {
    at = writeVarUint(packed, at, time);
    at = writeVarUint(packed, at, Buffer.byteLength(author));
    at += text.write(author, at);
    at = writeVarUint(packed, at, update.length);
    packed.set(update, at);
    at += update.length;
  }
  return packed;
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
