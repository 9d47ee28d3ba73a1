import type { AttributeValue } from './content.ts';

/** The lists that a block can be an item of. */
export type ListKind = 'bullet' | 'ordered' | 'task';

/**
 * Where a block stands among others: what it begins, and in how many of those that began before it stands. A
 * document is a flat row of blocks; its quotes and lists are these frames.
 */
export interface Frame {
  /** How many of the quotes and items that stand open before it hold this block. */
  readonly indent: number;
  /** How many quotes begin with it. */
  readonly quote: number;
  /** The list whose item begins with it, within those quotes. */
  readonly list: ListKind | null;
  /** Whether its task is done. */
  readonly checked: boolean;
  /** The number of the first item of an ordered list; 1 elsewhere. */
  readonly start: number;
  /** How an ordered list counts, as in HTML's `type`; at its first item. */
  readonly numbering: string | null;
  /** Begins a new list although the one before it is of the same kind. */
  readonly apart: boolean;
}

/** A block at the top, in no list and no quote. */
export const PLAIN: Frame = {
  indent: 0,
  quote: 0,
  list: null,
  checked: false,
  start: 1,
  numbering: null,
  apart: false,
};

/** Quotes and items that may stand within each other; what is deeper is shown at this depth. */
export const DEEPEST = 32;
/** The largest number that a list may begin with, as in CommonMark. */
const LARGEST_START = 999_999_999;

const isCount = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;

/** Reads the attributes of an element of the flow. What is not of the grammar counts as absent. */
export function readFrame(attributes: Readonly<Record<string, unknown>>): Frame {
  const { indent, quote, list, checked, start, numbering, apart } = attributes;
  return {
    indent: isCount(indent, DEEPEST) ? indent : 0,
    quote: isCount(quote, DEEPEST) ? quote : 0,
    list: list === 'bullet' || list === 'ordered' || list === 'task' ? list : null,
    checked: checked === true,
    start: isStart(start) ? start : 1,
    numbering: isNumbering(numbering) ? numbering : null,
    apart: apart === true,
  };
}

/** Whether an ordered list may begin with `value`. */
export function isStart(value: unknown): value is number {
  return isCount(value, LARGEST_START);
}

/** Whether an ordered list may count in this way. */
export function isNumbering(value: unknown): value is string {
  return typeof value === 'string' && /^[1aAiI]$/.test(value);
}

/** The attributes by which `wanted` differs from `present`; null removes one. */
export function frameChanges(present: Frame, wanted: Frame): Map<string, AttributeValue | null> {
  const changes = new Map<string, AttributeValue | null>();
  for (const name of ['indent', 'quote', 'list', 'checked', 'start', 'numbering', 'apart'] as const)
    if (present[name] !== wanted[name]) changes.set(name, wanted[name] === PLAIN[name] ? null : wanted[name]);
  return changes;
}

/** What stands open where the next block begins: its quotes and items, and the list that ended last at each depth. */
export class OpenFrames {
  /** The kind of the list that stands last in each open container; the first is the document itself. */
  readonly #lists: (ListKind | null)[] = [null];

  /**
   * What a frame comes to at this place: a block cannot be deeper than what is open before it, nor begin a list
   * where it cannot be an item. `item` tells whether its kind can begin an item.
   */
  effective(frame: Frame, item: boolean): Frame {
    const indent = Math.min(frame.indent, this.#lists.length - 1);
    const list = item && indent < DEEPEST ? frame.list : null;
    const quote = Math.min(frame.quote, DEEPEST - indent - (list === null ? 0 : 1));
    const follows = list !== null && quote === 0 && this.#lists[indent] === list;
    const apart = follows && frame.apart;
    const counts = list === 'ordered' && (!follows || apart);
    return {
      indent,
      quote,
      list,
      checked: list === 'task' && frame.checked,
      start: counts ? frame.start : 1,
      numbering: counts ? frame.numbering : null,
      apart,
    };
  }

  /** Goes on behind a block with this frame, which must be an effective one. */
  enter(frame: Frame): void {
    this.#lists.length = frame.indent + 1;
    if (frame.quote > 0 || frame.list === null) this.#lists[frame.indent] = null;
    for (let quote = 0; quote < frame.quote; quote += 1) this.#lists.push(null);
    if (frame.list === null) return;
    this.#lists[this.#lists.length - 1] = frame.list;
    this.#lists.push(null);
  }
}
