import type { Copied, Unit } from './moved.ts';

/**
 * Which of several stretches that repeat the same characters counts (SPEC FLOW-21). It never changes for a character that stands in
 * the flow, and what comes in the place of another one has a greater one: so of all that repeat a character the greatest is only
 * deleted by somebody who wants it gone.
 */
export interface Rank {
  /** How often the block was moved that tells of it. */
  readonly times: number;
  /** That block's element; 0:0 for what is told by none. */
  readonly owner: Unit;
  /** Greater each time that undo brings it back. */
  readonly again: number;
  /** How many characters came back with it. */
  readonly length: number;
  /** Itself. */
  readonly id: Unit;
}

/**
 * What {@link Rank.again} is at least, for each character that comes back at once: Yjs puts a stretch as a whole where its beginning
 * was, so a part of it that counts for itself would stand behind the rest. That often a part must come back before it does.
 */
const TIMES_A_PART = 1_000;

/** Characters that repeat others, and who tells it. */
export interface Told extends Copied {
  readonly rank: Rank;
  /** The element that tells; null where none does. */
  readonly by: object | null;
}

/** The least rank: of characters that repeat no others. */
export const NEVER_REPEATED: Rank = {
  times: 0,
  owner: { client: 0, clock: 0 },
  again: 0,
  length: 0,
  id: { client: 0, clock: 0 },
};

/** Below 0 if `a` counts before `b`. */
export function compareRanks(a: Rank, b: Rank): number {
  return (
    b.times - a.times ||
    compare(b.owner, a.owner) ||
    b.again - a.again ||
    b.length - a.length ||
    compare(b.id, a.id)
  );
}

/** `again` of `length` characters that come back in one piece, for others of these ranks. */
export function againAbove(ranks: readonly Rank[], length: number): number {
  return ranks.reduce((most, { again }) => Math.max(most, again + 1), length * TIMES_A_PART);
}

/** The rank of what one element tells, which was moved so often. */
export function rankOfElement(times: number, id: Unit): Rank {
  return { times, owner: id, again: 0, length: 0, id };
}

/** How often an element must count as moved so that what it tells of counts before what has `rank`. */
export function timesAbove({ times, owner }: Pick<Rank, 'times' | 'owner'>, element: Unit): number {
  return compare(owner, element) > 0 ? times + 1 : times;
}

function compare(a: Unit, b: Unit): number {
  return a.client - b.client || a.clock - b.clock;
}
