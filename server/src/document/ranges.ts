/** From so many ranges on, a merge of both lists is cheaper than inserting one by one. */
const MANY = 16;

/** A set of half-open ranges of whole numbers, kept sorted and merged. */
export class Ranges {
  /** start, end, start, end, … ascending; neither touching nor overlapping. */
  #bounds: number[] = [];

  /** How many ranges. */
  get count(): number {
    return this.#bounds.length / 2;
  }

  /** start, end, start, end, … ascending. Not to be changed. */
  get bounds(): readonly number[] {
    return this.#bounds;
  }

  /** Adds the numbers from `start` to before `end`; `start` must be less than `end`. */
  add(start: number, end: number): void {
    const bounds = this.#bounds;
    const size = bounds.length;
    if (size === 0 || start > (bounds[size - 1] ?? 0)) {
      bounds.push(start, end);
      return;
    }
    const from = this.#firstEnding(start);
    const first = bounds[from] ?? 0;
    if (end < first) {
      bounds.splice(from, 0, start, end);
      return;
    }
    let to = from;
    let last = end;
    while (to < size && (bounds[to] ?? 0) <= end) {
      last = Math.max(last, bounds[to + 1] ?? 0);
      to += 2;
    }
    bounds[from] = Math.min(start, first);
    bounds[from + 1] = last;
    if (to > from + 2) bounds.splice(from + 2, to - from - 2);
  }

  /** Adds several ranges: start, end, start, end, … ascending, not overlapping. */
  addAll(bounds: ArrayLike<number>): void {
    const own = this.#bounds;
    if (own.length === 0 || (bounds[0] ?? 0) > (own.at(-1) ?? 0)) return this.#append(bounds);
    if (bounds.length < 2 * MANY) {
      for (let i = 0; i < bounds.length; i += 2) this.add(bounds[i] ?? 0, bounds[i + 1] ?? 0);
      return;
    }
    const merged = new Ranges();
    let at = 0;
    for (let i = 0; i < bounds.length; i += 2) {
      const start = bounds[i] ?? 0;
      for (; at < own.length && (own[at] ?? 0) <= start; at += 2) merged.add(own[at] ?? 0, own[at + 1] ?? 0);
      merged.add(start, bounds[i + 1] ?? 0);
    }
    for (; at < own.length; at += 2) merged.add(own[at] ?? 0, own[at + 1] ?? 0);
    this.#bounds = merged.#bounds;
  }

  /** Adds ranges that all come behind those that are here, of which some may touch. */
  #append(bounds: ArrayLike<number>): void {
    const own = this.#bounds;
    for (let i = 0; i < bounds.length; i += 2) {
      const [start, end] = [bounds[i] ?? 0, bounds[i + 1] ?? 0];
      if (own.length > 0 && own[own.length - 1] === start) own[own.length - 1] = end;
      else own.push(start, end);
    }
  }

  /** Whether every number from `start` to before `end` is in the set. */
  contains(start: number, end: number): boolean {
    const at = this.#firstEnding(end);
    return at < this.#bounds.length && (this.#bounds[at] ?? 0) <= start;
  }

  /** Appends to `out` the parts from `start` to before `end` that are not in the set: start, end, … ascending. */
  missing(start: number, end: number, out: number[]): void {
    const bounds = this.#bounds;
    let at = this.#firstEnding(start + 1);
    let from = start;
    while (from < end && at < bounds.length) {
      const known = bounds[at] ?? 0;
      if (known >= end) break;
      if (known > from) out.push(from, known);
      from = bounds[at + 1] ?? 0;
      at += 2;
    }
    if (from < end) out.push(from, end);
  }

  /** Index in the bounds of the first range that ends at `value` or later; their length when there is none. */
  #firstEnding(value: number): number {
    const bounds = this.#bounds;
    let low = 0;
    let high = bounds.length / 2;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((bounds[2 * middle + 1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return 2 * low;
  }
}
