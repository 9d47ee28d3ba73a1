import { BLOCK_END, isBlank, tableEnds } from '@sheaf/schema';
import { beginOf, endOf } from './segment.ts';
import type { FlowBlock, FlowPart, FlowPlace, FlowTablePart } from './segment.ts';
import type * as Y from 'yjs';
import { FlowEdits } from './flow-edits.ts';
import { FirstUnits, itemsOf, lastUpTo, MOVED, unitsIn } from './moved.ts';
import type { Stretch } from './moved.ts';

/** A block or table of which another copy counts. */
export interface Outranked {
  readonly part: FlowBlock | FlowTablePart;
  /** What of it is not shown: a block that holds nothing else, or all of a table but what stands in its cells. */
  readonly hidden: readonly FlowPart[];
  /** What the other one has of a block that holds more: from and to, in the flow's units from its text. */
  readonly known: readonly (readonly [from: number, to: number])[];
}

/**
 * Finds the copies of moved blocks and tables that do not count (SPEC FLOW-21): of those of one block, all but the one
 * that was moved most often, or last by the order of ids. Everybody finds the same ones, whatever order they came in.
 */
export class OutrankedBlocks {
  readonly #known = new WeakMap<FlowBlock, { winner: FlowBlock; found: Outranked }>();
  readonly #units = new WeakMap<FlowBlock, Units>();

  among(parts: readonly FlowPart[]): Outranked[] {
    const copies = new Map<string, (FlowBlock | FlowTablePart)[]>();
    for (const part of parts)
      if ((part.type === 'block' || part.type === 'table') && part.at.moved !== null) {
        const { block } = part.at.moved;
        const others = copies.get(block);
        if (others) others.push(part);
        else copies.set(block, [part]);
      }
    const found: Outranked[] = [];
    const tables = new Set<FlowPart>();
    for (const blocks of copies.values()) {
      if (blocks.length === 1) continue;
      const winner = blocks.reduce((best, one) => (outranks(one, best) ? one : best));
      for (const part of blocks) {
        if (part === winner || part.type !== winner.type) continue;
        if (part.type === 'table') tables.add(part);
        else if (winner.type === 'block') found.push(this.#outranked(part, winner));
      }
    }
    return tables.size === 0 ? found : [...found, ...wholly(parts, (part) => tables.has(part))];
  }

  #outranked(block: FlowBlock, winner: FlowBlock): Outranked {
    const before = this.#known.get(block);
    if (before?.winner === winner) return before.found;
    const units = this.#units.get(winner) ?? new Units(winner.at);
    this.#units.set(winner, units);
    const found = compare(block, units);
    this.#known.set(block, { winner, found });
    return found;
  }
}

/**
 * Blocks and tables of which nothing is to be shown. What stands in a table's cells are blocks by themselves, which others
 * outrank or not.
 */
export function wholly(parts: readonly FlowPart[], are: (part: FlowPart) => boolean): Outranked[] {
  const ends = tableEnds(parts);
  return parts.flatMap((part, at): Outranked[] => {
    if (!are(part)) return [];
    if (part.type === 'block') return [{ part, hidden: [part], known: [] }];
    if (part.type !== 'table') return [];
    const hidden: FlowPart[] = [part];
    for (let index = at + 1; index < (ends.get(at) ?? parts.length); index += 1) {
      const inner = parts[index];
      if (inner?.type === 'table') index = (ends.get(index) ?? parts.length) - 1;
      else if (inner && (inner.type !== 'block' || isBlank(inner))) hidden.push(inner);
    }
    return [{ part, hidden, known: [] }];
  });
}

function outranks(a: FlowPart, b: FlowPart): boolean {
  const more = (a.at.moved?.times ?? 0) - (b.at.moved?.times ?? 0);
  const [one, other] = [a.at.element?._item?.id, b.at.element?._item?.id];
  if (more !== 0 || !one || !other) return more > 0;
  return one.client !== other.client ? one.client > other.client : one.clock > other.clock;
}

function compare(block: FlowBlock, has: Units): Outranked {
  const { element, moved, textAt, textEnd } = block.at;
  const first = new FirstUnits(moved?.copied ?? []);
  const known: [number, number][] = [];
  let at = 0;
  for (const { item, length } of element ? itemsOf(element, BLOCK_END) : [])
    for (const stretch of first.of({ client: item.id.client, clock: item.id.clock, length })) {
      for (const [from, to] of has.within(stretch)) {
        const last = known.at(-1);
        if (last?.[1] === at + from) last[1] = at + to;
        else known.push([at + from, at + to]);
      }
      at += stretch.length;
    }
  const length = textEnd - textAt;
  const whole = length === 0 || (known.length === 1 && known[0]?.[0] === 0 && known[0][1] >= length);
  return { part: block, hidden: whole ? [block] : [], known: whole ? [] : known };
}

/** The units that a block had when it was moved, deleted meanwhile or not, and those that it has. */
class Units {
  /** Stretches of each client, in order, none within or beside another. */
  readonly #byClient = new Map<number, { from: number; to: number }[]>();

  constructor({ element, moved }: FlowPlace) {
    const first = new FirstUnits(moved?.copied ?? []);
    const present = element ? unitsIn(element, BLOCK_END).flatMap((stretch) => first.of(stretch)) : [];
    const all = [...(moved?.copied ?? []).map((one) => one.first), ...present];
    for (const { client, clock, length } of all.toSorted((a, b) => a.clock - b.clock)) {
      const of = this.#byClient.get(client) ?? [];
      const last = of.at(-1);
      if (last && clock <= last.to) last.to = Math.max(last.to, clock + length);
      else of.push({ from: clock, to: clock + length });
      this.#byClient.set(client, of);
    }
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

/** Deletes what another copy has; what stays is a block of its own. To be called in a Yjs transaction. */
export function dropCopies(flow: Y.Text, copies: readonly Outranked[]): void {
  const edits = new FlowEdits();
  for (const { part, hidden, known } of copies) {
    const text = part.at.segment.start + part.at.textAt;
    for (const one of hidden) edits.delete(beginOf(one), endOf(one));
    for (const [from, to] of known) edits.delete(text + from, text + to);
    if (hidden.length === 0) part.at.element?.removeAttribute(MOVED);
  }
  edits.apply(flow);
}
