import type { Copied, Stretch } from './moved.ts';

/** How often what units repeat may repeat others; only who learns late what undo brought back needs more than one. */
const DEEPEST = 4;

/** Units as they were first, and what tells so of them; null for units that repeat none. */
export interface First<T> extends Stretch {
  readonly told: T | null;
}

/** Tells of units what they were when somebody wrote them first. */
export class FirstUnits<T extends Copied = Copied> {
  readonly #byClient = new Map<number, T[]>();

  /** Where two tell of the same unit the one that comes first is believed. */
  constructor(copied: Iterable<T>) {
    for (const one of copied) {
      const of = this.#byClient.get(one.from.client);
      if (of) of.push(one);
      else this.#byClient.set(one.from.client, [one]);
    }
    for (const of of this.#byClient.values()) of.sort((a, b) => a.from.clock - b.from.clock);
  }

  /** The same units in the same order; those that were never written again are what they are. */
  of(stretch: Stretch): First<T>[] {
    return this.#byClient.size === 0 ? [{ ...stretch, told: null }] : this.#follow(stretch, 0);
  }

  #follow(stretch: Stretch, depth: number): First<T>[] {
    return this.#once(stretch).flatMap((one) =>
      one.told === null || depth === DEEPEST
        ? [one]
        : this.#follow(one, depth + 1).map((first) => ({ ...first, told: one.told })),
    );
  }

  #once({ client, clock, length }: Stretch): First<T>[] {
    const copied = this.#byClient.get(client) ?? [];
    const found: First<T>[] = [];
    const end = clock + length;
    let at = clock;
    for (let index = Math.max(0, lastUpTo(copied, at, clockOf)); at < end; index += 1) {
      const one = copied[index];
      const next = one && one.from.clock < end ? one : null;
      const own = Math.max(at, next?.from.clock ?? end);
      if (own > at) found.push({ client, clock: at, length: own - at, told: null });
      at = own;
      const stop = next ? Math.min(end, next.from.clock + next.from.length) : end;
      if (!next || stop <= at) continue;
      const first = next.first.clock + at - next.from.clock;
      found.push({ client: next.first.client, clock: first, length: stop - at, told: next });
      at = stop;
    }
    return found;
  }
}

const clockOf = ({ from }: Copied) => from.clock;

/** The index of the last of `sorted` that is at most `most`; -1 if there is none. */
export function lastUpTo<T>(sorted: readonly T[], most: number, value: (one: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = sorted[middle];
    if (one !== undefined && value(one) <= most) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
