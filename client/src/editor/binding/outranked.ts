import { isBlank, tableEnds } from '@sheaf/schema';
import { hasCome, isThere } from './brought-back.ts';
import type * as Y from 'yjs';
import { FirstUnits } from './first-units.ts';
import { unitsOfBlock } from './block-units.ts';
import { MOVED } from './moved.ts';
import type { Stretch } from './moved.ts';
import { compareRanks, NEVER_REPEATED, rankOfElement } from './rank.ts';
import type { Rank, Told } from './rank.ts';
import type { FlowBlock, FlowPart, FlowTablePart } from './segment.ts';
import { UnitSet } from './unit-set.ts';

/** Clients that are told apart, and clocks of each, where it is looked whether anything is there twice: together they fit a number. */
const MOST_CLIENTS = 8_192;
const MOST_CLOCKS = 2 ** 40;

/**
 * Stretches of text that moved blocks together have and tell of. Where there are more no copies are told apart, for somebody may make
 * them so that sorting them takes seconds: 100,000 took 6.
 */
const MOST_IN_ALL = 20_000;

/** A block or table of which another copy counts, or a block of which others hold something that counts. */
export interface Outranked {
  readonly part: FlowBlock | FlowTablePart;
  /** What of it is not shown: a block that holds nothing else, or all of a table but what stands in its cells. */
  readonly hidden: readonly FlowPart[];
  /** What others have of a block that holds more, which is not shown either: from and to, in the flow's units from its text. */
  readonly known: readonly (readonly [from: number, to: number])[];
  /** Whether another copy of the same block or table counts. */
  readonly another: boolean;
}

/**
 * Finds the copies of moved blocks and tables that do not count, and the characters that another one repeats which counts
 * (SPEC FLOW-21, FLOW-22): of the copies of one block, all but the one that was moved most often, or last by the order of ids; of
 * the characters that were first the same one, all but the one with the greatest rank, wherever they stand. Everybody finds the
 * same ones, whatever order they came in.
 */
export class OutrankedBlocks {
  readonly #flow: Y.Text;
  readonly #units = new WeakMap<FlowBlock, readonly Stretch[]>();
  /** What each block holds that was written again; anew as soon as something else is told. */
  #carried = new WeakMap<FlowBlock, readonly Carried[]>();
  #moved: readonly MovedPart[] = [];
  #broughtBack: readonly Told[] = [];
  /** The attributes that tell of {@link #moved}, and whether any two tell of the same. */
  #items: ReadonlySet<Y.Item | undefined> = new Set();
  #twice = false;
  /**
   * What is told of as repeated and stands in the flow nonetheless: that somebody moved it has not come, but that another moved it
   * from there has. Whether it has come itself is not known yet where it is told of `early`.
   */
  #standing = new UnitSet();
  #early = false;
  #told: FirstUnits<Told> | null = null;
  /** What was looked through last, and what was found: of the blocks, and the tables. */
  #looked: readonly (FlowPart | readonly Carried[])[] = [];
  #blocks: readonly Outranked[] = [];
  #tables: ReadonlySet<FlowPart> = new Set();

  constructor(flow: Y.Text) {
    this.#flow = flow;
  }

  /** Whether anything is told of twice, or may be when more has come; where nothing is, and no more is told, all counts. */
  get twice(): boolean {
    return this.#twice || this.#early;
  }

  /** What elements tell that are gone by now. */
  get toldByGone(): Told[] {
    return toldBy(this.#moved.filter(({ at }) => at.element?._item?.deleted === true));
  }

  /** What all units were first, by what is told now. */
  get told(): FirstUnits<Told> {
    this.#told ??= new FirstUnits([...toldBy(this.#moved), ...this.#broughtBack]);
    return this.#told;
  }

  /** `broughtBack`: what undo brought back; another list only where something else is told. */
  among(parts: readonly FlowPart[], broughtBack: readonly Told[]): Outranked[] {
    this.#moved = parts.filter(wasMoved);
    const items = new Set(this.#moved.map(({ at }) => at.element?._map.get(MOVED)));
    const more = broughtBack !== this.#broughtBack || [...items].some((item) => !this.#items.has(item));
    this.#broughtBack = broughtBack;
    if (more || items.size < this.#items.size) [this.#told, this.#carried] = [null, new WeakMap()];
    this.#items = items;
    // What was told of no two at once is not told of more by typing, nor by deleting.
    if (more || this.#twice || this.#early) this.#twice = this.#isTwice();
    if (this.#twice) this.#look(parts);
    else [this.#looked, this.#blocks, this.#tables] = [[], [], new Set()];
    if (this.#tables.size === 0) return [...this.#blocks];
    return [...this.#blocks, ...wholly(parts, (part) => this.#tables.has(part))];
  }

  /**
   * Whether any name or any unit may be there twice, by what is told. Of stretches none of which overlap, each ends before the
   * next one begins, also when ends and beginnings are sorted by themselves.
   */
  #isTwice(): boolean {
    const told = [
      ...toldBy(this.#moved),
      ...this.#broughtBack.filter(({ from }) => isThere(this.#flow, from)),
    ];
    [this.#standing, this.#early] = [new UnitSet(), false];
    if (told.length > MOST_IN_ALL) return false;
    const units =
      this.#broughtBack.length === 0
        ? told.map(({ first }) => first)
        : told.flatMap(({ first }) => this.told.of(first));
    const standing = units.filter((one) => isThere(this.#flow, one));
    this.#standing = new UnitSet(standing);
    this.#early = units.some((one) => !hasCome(this.#flow, one));
    if (standing.length > 0) return true;
    if (new Set(this.#moved.map(({ at }) => at.moved?.block)).size < this.#moved.length) return true;
    const clients = new Map<number, number>();
    for (const { client } of units) if (!clients.has(client)) clients.set(client, clients.size);
    const begin = ({ client, clock }: Stretch) => (clients.get(client) ?? 0) * MOST_CLOCKS + clock;
    if (clients.size > MOST_CLIENTS || units.some(({ clock, length }) => clock + length > MOST_CLOCKS))
      return true;
    const begins = Float64Array.from(units, begin).sort();
    const ends = Float64Array.from(units, (one) => begin(one) + one.length).sort();
    return begins.some((one, at) => one < (ends[at - 1] ?? 0));
  }

  #look(parts: readonly FlowPart[]): void {
    const carried = new Map<FlowBlock, readonly Carried[]>();
    for (const part of parts) {
      if (part.type !== 'block') continue;
      const standing = this.#standingIn(part);
      const all = standing.length > 0 ? [...this.#carriedBy(part), ...standing] : this.#carriedBy(part);
      if (all.length > 0) carried.set(part, all);
    }
    const looked = [...this.#moved, ...carried.keys(), ...carried.values()];
    if (looked.length === this.#looked.length && looked.every((one, at) => one === this.#looked[at])) return;
    this.#looked = looked;
    const losing = losingCopies(this.#moved);
    const known = this.#knownAmong(carried, losing);
    const tables = this.#moved.filter((part) => part.type === 'table' && losing.has(part));
    [this.#blocks, this.#tables] = known ? [[], new Set(tables)] : [[], new Set()];
    if (!known) return;
    const blocks = new Set([...this.#moved.filter((part) => part.type === 'block'), ...carried.keys()]);
    this.#blocks = [...blocks].flatMap((block) => {
      const another = losing.has(block);
      const its = merged(known.get(block) ?? []);
      return another || its.length > 0 ? [outranked(block, its, another)] : [];
    });
  }

  /** Which units of each block others have that count; null if there are too many to look. */
  #knownAmong(
    carried: ReadonlyMap<FlowBlock, readonly Carried[]>,
    losing: ReadonlyMap<FlowPart, MovedPart>,
  ): Map<FlowBlock, [number, number][]> | null {
    const all = [...carried].flatMap(([block, units]) => units.map((one) => ({ block, ...one })));
    const told = this.#moved.reduce((sum, { at }) => sum + (at.moved?.copied.length ?? 0), 0);
    if (all.length + told > MOST_IN_ALL) return null;
    const winners = new Map<object | null, UnitSet>();
    for (const [part, winner] of losing)
      if (winner.type === 'block') winners.set(part.at.element, this.#hadBy(winner));
    const known = new Map<FlowBlock, [number, number][]>();
    const taken = new UnitSet();
    for (const { block, offset, first, by } of all.toSorted((a, b) => compareRanks(a.rank, b.rank))) {
      const ranges = [taken, by && winners.get(by)].flatMap((set) => (set ? set.within(first) : []));
      const its = known.get(block) ?? [];
      its.push(...ranges.map(([from, to]): [number, number] => [offset + from, offset + to]));
      known.set(block, its);
      taken.add(first);
    }
    return known;
  }

  /** What a block holds that was written again or stands in one that was: as it was first. */
  #carriedBy(block: FlowBlock): readonly Carried[] {
    const before = this.#carried.get(block);
    if (before) return before;
    const { element, moved } = block.at;
    const id = element?._item?.id ?? null;
    const own = moved && id ? rankOfElement(moved.times, id) : null;
    const found: Carried[] = [];
    let offset = 0;
    for (const stretch of this.#unitsOf(block))
      for (const { told, ...first } of this.told.of(stretch)) {
        const rank = told?.rank ?? own;
        if (rank) found.push({ offset, first, rank, by: told ? told.by : element });
        offset += first.length;
      }
    this.#carried.set(block, found);
    return found;
  }

  /** What is repeated elsewhere of a block that was never written again. */
  #standingIn(block: FlowBlock): readonly Carried[] {
    if (block.at.moved !== null || this.#standing.empty) return [];
    const found: Carried[] = [];
    let offset = 0;
    for (const { client, clock, length } of this.#unitsOf(block)) {
      for (const [from, to] of this.#standing.within({ client, clock, length })) {
        const first = { client, clock: clock + from, length: to - from };
        found.push({ offset: offset + from, first, rank: NEVER_REPEATED, by: null });
      }
      offset += length;
    }
    return found;
  }

  #unitsOf(block: FlowBlock): readonly Stretch[] {
    const units = this.#units.get(block) ?? unitsOfBlock(this.#flow, block);
    this.#units.set(block, units);
    return units;
  }

  /** The units that a block had when it was moved, deleted meanwhile or not, and those that it has. */
  #hadBy(block: FlowBlock): UnitSet {
    const had = (block.at.moved?.copied ?? []).flatMap(({ first }) => this.told.of(first));
    return new UnitSet([...had, ...this.#carriedBy(block).map(({ first }) => first)]);
  }
}

/** A stretch of a block's text, by its offset in it, which repeats what it was first. */
interface Carried {
  readonly offset: number;
  readonly first: Stretch;
  readonly rank: Rank;
  readonly by: object | null;
}

type MovedPart = FlowBlock | FlowTablePart;

function toldBy(moved: readonly MovedPart[]): Told[] {
  return moved
    .toSorted((a, b) => (outranks(a, b) ? -1 : 1))
    .flatMap(({ at: { element, moved: says } }) => {
      const id = element?._item?.id;
      if (!id || !says) return [];
      const rank = rankOfElement(says.times, id);
      return says.copied.map((one) => ({ ...one, rank, by: element }));
    });
}

/** The copies of blocks and tables of which another one counts, with that one. */
function losingCopies(moved: readonly MovedPart[]): Map<FlowPart, MovedPart> {
  const winners = new Map<string | undefined, MovedPart>();
  const losing = new Map<FlowPart, MovedPart>();
  for (const part of moved.toSorted((a, b) => (outranks(a, b) ? -1 : 1))) {
    const winner = winners.get(part.at.moved?.block) ?? part;
    winners.set(part.at.moved?.block, winner);
    if (part !== winner && part.type === winner.type) losing.set(part, winner);
  }
  return losing;
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

/** Ranges in order, none within or beside another. */
function merged(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const found: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

function outranked(block: FlowBlock, known: readonly [number, number][], another: boolean): Outranked {
  const { element, moved, textAt, textEnd } = block.at;
  const [only] = known;
  const all = known.length === 1 && only?.[0] === 0 && only[1] >= textEnd - textAt;
  // A block that nobody moved is one without its words as well.
  const whole = textAt === textEnd || (all && (moved !== null || element === null));
  return { part: block, hidden: whole ? [block] : [], known: whole ? [] : known, another };
}
