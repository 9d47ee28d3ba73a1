import { Arranger, isSameFrame, NotesLast } from '@sheaf/schema';
import type { Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { unitsBetween } from './block-units.ts';
import { readBroughtBack, tellsOf } from './brought-back.ts';
import { lastUpTo } from './first-units.ts';
import type { FirstUnits } from './first-units.ts';
import { unitAgain } from './moved.ts';
import type { Moved, Stretch, Unit } from './moved.ts';
import type { Told } from './rank.ts';
import { OutrankedBlocks, wholly } from './outranked.ts';
import type { Outranked } from './outranked.ts';
import { beginOf, readSegment, sameFormatting } from './segment.ts';
import type { FlowBlock, FlowEntry, FlowPart, FlowPlace, Formatting, Segment } from './segment.ts';
import { TouchedSegments } from './touched-segments.ts';
import { withoutUnits } from './without-known.ts';

/** What a transaction changed: nothing but the texts of these entries, by their index and rising; null if there is more to it. */
export interface Reread {
  readonly texts: readonly number[] | null;
}

const ANYTHING: Reread = { texts: null };

/**
 * A document's flow as blocks, kept current by reading what a transaction touched and no more. It only reads: a
 * flow of any content, broken or hostile, gives blocks.
 */
export class FlowModel {
  readonly flow: Y.Text;
  readonly #schema: Schema;
  #segments: Segment[] = [];
  /** The segments by the item of their element. */
  #byItem = new Map<Y.Item, Segment>();
  readonly #arranger: Arranger<FlowPlace>;
  readonly #notes = new NotesLast<FlowPlace>();
  readonly #copies: OutrankedBlocks;
  #outranked: readonly Outranked[] = [];
  /** What undo brought back; null where that is to be read anew. */
  #broughtBack: readonly Told[] | null = null;
  /** What is shown of blocks of which others have a part, by that part. */
  readonly #without = new WeakMap<FlowBlock, { readonly key: string; readonly shown: FlowBlock }>();
  #entries: readonly FlowEntry[] = [];
  /** Whether all stands on the page in the order of the flow: there are no footnotes. */
  #inOrder = false;

  constructor(flow: Y.Text, schema: Schema) {
    this.flow = flow;
    this.#schema = schema;
    this.#arranger = new Arranger(schema);
    this.#copies = new OutrankedBlocks(flow);
    this.#readAll();
  }

  /** What is shown: blocks, and tables with what stands in them, in the order of the page, which is the flow's but for footnotes. */
  get entries(): readonly FlowEntry[] {
    return this.#entries;
  }

  /** The copies of blocks and tables of which another one counts; what is hidden of them is not among the entries. */
  get outranked(): readonly Outranked[] {
    return this.#outranked;
  }

  /** What units of the flow were first, by what is told now. */
  get told(): FirstUnits<Told> {
    return this.#copies.told;
  }

  /** What elements told that the transaction which is going on has deleted. */
  get toldByGone(): readonly Told[] {
    return this.#copies.toldByGone;
  }

  /** The text that is not shown since others have it. */
  get hiddenUnits(): Stretch[] {
    return this.#outranked.flatMap(({ part, hidden, known }) => {
      if (part.type === 'table') return [];
      const { textAt, textEnd } = part.at;
      const ranges = hidden.length > 0 ? [[0, textEnd - textAt] as const] : known;
      return ranges.flatMap(([from, to]) => unitsBetween(this.flow, part, from, to));
    });
  }

  /** Whether each block stands once and where it is stored: nothing is told of twice, and there are no footnotes. */
  get isPlain(): boolean {
    return this.#inOrder && !this.#copies.twice && this.#outranked.length === 0;
  }

  /** Reads what `transaction` changed; null if that is nothing. To be called when it has ended. */
  update(transaction: Y.Transaction): Reread | null {
    const told = tellsOf(transaction, this.flow);
    if (told) this.#broughtBack = null;
    const touched = new TouchedSegments(this.flow, this.#byItem);
    if (!touched.collect(transaction)) {
      this.#readAll();
      return ANYTHING;
    }
    if (!touched.any && !told) return null;
    const texts = told || touched.elements ? null : this.#rereadTexts(touched);
    if (texts) return { texts };
    this.#rereadAround(touched);
    return ANYTHING;
  }

  /** Reads what was touched where the same elements stand in the same order as before, and none is told of twice. */
  #rereadTexts(touched: TouchedSegments): readonly number[] | null {
    if (!this.isPlain) return null;
    const reread: { place: number; old: Segment; now: Segment }[] = [];
    for (const first of touched.firsts) {
      const place =
        first === null ? 0 : lastUpTo(this.#segments, this.#byItem.get(first)?.start ?? 0, startOf);
      const old = this.#segments[place];
      if (old?.first !== first) return null;
      const into: Segment[] = [];
      this.#reread(old, { formatting: old.before, until: this.#segments[place + 1]?.first ?? null, into });
      const [now] = into;
      if (!now || into.length > 1 || !sameFormatting(now.after, old.after)) return null;
      reread.push({ place, old, now });
    }
    const texts = this.#withTexts(reread);
    if (!texts) return null;
    for (const { place, old, now } of reread) {
      now.start = old.start;
      this.#segments[place] = now;
      const more = now.size - old.size;
      if (more !== 0)
        for (let behind = place + 1; behind < this.#segments.length; behind += 1) {
          const segment = this.#segments[behind];
          if (segment) segment.start += more;
        }
    }
    this.#entries = texts.entries;
    return texts.changed;
  }

  #rereadAround(touched: TouchedSegments): void {
    const alive: Segment[] = [];
    for (const segment of this.#segments)
      if (segment.first?.deleted === true) this.#byItem.delete(segment.first);
      else alive.push(segment);
    const next: Segment[] = [];
    let formatting: Formatting = {};
    for (let index = 0; index < alive.length; index += 1) {
      const segment = alive[index];
      if (!segment) continue;
      if (!touched.has(segment) && sameFormatting(segment.before, formatting)) next.push(segment);
      else this.#reread(segment, { formatting, until: alive[index + 1]?.first ?? null, into: next });
      formatting = next[next.length - 1]?.after ?? {};
    }
    this.#place(next);
    this.#arrange();
  }

  /** The formatting that text gets which is inserted at `index` without any of its own. */
  formattingBefore(index: number): Formatting {
    const segment = this.#segments[this.#reaching(index)];
    if (!segment || index === 0) return {};
    let left = index - segment.start;
    let formatting = segment.before;
    for (let item = segment.first ?? this.flow._start; item !== null; item = item.right) {
      if (item.deleted) continue;
      if (item.content instanceof Y.ContentFormat)
        formatting = { ...formatting, [item.content.key]: item.content.value };
      else if (item.countable) left -= item.length;
      if (left <= 0) break;
    }
    return Object.fromEntries(Object.entries(formatting).filter(([, value]) => value !== null));
  }

  /** The item that holds the unit before `index`, and the offset of that unit in it; null at the very start. */
  unitBefore(index: number): { item: Y.Item; offset: number } | null {
    const segment = this.#segments[this.#reaching(index)];
    if (!segment || index === 0) return null;
    let { start } = segment;
    for (let item = segment.first ?? this.flow._start; item !== null; item = item.right) {
      if (item.deleted || !item.countable) continue;
      if (start + item.length >= index) return { item, offset: index - start - 1 };
      start += item.length;
    }
    return null;
  }

  /** Whether anything begins in the flow from one index on and before the other, apart from what is not shown. */
  standsBetween(from: number, to: number): boolean {
    if (from >= to) return false;
    const hidden = new Set(this.#outranked.flatMap((one) => one.hidden));
    const isBetween = (part: FlowPart) => beginOf(part) >= from && beginOf(part) < to && !hidden.has(part);
    return this.#segments.some(({ parts }) => parts.some(isBetween));
  }

  /** Of copies that were not shown, those that now are, since those that counted are gone. */
  appeared(copies: readonly Outranked[]): Outranked[] {
    const elements = new Set(
      copies.flatMap(({ part: { at }, hidden }) => (hidden.length > 0 && at.element ? [at.element] : [])),
    );
    if (elements.size === 0) return [];
    const outranked = new Set<FlowPart>(this.#outranked.map(({ part }) => part));
    const parts = this.#segments.flatMap((segment) => segment.parts);
    return wholly(
      parts,
      (part) => part.at.element !== null && elements.has(part.at.element) && !outranked.has(part),
    );
  }

  /** The item of the element that a block has now which was written again, by the name of the block; null if there is none. */
  writtenAgain(block: string): Y.Item | null {
    return this.#partAgain(block)?.at.element?._item ?? null;
  }

  /** The flow's index at which the text of such a block ends; null if there is none. */
  endWrittenAgain(block: unknown): number | null {
    const part = this.#partAgain(block);
    return part && part.at.segment.start + part.at.textEnd;
  }

  #partAgain(block: unknown): FlowPart | null {
    const outranked = new Set<FlowPart>(
      this.#outranked.flatMap(({ part, another }) => (another ? part : [])),
    );
    for (const { parts } of this.#segments)
      for (const part of parts) if (part.at.moved?.block === block && !outranked.has(part)) return part;
    return null;
  }

  /** The living unit that repeats, in a block that was moved, what was `first` this one; null if there is none. */
  copyOf(first: Unit): { item: Y.Item; offset: number } | null {
    const store = this.flow.doc?.store;
    if (!store) return null;
    const hidden = new Set(this.#outranked.flatMap((one) => one.hidden));
    const all: (Pick<Moved, 'copied'> | null)[] = [{ copied: this.#broughtBack ?? [] }];
    for (const { parts } of this.#segments)
      for (const part of parts) if (!hidden.has(part)) all.push(part.at.moved);
    for (const moved of all) {
      const again = moved && unitAgain(moved, first);
      if (!again || again.clock >= Y.getState(store, again.client)) continue;
      const item: unknown = Y.getItem(store, Y.createID(again.client, again.clock));
      if (item instanceof Y.Item && !item.deleted && item.countable && item.parent === this.flow)
        return { item, offset: again.clock - item.id.clock };
    }
    return null;
  }

  /** The flow's index just before `item`, an item of the flow, living or deleted. */
  indexOf(item: Y.Item): number {
    let inside = 0;
    for (let at = item; ; at = at.left) {
      const segment = at.deleted ? undefined : this.#byItem.get(at);
      if (at !== item && !at.deleted && at.countable) inside += at.length;
      if (segment) return segment.start + inside;
      if (at.left === null) return inside;
    }
  }

  /** The parts without what others have. */
  #shownOf(parts: readonly FlowPart[]): FlowPart[] {
    const hidden = new Set(this.#outranked.flatMap((one) => one.hidden));
    const known = new Map<FlowPart, Outranked['known']>(this.#outranked.map((one) => [one.part, one.known]));
    return parts.flatMap((part) => {
      const ranges = known.get(part) ?? [];
      if (hidden.has(part)) return [];
      return part.type === 'block' && ranges.length > 0 ? [this.#withoutUnits(part, ranges)] : [part];
    });
  }

  #withoutUnits(block: FlowBlock, ranges: Outranked['known']): FlowBlock {
    const before = this.#without.get(block);
    const key = ranges.join();
    if (before?.key === key) return before.shown;
    const shown = withoutUnits(block, ranges);
    this.#without.set(block, { key, shown });
    return shown;
  }

  #reread(old: Segment, to: { formatting: Formatting; until: Y.Item | null; into: Segment[] }): void {
    let first = old.first;
    let { formatting } = to;
    for (;;) {
      const { segment, next } = readSegment({ flow: this.flow, schema: this.#schema, first }, formatting);
      // What is shown unchanged keeps its identity.
      if (first === old.first) keepNodes(segment.parts, old.parts);
      to.into.push(segment);
      if (first !== null) this.#byItem.set(first, segment);
      formatting = segment.after;
      if (next === null || next === to.until) return;
      first = next;
    }
  }

  #readAll(): void {
    const none: Segment = { first: null, parts: [], size: 0, start: 0, before: {}, after: {} };
    const known = this.#segments[0] ?? none;
    const segments: Segment[] = [];
    const byItem = this.#byItem;
    this.#byItem = new Map();
    this.#reread(known, { formatting: {}, until: null, into: segments });
    for (const segment of segments) {
      const before = segment.first === null ? undefined : byItem.get(segment.first);
      keepNodes(segment.parts, before?.parts ?? []);
    }
    this.#place(segments);
    this.#arrange();
  }

  #place(segments: Segment[]): void {
    this.#segments = segments;
    let start = 0;
    for (const segment of segments) {
      segment.start = start;
      start += segment.size;
    }
  }

  /** The last segment that begins before `index`; the first where none does. */
  #reaching(index: number): number {
    return Math.max(0, lastUpTo(this.#segments, index - 1, startOf));
  }

  /** The entries where nothing but the text of some blocks in no table is another one; null where there is more to it. */
  #withTexts(
    reread: readonly { old: Segment; now: Segment }[],
  ): { entries: readonly FlowEntry[]; changed: number[] } | null {
    const entries = [...this.#entries];
    const changed: number[] = [];
    for (const { old, now } of reread) {
      if (old.parts.length !== now.parts.length) return null;
      for (const [index, was] of old.parts.entries()) {
        const is = now.parts[index];
        const at = is && isSameButText(was, is) ? entries.indexOf(was) : -1;
        if (!is || is.type !== 'block' || at < 0) return null;
        entries[at] = is;
        changed.push(at);
      }
    }
    return { entries, changed: changed.toSorted((a, b) => a - b) };
  }

  #arrange(): void {
    const parts = this.#segments.flatMap((segment) => segment.parts);
    this.#broughtBack ??= readBroughtBack(this.flow);
    this.#outranked = this.#copies.among(parts, this.#broughtBack);
    const shown = this.#outranked.length > 0 ? this.#shownOf(parts) : parts;
    const arranged = this.#arranger.arrange(shown);
    this.#entries = this.#notes.order(arranged);
    this.#inOrder = this.#entries === arranged;
  }
}

const startOf = ({ start }: Segment) => start;

/** Whether two readings of a part are of one block that was never moved, and differ in nothing but its text. */
function isSameButText(was: FlowPart, is: FlowPart): was is FlowBlock {
  return (
    was.type === 'block' &&
    is.type === 'block' &&
    was.at.element === is.at.element &&
    was.at.moved === null &&
    is.at.moved === null &&
    was.node.sameMarkup(is.node) &&
    isSameFrame(was.frame, is.frame)
  );
}

/** What is shown unchanged keeps its identity. */
function keepNodes(parts: readonly FlowPart[], known: readonly FlowPart[]): void {
  parts.forEach((part, index) => {
    const before = known[index];
    if (part.type === 'block' && before?.type === 'block' && before.node.eq(part.node))
      part.node = before.node;
  });
}
