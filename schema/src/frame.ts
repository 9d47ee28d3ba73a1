import { isNoteId } from './atoms.ts';
import type { AttributeValue } from './content.ts';

/** The lists that a block can be an item of; a toggle is an item that stands in no list. */
export type ListKind = 'bullet' | 'ordered' | 'task' | 'toggle';

/** What a callout is of. */
export const CALLOUT_KINDS = ['note', 'info', 'success', 'warning', 'danger'] as const;
/** See {@link CALLOUT_KINDS}. */
export type CalloutKind = (typeof CALLOUT_KINDS)[number];

/**
 * Where a block stands among others: what it begins, and in how many of those that began before it stands. A
 * document is a flat row of blocks; its quotes, callouts and lists are these frames.
 */
export interface Frame {
  /** How many of the quotes, callouts and items that stand open before it hold this block. */
  readonly indent: number;
  /**
   * The quotes and callouts that begin with it, the outer ones first: `quote` and {@link calloutWord}s, with blanks between.
   */
  readonly opens: string;
  /** The list whose item begins with it, within those. */
  readonly list: ListKind | null;
  /** Whether its task is done. */
  readonly checked: boolean;
  /** The number of the first item of an ordered list; 1 elsewhere. */
  readonly start: number;
  /** How an ordered list counts, as in HTML's `type`; at its first item. */
  readonly numbering: string | null;
  /** Begins a new list although the one before it is of the same kind. */
  readonly apart: boolean;
  /** The footnote that it stands in, by its id; within that the rest of the frame counts. */
  readonly note: string | null;
}

/** A block at the top, in no list, no quote and no footnote. */
export const PLAIN: Frame = {
  indent: 0,
  opens: '',
  list: null,
  checked: false,
  start: 1,
  numbering: null,
  apart: false,
  note: null,
};

/** Quotes and items that may stand within each other; what is deeper is shown at this depth. */
export const DEEPEST = 32;
/** The largest number that a list may begin with, as in CommonMark. */
const LARGEST_START = 999_999_999;

/** One emoji, as UTS #51 builds them: a flag, a key, or pictures that are joined to one. No letter, and no markup. */
const EMOJI =
  /^(?:\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|\p{ExtPict}(?:\p{EMod}|\uFE0F)?(?:[\u{E0020}-\u{E007E}]+\u{E007F}|(?:\u200D\p{ExtPict}(?:\p{EMod}|\uFE0F)?)*))$/u;
/** The longest of them, UTF-16 units. */
const LONGEST_EMOJI = 32;

const LIST_KINDS: readonly ListKind[] = ['bullet', 'ordered', 'task', 'toggle'];

const isCount = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;

/** What begins with a block, as words. */
export function openings(opens: string): string[] {
  return opens === '' ? [] : opens.split(' ');
}

/** Reads an attribute `quote`: a count of quotes, or words where there are callouts. */
function readOpens(quote: unknown): string {
  if (isCount(quote, DEEPEST)) return Array.from({ length: quote }, () => 'quote').join(' ');
  if (typeof quote !== 'string') return '';
  const words = openings(quote);
  const known = words.every((word) => word === 'quote' || calloutOf(word) !== null);
  return known && words.length <= DEEPEST ? quote : '';
}

/** Whether a callout can be of this kind. */
export function isCalloutKind(value: unknown): value is CalloutKind {
  return CALLOUT_KINDS.some((kind) => kind === value);
}

/** What a callout is: its kind, and the emoji that it has instead of that one's icon. */
export interface CalloutLook {
  readonly kind: CalloutKind;
  readonly icon: string | null;
}

/** Reads the icon of a callout: one emoji, whole; null if it is anything else. */
export function readIcon(value: unknown): string | null {
  return typeof value === 'string' && value.length <= LONGEST_EMOJI && EMOJI.test(value) ? value : null;
}

/** A callout as a word among the {@link openings} of a block: its kind, with a colon and its icon if it has one. */
export function calloutWord({ kind, icon }: CalloutLook): string {
  return icon === null ? kind : `${kind}:${icon}`;
}

/** The callout that a word stands for; null if it stands for none. */
export function calloutOf(word: string): CalloutLook | null {
  const [kind, told, ...more] = word.split(':');
  const icon = readIcon(told);
  if (!isCalloutKind(kind) || more.length > 0 || (told !== undefined && icon === null)) return null;
  return { kind, icon };
}

/** Reads the attributes of an element of the flow. What is not of the grammar counts as absent. */
export function readFrame(attributes: Readonly<Record<string, unknown>>): Frame {
  const { indent, quote, list, checked, start, numbering, apart, note } = attributes;
  return {
    indent: isCount(indent, DEEPEST) ? indent : 0,
    opens: readOpens(quote),
    list: LIST_KINDS.find((kind) => kind === list) ?? null,
    checked: checked === true,
    start: isStart(start) ? start : 1,
    numbering: isNumbering(numbering) ? numbering : null,
    apart: apart === true,
    note: isNoteId(note) ? note : null,
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
  for (const name of ['indent', 'list', 'checked', 'start', 'numbering', 'apart', 'note'] as const)
    if (present[name] !== wanted[name]) changes.set(name, wanted[name] === PLAIN[name] ? null : wanted[name]);
  if (present.opens !== wanted.opens) {
    const words = openings(wanted.opens);
    const quotes = words.every((word) => word === 'quote');
    changes.set('quote', words.length === 0 ? null : quotes ? words.length : wanted.opens);
  }
  return changes;
}

/** Whether two frames say the same. */
export function isSameFrame(one: Frame, other: Frame): boolean {
  return (
    one === other ||
    (one.indent === other.indent &&
      one.opens === other.opens &&
      one.list === other.list &&
      one.checked === other.checked &&
      one.start === other.start &&
      one.numbering === other.numbering &&
      one.apart === other.apart &&
      one.note === other.note)
  );
}

/** What stands open where the next block begins: its quotes, callouts and items, and the list that ended last at each depth. */
export class OpenFrames {
  /** The kind of the list that stands last in each open container; the first is the document, or the footnote. */
  #lists: (ListKind | null)[] = [null];
  readonly #notes: boolean;
  #note: string | null = null;

  /** In a document; with `notes` false in a cell, where no footnote can stand. */
  constructor({ notes }: { readonly notes: boolean } = { notes: true }) {
    this.#notes = notes;
  }

  /**
   * What a frame comes to at this place: a block cannot be deeper than what is open before it, nor begin a list
   * where it cannot be an item. `item` tells whether its kind can begin an item.
   */
  effective(frame: Frame, item: boolean): Frame {
    const note = this.#notes ? frame.note : null;
    const lists = note === this.#note ? this.#lists : [null];
    const indent = Math.min(frame.indent, lists.length - 1);
    const list = item && indent < DEEPEST ? frame.list : null;
    const room = DEEPEST - indent - (list === null ? 0 : 1);
    const opens = openings(frame.opens).slice(0, room).join(' ');
    const follows = list !== null && list !== 'toggle' && opens === '' && lists[indent] === list;
    const apart = follows && frame.apart;
    const counts = list === 'ordered' && (!follows || apart);
    return {
      indent,
      opens,
      list,
      checked: list === 'task' && frame.checked,
      start: counts ? frame.start : 1,
      numbering: counts ? frame.numbering : null,
      apart,
      note,
    };
  }

  /** Goes on behind a block with this frame, which must be an effective one. */
  enter(frame: Frame): void {
    if (frame.note !== this.#note) this.#lists = [null];
    this.#note = frame.note;
    this.#lists.length = frame.indent + 1;
    const words = openings(frame.opens);
    if (words.length > 0 || frame.list === null) this.#lists[frame.indent] = null;
    for (let opened = 0; opened < words.length; opened += 1) this.#lists.push(null);
    if (frame.list === null) return;
    this.#lists[this.#lists.length - 1] = frame.list;
    this.#lists.push(null);
  }
}
