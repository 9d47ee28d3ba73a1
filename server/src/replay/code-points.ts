/** Text units (UTF-16) of one chunk; a chunk of twice as many is cut in two. */
const CHUNK_UNITS = 1_024;

interface Chunk {
  text: string;
  points: number;
}

function pointsOf(text: string): number {
  let points = 0;
  for (let at = 0; at < text.length; at += 1) {
    // A low surrogate is the second half of a point that was counted already.
    if ((text.charCodeAt(at) & 0xfc00) !== 0xdc00) points += 1;
  }
  return points;
}

function unitsOf(text: string, points: number): number {
  let at = 0;
  for (let seen = 0; seen < points; seen += 1) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

/** Whether a text has characters beyond the basic plane, of which UTF-16 makes two units. */
export function hasSurrogates(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}

/**
 * Where the nth code point of a text stands in UTF-16 units. Traces count the first, Yjs the second. The
 * text is kept in chunks of about {@link CHUNK_UNITS} units whose points are counted, so that a look-up or
 * a change costs one walk over the chunks (a hundred for 100 KB) and one inside a chunk, never the whole text.
 * A trace without any character beyond the basic plane needs none of this: its composition skips it.
 */
export class CodePointIndex {
  #chunks: Chunk[] = [];

  /** Code points of the whole text. */
  get length(): number {
    return this.#chunks.reduce((points, chunk) => points + chunk.points, 0);
  }

  /** UTF-16 units before code point `point`. A point past the end counts as the end. */
  unitsBefore(point: number): number {
    let units = 0;
    let rest = point;
    for (const chunk of this.#chunks) {
      if (rest < chunk.points) return units + unitsOf(chunk.text, rest);
      units += chunk.text.length;
      rest -= chunk.points;
    }
    return units;
  }

  /** Replaces `deleted` units at `unit` by `inserted`. Neither end may lie inside a surrogate pair. */
  replace(unit: number, deleted: number, inserted: string): void {
    let index = 0;
    let start = 0;
    for (; index < this.#chunks.length - 1; index += 1) {
      const length = this.#chunks[index]?.text.length ?? 0;
      if (unit <= start + length) break;
      start += length;
    }
    let joined = '';
    let last = index;
    // The chunks that the change touches become one text, which is then cut anew.
    while (last < this.#chunks.length && (last === index || start + joined.length < unit + deleted)) {
      joined += this.#chunks[last]?.text ?? '';
      last += 1;
    }
    const changed = joined.slice(0, unit - start) + inserted + joined.slice(unit - start + deleted);
    this.#chunks.splice(index, last - index, ...CodePointIndex.#cut(changed));
  }

  static #cut(text: string): Chunk[] {
    const chunks: Chunk[] = [];
    let at = 0;
    while (at < text.length) {
      let end = text.length - at < CHUNK_UNITS * 2 ? text.length : at + CHUNK_UNITS;
      if (end < text.length && (text.charCodeAt(end) & 0xfc00) === 0xdc00) end += 1;
      const piece = text.slice(at, end);
      chunks.push({ text: piece, points: pointsOf(piece) });
      at = end;
    }
    return chunks;
  }
}
