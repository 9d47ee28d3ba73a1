import {
  BLOCK,
  BLOCK_END,
  CELL,
  CELL_END,
  COLUMN,
  CONTENTS,
  DIVIDER,
  isMedia,
  marksOf,
  nodeOfAtom,
  nodeTypeOf,
  readAtom,
  OPAQUE_WORDS,
  readCellLook,
  readFrame,
  readLineId,
  readMedia,
  readTextKind,
  readTraits,
  readWidth,
  ROW,
  TABLE,
  TABLE_END,
} from '@sheaf/schema';
import type { BlockPart, Entry, Part, TableLayout, TablePart } from '@sheaf/schema';
import { Fragment } from '@tiptap/pm/model';
import type { Mark, Node, Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { wordsOf } from '../plain-text.ts';
import type { Holder } from '../plain-text.ts';
import { itemsOf, MOVED, readMoved } from './moved.ts';
import type { Moved } from './moved.ts';
import { refOf } from './ref.ts';

/** The formatting that holds at a place in the flow, as it is stored: also what the schema does not know. */
export type Formatting = Readonly<Record<string, unknown>>;

/** Units of a text that are shown as one, or not at all (SPEC FLOW-22): by the offset at which they are shown. */
export interface Uneven {
  readonly shown: number;
  readonly shows: 0 | 1;
  readonly length: number;
}

/** Where a part of the flow is stored, counted in the flow's own units from the start of its segment. */
export interface FlowPlace {
  readonly segment: Segment;
  /** The element that carries its attributes; null where nobody wrote one, and for an end. */
  readonly element: Y.XmlElement | null;
  /** Where it begins, its text begins, its text ends, and it ends. */
  readonly at: number;
  readonly textAt: number;
  readonly textEnd: number;
  readonly end: number;
  /** What in its text takes another number of units where it is stored than where it is shown; in order. */
  readonly uneven: readonly Uneven[];
  /** What its element says of the block that it was written again for; null for what was not. */
  readonly moved: Moved | null;
}

/** A part of the flow. */
export type FlowPart = Part<FlowPlace>;
/** What begins a table, as it is stored. */
export type FlowTablePart = TablePart<FlowPlace>;
/** A block as it is stored, with its frame as stored. */
export type FlowBlock = BlockPart<FlowPlace>;
/** A table as it is stored and shown. */
export type FlowTable = TableLayout<FlowPlace>;
/** A block or table as it is stored and shown. */
export type FlowEntry = Entry<FlowPlace>;

/** What stands from one element of the flow to the next: a part, and text and ends that are in none. */
export interface Segment {
  /** The item of the element that it begins with; null for what stands before the first. */
  readonly first: Y.Item | null;
  readonly parts: readonly FlowPart[];
  readonly size: number;
  /** The flow's index at which it begins; kept current by the model. */
  start: number;
  /** The formatting that holds where it begins, and where it ends. */
  readonly before: Formatting;
  readonly after: Formatting;
}

/** The flow's index at which a part begins. */
export function beginOf({ at }: FlowPart): number {
  return at.segment.start + at.at;
}

/** The flow's index behind a part. */
export function endOf({ at }: FlowPart): number {
  return at.segment.start + at.end;
}

/** Reads one segment of the flow, whatever stands there; never throws. Gives the item of the next one's element. */
export function readSegment(
  from: { flow: Y.Text; schema: Schema; first: Y.Item | null },
  before: Formatting,
): { segment: Segment; next: Y.Item | null } {
  const reader = new SegmentReader(from.schema, from.first, before);
  if (from.first?.content instanceof Y.ContentType) reader.element(from.first, from.first.content.type);
  let item = from.first === null ? from.flow._start : from.first.right;
  for (; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (item.content instanceof Y.ContentType) break;
    reader.read(item);
  }
  return { segment: reader.finish(), next: item };
}

interface OpenBlock {
  readonly element: Y.XmlElement | null;
  readonly at: number;
  readonly textAt: number;
  readonly code: boolean;
  readonly content: Node[];
  readonly uneven: Uneven[];
  shown: number;
}

/** What ends something, where it stands in a text. */
const ENDS = new RegExp(`([${BLOCK_END}${CELL_END}${TABLE_END}])`);
const ALL_EVEN: readonly Uneven[] = [];

/** The segment as it is being read. */
interface Draft extends Segment {
  readonly parts: FlowPart[];
  size: number;
  after: Formatting;
}

class SegmentReader {
  readonly #schema: Schema;
  readonly #segment: Draft;
  #formatting: Formatting;
  #marks: readonly Mark[] | null = null;
  #open: OpenBlock | null = null;

  constructor(schema: Schema, first: Y.Item | null, before: Formatting) {
    this.#schema = schema;
    this.#segment = { first, parts: [], size: 0, start: 0, before, after: before };
    this.#formatting = before;
  }

  element(item: Y.Item, type: Holder): void {
    const element = type instanceof Y.XmlElement ? type : null;
    this.#segment.size = 1;
    if (element?.nodeName === BLOCK) return this.#begin(element, 0);
    const at = this.#place(element, 0, 1);
    const attributes: Readonly<Record<string, unknown>> = element?.getAttributes() ?? {};
    this.#segment.parts.push(
      tablePart(element?.nodeName ?? '', attributes, at) ?? this.#thing(item, type, at),
    );
  }

  #thing(item: Y.Item, type: Holder, at: FlowPlace): FlowBlock {
    const name = at.element?.nodeName ?? '';
    const attributes = at.element?.getAttributes() ?? {};
    const media = isMedia(name) ? name : null;
    const known = name === DIVIDER ? 'horizontalRule' : name === CONTENTS ? 'contents' : null;
    const shown = media ?? known ?? 'opaqueBlock';
    const opaque = () => ({ ref: refOf(item.id), name, words: wordsOf(type, OPAQUE_WORDS) });
    const own = media ? readMedia(media, attributes) : known === null ? opaque() : null;
    const node = this.#schema.nodes[shown]?.create({ ...own, ...readTraits(shown, attributes) });
    if (!node) throw new Error('The schema is not one of documents.');
    return { type: 'block', frame: readFrame(attributes), node, at };
  }

  #place(element: Y.XmlElement | null, at: number, end: number): FlowPlace {
    const moved = readMoved(element?.getAttribute(MOVED));
    return { segment: this.#segment, element, at, textAt: end, textEnd: end, end, uneven: ALL_EVEN, moved };
  }

  read(item: Y.Item): void {
    const { content } = item;
    if (content instanceof Y.ContentFormat) this.#format(content.key, content.value);
    else if (content instanceof Y.ContentString) this.#string(content.str);
    else if (item.countable) this.#opaque(item);
  }

  finish(): Segment {
    this.#close(this.#segment.size);
    this.#segment.after = this.#formatting;
    return this.#segment;
  }

  #begin(element: Y.XmlElement | null, at: number): void {
    const code = readTextKind(element?.getAttributes() ?? {}).kind === 'code' && !holdsAtom(element);
    this.#open = { element, at, textAt: this.#segment.size, code, content: [], uneven: [], shown: 0 };
  }

  #format(key: string, value: unknown): void {
    const { [key]: _ended, ...others } = this.#formatting;
    this.#formatting = value === null ? others : { ...others, [key]: value };
    this.#marks = null;
  }

  #string(text: string): void {
    for (const part of text.split(ENDS)) {
      if (!ENDS.test(part)) {
        if (part !== '') this.#text(part);
        continue;
      }
      const at = this.#segment.size;
      this.#segment.size += 1;
      // The end of a block that nobody began ends nothing.
      if (part === BLOCK_END) this.#close(at, at + 1);
      else {
        this.#close(at);
        const type = part === CELL_END ? 'cellEnd' : 'tableEnd';
        this.#segment.parts.push({ type, at: this.#place(null, at, at + 1) });
      }
    }
  }

  #text(text: string): void {
    if (this.#open === null) this.#begin(null, this.#segment.size);
    this.#segment.size += text.length;
    if (this.#open?.code === true) return this.#show(text, this.#marksInCode());
    const lines = text.split('\n');
    lines.forEach((line, index) => {
      if (index > 0) this.#add(this.#schema.nodes['hardBreak']?.create(null, null, this.#marksHere()));
      if (line !== '') this.#show(line, this.#marksHere());
    });
  }

  #marksHere(): readonly Mark[] {
    this.#marks ??= marksOf(this.#schema, this.#formatting);
    return this.#marks;
  }

  /** Code has suggestions and no formatting. */
  #marksInCode(): readonly Mark[] {
    return this.#schema.nodes['codeBlock']?.allowedMarks(this.#marksHere()) ?? [];
  }

  #show(text: string, marks: readonly Mark[]): void {
    this.#add(this.#schema.text(text, marks));
  }

  #add(node: Node | undefined): void {
    if (!this.#open || !node) return;
    const { content } = this.#open;
    const last = content[content.length - 1];
    if (last?.isText === true && node.isText && last.sameMarkup(node))
      content[content.length - 1] = this.#schema.text(`${last.text ?? ''}${node.text ?? ''}`, last.marks);
    else content.push(node);
    this.#open.shown += node.nodeSize;
  }

  #opaque(item: Y.Item): void {
    if (this.#open === null) this.#begin(null, this.#segment.size);
    if (!this.#open) return;
    if (item.length > 1) this.#open.uneven.push({ shown: this.#open.shown, shows: 1, length: item.length });
    this.#segment.size += item.length;
    // Code holds plain text only: there, the character that stands for objects.
    if (this.#open.code) return this.#show('\uFFFC', this.#marksInCode());
    const atom = item.content instanceof Y.ContentEmbed ? readAtom(item.content.embed) : null;
    if (atom) return this.#add(nodeOfAtom(this.#schema, atom).mark(this.#marksHere()));
    const attrs = { ref: refOf(item.id), name: '', words: '' };
    this.#add(this.#schema.nodes['opaqueInline']?.create(attrs, null, this.#marksHere()));
  }

  #close(textEnd: number, end = textEnd): void {
    if (this.#open === null) return;
    const { element, at, textAt, content, uneven } = this.#open;
    const attributes = element?.getAttributes() ?? {};
    const stored = readTextKind(attributes);
    const { type, attrs } = nodeTypeOf(
      this.#schema,
      stored.kind === 'code' && !this.#open.code ? readTextKind({}) : stored,
    );
    this.#open = null;
    const traits = readTraits(type.name, attributes);
    const node = type.create({ ...attrs, ...traits }, Fragment.fromArray(content));
    const moved = readMoved(attributes[MOVED]);
    const place = { segment: this.#segment, element, at, textAt, textEnd, end, uneven, moved };
    this.#segment.parts.push({ type: 'block', frame: readFrame(attributes), node, at: place });
  }
}

/** Whether a day or a mention stands in a block's text: code can hold none, and would not show it. */
function holdsAtom(element: Y.XmlElement | null): boolean {
  for (const { item } of element ? itemsOf(element, BLOCK_END) : [])
    if (item.content instanceof Y.ContentEmbed && readAtom(item.content.embed)) return true;
  return false;
}

/** What an element is in a table; null if it is none of a table. */
function tablePart(
  name: string,
  attributes: Readonly<Record<string, unknown>>,
  at: FlowPlace,
): FlowPart | null {
  const { id, header, width, row, column, toRow, toColumn } = attributes;
  // A page shows no column by itself, and so nothing that is suggested of one: it stays stored.
  const { suggestions } = readTraits(name, name === COLUMN ? {} : attributes);
  if (name === TABLE) return { type: 'table', frame: readFrame(attributes), suggestions, at };
  if (name === COLUMN || name === ROW)
    return {
      type: name,
      id: readLineId(id),
      header: header === true,
      width: name === COLUMN ? readWidth(width) : null,
      suggestions,
      at,
    };
  if (name !== CELL) return null;
  return {
    type: 'cell',
    row: readLineId(row),
    column: readLineId(column),
    toRow: readLineId(toRow) || null,
    toColumn: readLineId(toColumn) || null,
    ...readCellLook(attributes),
    suggestions,
    at,
  };
}

/** Whether two formattings are the same. */
export function sameFormatting(a: Formatting, b: Formatting): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name]))
  );
}

function sameValue(a: unknown, b: unknown): boolean {
  return (
    a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
  );
}
