import { BLOCK_END } from '@sheaf/schema';
import { beginOf, endOf } from './segment.ts';
import type { FlowBlock, FlowPart } from './segment.ts';
import type * as Y from 'yjs';
import { FlowEdits } from './flow-edits.ts';
import { firstOf, itemsOf, MOVED, unitsIn } from './moved.ts';
import type { Moved, Stretch } from './moved.ts';

/** A block of which another copy counts, and what of its text that one has: from and to, in the flow's units from its text. */
export interface Outranked {
  readonly block: FlowBlock;
  readonly known: readonly (readonly [from: number, to: number])[];
  /** Whether it holds nothing else: then it is not shown. */
  readonly whole: boolean;
}

/**
 * Finds the copies of moved blocks that do not count (SPEC FLOW-21): of those of one block, all but the one that was
 * moved most often, or last by the order of ids. Everybody finds the same ones, whatever order they came in.
 */
export class OutrankedBlocks {
  readonly #known = new WeakMap<FlowBlock, { winner: FlowBlock; found: Outranked }>();

  among(parts: readonly FlowPart[]): Outranked[] {
    const copies = new Map<string, FlowBlock[]>();
    for (const part of parts)
      if (part.type === 'block' && part.at.moved !== null) {
        const { block } = part.at.moved;
        const others = copies.get(block);
        if (others) others.push(part);
        else copies.set(block, [part]);
      }
    const found: Outranked[] = [];
    for (const blocks of copies.values()) {
      if (blocks.length === 1) continue;
      const winner = blocks.reduce((best, one) => (outranks(one, best) ? one : best));
      for (const block of blocks) if (block !== winner) found.push(this.#outranked(block, winner));
    }
    return found;
  }

  #outranked(block: FlowBlock, winner: FlowBlock): Outranked {
    const before = this.#known.get(block);
    if (before?.winner === winner) return before.found;
    const found = compare(block, winner);
    this.#known.set(block, { winner, found });
    return found;
  }
}

function outranks(a: FlowBlock, b: FlowBlock): boolean {
  const more = (a.at.moved?.times ?? 0) - (b.at.moved?.times ?? 0);
  const [one, other] = [a.at.element?._item?.id, b.at.element?._item?.id];
  if (more !== 0 || !one || !other) return more > 0;
  return one.client !== other.client ? one.client > other.client : one.clock > other.clock;
}

function compare(block: FlowBlock, winner: FlowBlock): Outranked {
  const { element, moved, textAt, textEnd } = block.at;
  const has = new Units(winner.at);
  const known: [number, number][] = [];
  let at = 0;
  if (element && moved)
    for (const { item, length } of itemsOf(element, BLOCK_END)) {
      const { client, clock } = item.id;
      for (const stretch of firstOf([{ client, clock, length }], moved.copied))
        for (let unit = 0; unit < stretch.length; unit += 1, at += 1) {
          if (!has.has(stretch.client, stretch.clock + unit)) continue;
          const last = known.at(-1);
          if (last?.[1] === at) last[1] = at + 1;
          else known.push([at, at + 1]);
        }
    }
  const length = textEnd - textAt;
  const whole = length === 0 || (known.length === 1 && known[0]?.[0] === 0 && known[0][1] >= length);
  return { block, known, whole };
}

/** The units that a block had when it was moved, deleted meanwhile or not, and those that it has. */
class Units {
  readonly #byClient = new Map<number, Stretch[]>();

  constructor({ element, moved }: { element: FlowBlock['at']['element']; moved: Moved | null }) {
    const copied = moved?.copied ?? [];
    const present = element ? firstOf(unitsIn(element, BLOCK_END), copied) : [];
    for (const stretch of [...copied.map(({ first }) => first), ...present]) {
      const of = this.#byClient.get(stretch.client);
      if (of) of.push(stretch);
      else this.#byClient.set(stretch.client, [stretch]);
    }
  }

  has(client: number, at: number): boolean {
    return (
      this.#byClient.get(client)?.some(({ clock, length }) => at >= clock && at < clock + length) === true
    );
  }
}

/** Deletes what another copy has; what stays is a block of its own. To be called in a Yjs transaction. */
export function dropCopies(flow: Y.Text, copies: readonly Outranked[]): void {
  const edits = new FlowEdits();
  for (const { block, known, whole } of copies) {
    const text = block.at.segment.start + block.at.textAt;
    if (whole) edits.delete(beginOf(block), endOf(block));
    else {
      for (const [from, to] of known) edits.delete(text + from, text + to);
      block.at.element?.removeAttribute(MOVED);
    }
  }
  edits.apply(flow);
}
