import { BLOCK_END, isBlank, tableEnds } from '@sheaf/schema';
import { beginOf, endOf } from './segment.ts';
import type { FlowBlock, FlowPart, FlowTablePart } from './segment.ts';
import type * as Y from 'yjs';
import { FlowEdits } from './flow-edits.ts';
import { setAttributes } from './attributes.ts';
import { FirstUnits, lastUpTo, MOVED, unitsIn, writeMoved } from './moved.ts';
import type { Stretch } from './moved.ts';
import { refOf } from './ref.ts';

/** Clients that are told apart, and clocks of each, where it is looked whether anything is there twice: together they fit a number. */
const MOST_CLIENTS = 8_192;
const MOST_CLOCKS = 2 ** 40;

/**
 * Stretches of text that moved blocks together have and tell of. Where there are more no copies are told apart, for somebody may make
 * them so that sorting them takes seconds: 100,000 took 6.
 */
const MOST_IN_ALL = 20_000;

/** A block or table of which another copy counts, or a block of which another one holds something. */
export interface Outranked {
  readonly part: FlowBlock | FlowTablePart;
  /** What of it is not shown: a block that holds nothing else, or all of a table but what stands in its cells. */
  readonly hidden: readonly FlowPart[];
  /** What others have of a block that holds more: from and to, in the flow's units from its text. */
  readonly known: readonly (readonly [from: number, to: number])[];
  /** Whether another copy of the same block or table counts. */
  readonly another: boolean;
}

/**
 * Finds the copies of moved blocks and tables that do not count (SPEC FLOW-21): of those of one block, all but the one
 * that was moved most often, or last by the order of ids. In that order each unit counts in the first block that has it, whichever
 * block that is: who moves text that has come away from its block may name it otherwise than who saw it there. Everybody
 * finds the same ones, whatever order they came in.
 */
export class OutrankedBlocks {
  readonly #units = new WeakMap<FlowBlock, readonly Stretch[]>();
  #moved: readonly MovedPart[] = [];
  /** The attributes that tell of them, and whether any two tell of the same. */
  #told: ReadonlySet<Y.Item | undefined> = new Set();
  #twice = false;
  /** Of {@link #moved}: what is outranked of the blocks, and the tables. */
  #blocks: readonly Outranked[] = [];
  #tables: ReadonlySet<FlowPart> = new Set();

  among(parts: readonly FlowPart[]): Outranked[] {
    const moved = parts.filter(wasMoved);
    if (moved.length !== this.#moved.length || moved.some((part, at) => part !== this.#moved[at])) {
      this.#moved = moved;
      const told = moved.map(({ at }) => at.element?._map.get(MOVED));
      // What was told of no two at once is not told of more by typing, nor by deleting.
      if (this.#twice || told.some((item) => !this.#told.has(item))) this.#twice = isTwice(moved);
      this.#told = new Set(told);
      if (this.#twice) this.#look(moved);
      else [this.#blocks, this.#tables] = [[], new Set()];
    }
    if (this.#tables.size === 0) return [...this.#blocks];
    return [...this.#blocks, ...wholly(parts, (part) => this.#tables.has(part))];
  }

  #look(moved: readonly MovedPart[]): void {
    const ranked = moved.toSorted((a, b) => (outranks(a, b) ? -1 : 1));
    const winners = new Map<string | undefined, MovedPart>();
    const had = new Map<FlowBlock, Units>();
    const tables = new Set<FlowPart>();
    const found: Outranked[] = [];
    const taken = new Units();
    let left = MOST_IN_ALL;
    [this.#blocks, this.#tables] = [[], tables];
    for (const part of ranked) {
      const winner = winners.get(part.at.moved?.block) ?? part;
      winners.set(part.at.moved?.block, winner);
      const another = part !== winner && part.type === winner.type;
      if (part.type === 'table') {
        if (another) tables.add(part);
        continue;
      }
      const units = this.#unitsOf(part);
      left -= units.length + (part.at.moved?.copied.length ?? 0);
      if (left < 0) return void tables.clear();
      const counts = [taken];
      if (another && winner.type === 'block') {
        const its = had.get(winner) ?? this.#hadBy(winner);
        had.set(winner, its);
        counts.push(its);
      }
      const known = knownOf(units, counts);
      if (another || known.length > 0) found.push(outranked(part, known, another));
      for (const stretch of units) taken.add(stretch);
    }
    this.#blocks = found;
  }

  /** The units of a block, as they were first. */
  #unitsOf(block: FlowBlock): readonly Stretch[] {
    const { element, moved } = block.at;
    const before = this.#units.get(block);
    if (before || !element) return before ?? [];
    const first = new FirstUnits(moved?.copied ?? []);
    const units = unitsIn(element, BLOCK_END).flatMap((stretch) => first.of(stretch));
    this.#units.set(block, units);
    return units;
  }

  /** The units that a block had when it was moved, deleted meanwhile or not, and those that it has. */
  #hadBy(block: FlowBlock): Units {
    const units = new Units();
    for (const { first } of block.at.moved?.copied ?? []) units.add(first);
    for (const stretch of this.#unitsOf(block)) units.add(stretch);
    return units;
  }
}

type MovedPart = FlowBlock | FlowTablePart;

/**
 * Whether any name or any unit may be there twice, by what elements tell. Of stretches none of which overlap, each ends before the
 * next one begins, also when ends and beginnings are sorted by themselves.
 */
function isTwice(moved: readonly MovedPart[]): boolean {
  if (new Set(moved.map(({ at }) => at.moved?.block)).size < moved.length) return true;
  const units = moved.flatMap(({ at }) => (at.moved?.copied ?? []).map(({ first }) => first));
  const clients = new Map<number, number>();
  for (const { client } of units) if (!clients.has(client)) clients.set(client, clients.size);
  const begin = ({ client, clock }: Stretch) => (clients.get(client) ?? 0) * MOST_CLOCKS + clock;
  if (clients.size > MOST_CLIENTS || units.some(({ clock, length }) => clock + length > MOST_CLOCKS))
    return true;
  const begins = Float64Array.from(units, begin).sort();
  const ends = Float64Array.from(units, (one) => begin(one) + one.length).sort();
  return begins.some((one, at) => one < (ends[at - 1] ?? 0));
}

function wasMoved(part: FlowPart): part is MovedPart {
  return (part.type === 'block' || part.type === 'table') && part.at.moved !== null;
}

/**
 * Blocks and tables of which nothing is to be shown. What stands in a table's cells are blocks by themselves, which others
 * outrank or not.
 */
export function wholly(parts: readonly FlowPart[], are: (part: FlowPart) => boolean): Outranked[] {
  const ends = tableEnds(parts);
  return parts.flatMap((part, at): Outranked[] => {
    if (!are(part)) return [];
    if (part.type === 'block') return [{ part, hidden: [part], known: [], another: true }];
    if (part.type !== 'table') return [];
    const hidden: FlowPart[] = [part];
    for (let index = at + 1; index < (ends.get(at) ?? parts.length); index += 1) {
      const inner = parts[index];
      if (inner?.type === 'table') index = (ends.get(index) ?? parts.length) - 1;
      else if (inner && (inner.type !== 'block' || isBlank(inner))) hidden.push(inner);
    }
    return [{ part, hidden, known: [], another: true }];
  });
}

function outranks(a: FlowPart, b: FlowPart): boolean {
  const more = (a.at.moved?.times ?? 0) - (b.at.moved?.times ?? 0);
  const [one, other] = [a.at.element?._item?.id, b.at.element?._item?.id];
  if (more !== 0 || !one || !other) return more > 0;
  return one.client !== other.client ? one.client > other.client : one.clock > other.clock;
}

/** Which of these units some of `sets` have: from and to, counted from the first of all; in order, merged. */
function knownOf(units: readonly Stretch[], sets: readonly Units[]): [number, number][] {
  const found: [number, number][] = [];
  let at = 0;
  for (const stretch of units) {
    for (const has of sets) for (const [from, to] of has.within(stretch)) found.push([at + from, at + to]);
    at += stretch.length;
  }
  const merged: [number, number][] = [];
  for (const [from, to] of found.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function outranked(block: FlowBlock, known: readonly [number, number][], another: boolean): Outranked {
  const length = block.at.textEnd - block.at.textAt;
  const [only] = known;
  const whole = length === 0 || (known.length === 1 && only?.[0] === 0 && only[1] >= length);
  return { part: block, hidden: whole ? [block] : [], known: whole ? [] : known, another };
}

/** Sets of units. */
class Units {
  /** Stretches of each client, in order, none within or beside another. */
  readonly #byClient = new Map<number, { from: number; to: number }[]>();

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

  /** Which of these units it has: from and to, counted from the first. */
  within({ client, clock, length }: Stretch): [number, number][] {
    const of = this.#byClient.get(client) ?? [];
    const found: [number, number][] = [];
    for (
      let index = Math.max(
        0,
        lastUpTo(of, clock, ({ from }) => from),
      );
      index < of.length;
      index += 1
    ) {
      const [from, to] = [
        Math.max(of[index]?.from ?? 0, clock),
        Math.min(of[index]?.to ?? 0, clock + length),
      ];
      if (from >= clock + length) break;
      if (from < to) found.push([from - clock, to - clock]);
    }
    return found;
  }
}

/** Deletes what others have; what stays of a copy that does not count is a block of its own. To be called in a Yjs transaction. */
export function dropCopies(flow: Y.Text, copies: readonly Outranked[]): void {
  const edits = new FlowEdits();
  for (const { part, hidden, known, another } of copies) {
    const text = part.at.segment.start + part.at.textAt;
    for (const one of hidden) edits.delete(beginOf(one), endOf(one));
    for (const [from, to] of known) edits.delete(text + from, text + to);
    if (hidden.length === 0 && another) nameAnew(part);
  }
  edits.apply(flow);
}

/** Gives what stays of a copy a name of its own; what its units were first is told on, for others may have them as well. */
function nameAnew({ at: { element, moved } }: FlowBlock | FlowTablePart): void {
  const item = element?._item;
  const told = item && moved && writeMoved({ ...moved, block: refOf(item.id) });
  if (element && told) setAttributes(element, new Map([[MOVED, told]]));
}
