import { lastUpTo } from './first-units.ts';
import type { Stretch } from './moved.ts';

/** A set of units, kept as stretches. */
export class UnitSet {
  /** Stretches of each client, in order, none within or beside another. */
  readonly #byClient = new Map<number, { from: number; to: number }[]>();

  constructor(stretches: Iterable<Stretch> = []) {
    for (const stretch of stretches) this.add(stretch);
  }

  get empty(): boolean {
    return this.#byClient.size === 0;
  }

  add({ client, clock, length }: Stretch): void {
    const of = this.#byClient.get(client) ?? [];
    this.#byClient.set(client, of);
    const before = lastUpTo(of, clock, ({ from }) => from);
    const at = (of[before]?.to ?? -1) >= clock ? before : before + 1;
    let [from, to, count] = [clock, clock + length, 0];
    for (let next = of[at]; next && next.from <= to; next = of[at + count]) {
      [from, to] = [Math.min(from, next.from), Math.max(to, next.to)];
      count += 1;
    }
    of.splice(at, count, { from, to });
  }

  /** Which of these units it has: from and to, counted from the first; in order. */
  within({ client, clock, length }: Stretch): [number, number][] {
    const of = this.#byClient.get(client) ?? [];
    const found: [number, number][] = [];
    const first = lastUpTo(of, clock, ({ from }) => from);
    for (let index = Math.max(0, first); index < of.length; index += 1) {
      const from = Math.max(of[index]?.from ?? 0, clock);
      const to = Math.min(of[index]?.to ?? 0, clock + length);
      if (from >= clock + length) break;
      if (from < to) found.push([from - clock, to - clock]);
    }
    return found;
  }

  /** Which of these units it has not. */
  without(stretch: Stretch): Stretch[] {
    const found: Stretch[] = [];
    let at = 0;
    for (const [from, to] of [...this.within(stretch), [stretch.length, stretch.length] as const]) {
      if (from > at) found.push({ ...stretch, clock: stretch.clock + at, length: from - at });
      at = to;
    }
    return found;
  }
}
