import { SheafError } from '../error.ts';

/** Deepest nesting of a value inside one item that is taken without a second look. */
const VALUE_DEPTH = 100;

const PROTO = new TextEncoder().encode('__proto__');

/** What is thrown at an end that comes too early. */
export function truncated(): SheafError {
  return new SheafError('malformed', 'The update ends in the middle.');
}

/**
 * Reads untrusted bytes in lib0's encoding, checking what lib0 would throw at, without building values. Every method
 * moves `position` and throws `malformed`.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  position = 0;
  /** Something was read that decodes but that nobody writes: not to be certified. */
  unusual = false;
  readonly #text = new Lazy();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    const byte = this.bytes[this.position++];
    if (byte === undefined) throw truncated();
    return byte;
  }

  /** A varUint of at most 53 bits. */
  varUint(): number {
    const bytes = this.bytes;
    let byte = bytes[this.position++];
    if (byte === undefined) throw truncated();
    if (byte < 128) return byte;
    let value = byte & 127;
    let factor = 128;
    do {
      byte = bytes[this.position++];
      if (byte === undefined) throw truncated();
      value += (byte & 127) * factor;
      factor *= 128;
      if (value > Number.MAX_SAFE_INTEGER || factor > 2 ** 63)
        throw new SheafError('malformed', 'The update holds a number above 2^53.');
    } while (byte >= 128);
    return value;
  }

  /** Bytes with their length before them; returns where they start. */
  varBytes(): number {
    const size = this.varUint();
    const start = this.position;
    if (size > this.bytes.length - start) throw truncated();
    this.position = start + size;
    return start;
  }

  /** A varString; returns its length in UTF-16 units. */
  varString(): number {
    const start = this.varBytes();
    const end = this.position;
    const bytes = this.bytes;
    let at = start;
    while (at < end && (bytes[at] ?? 128) < 128) at += 1;
    return at === end ? end - start : at - start + utf16Length(bytes, at, end);
  }

  /** A varString that holds JSON (or, where `orUndefined`, the word undefined). */
  json(orUndefined: boolean): void {
    const start = this.varBytes();
    const bytes = this.bytes.subarray(start, this.position);
    try {
      const text = this.#text.decoder.decode(bytes);
      if (orUndefined && text === 'undefined') return;
      const value: unknown = JSON.parse(text);
      if (bytes.length > VALUE_DEPTH && !shallow(value, VALUE_DEPTH)) this.unusual = true;
    } catch (thrown) {
      throw new SheafError('malformed', 'The update holds JSON that cannot be parsed.', { cause: thrown });
    }
  }

  /** A value in lib0's `any` encoding. Iterative: the depth is the sender's choice. */
  any(): void {
    const left = this.#anyHead();
    if (left === 0) return;
    // For each open array or object: how many values it still wants; negative for an object.
    const open = [left];
    while (open.length > 0) {
      const last = open.length - 1;
      const wanted = open[last] ?? 0;
      if (wanted === 0) {
        open.pop();
        continue;
      }
      open[last] = wanted > 0 ? wanted - 1 : wanted + 1;
      if (wanted < 0) this.#key();
      const inner = this.#anyHead();
      if (inner !== 0) open.push(inner);
      if (open.length > VALUE_DEPTH) this.unusual = true;
    }
  }

  /** A value's tag and, of a scalar, the rest; returns how many values follow (negative: with keys). */
  #anyHead(): number {
    const tag = this.byte();
    switch (tag) {
      case 127: // undefined
      case 126: // null
      case 121: // false
      case 120: // true
        return 0;
      case 125: // varInt: six bits, sign, continuation, then as a varUint
        if (this.byte() >= 128) this.varUint();
        return 0;
      case 124:
        return this.#skip(4);
      case 123: // float64
      case 122: // bigint
        return this.#skip(8);
      case 119:
        this.varString();
        return 0;
      case 118:
        return -this.varUint();
      case 117:
        return this.varUint();
      case 116:
        this.varBytes();
        return 0;
      default:
        throw new SheafError('malformed', `The update holds a value of the unknown kind ${tag}.`);
    }
  }

  #skip(size: number): 0 {
    if (this.position + size > this.bytes.length) throw truncated();
    this.position += size;
    return 0;
  }

  /** An object's key. lib0 assigns it, so that `__proto__` sets a prototype: a byte array there, and every later
   * encoding of the document throws. */
  #key(): void {
    if (this.varString() !== PROTO.length) return;
    const start = this.position - PROTO.length;
    if (PROTO.every((byte, i) => this.bytes[start + i] === byte))
      throw new SheafError('malformed', 'The update holds a value with the key __proto__.');
  }
}

/** Made when first used: most updates hold no JSON. */
class Lazy {
  #decoder: TextDecoder | undefined;

  get decoder(): TextDecoder {
    this.#decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return this.#decoder;
  }
}

/** Whether a parsed value nests at most `depth` deep. */
function shallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => shallow(inner, depth - 1));
}

/** UTF-16 units of the UTF-8 in `bytes` from `from` to `to`, which the WHATWG decoder must accept. */
function utf16Length(bytes: Uint8Array, from: number, to: number): number {
  let units = 0;
  let at = from;
  while (at < to) {
    const lead = bytes[at++] ?? 0;
    units += 1;
    if (lead < 0x80) continue;
    const second = at < to ? (bytes[at++] ?? 0) : 0;
    let more = 0;
    let low = 0x80;
    let high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) more = 0;
    else if (lead >= 0xe0 && lead <= 0xef) {
      more = 1;
      if (lead === 0xe0) low = 0xa0;
      if (lead === 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      more = 2;
      units += 1;
      if (lead === 0xf0) low = 0x90;
      if (lead === 0xf4) high = 0x8f;
    } else throw badText();
    if (second < low || second > high) throw badText();
    for (; more > 0; more -= 1) {
      const next = at < to ? (bytes[at++] ?? 0) : 0;
      if (next < 0x80 || next > 0xbf) throw badText();
    }
  }
  return units;
}

function badText(): SheafError {
  return new SheafError('malformed', 'The update holds text that is not UTF-8.');
}
