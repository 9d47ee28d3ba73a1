import {
  BLOCK,
  BLOCK_END,
  DIVIDER,
  marksOf,
  nodeTypeOf,
  OPAQUE_WORDS,
  readFrame,
  readTextKind,
  readTraits,
} from '@sheaf/schema';
import type { Block, Frame } from '@sheaf/schema';
import { Fragment } from '@tiptap/pm/model';
import type { Mark, Node, Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { wordsOf } from '../plain-text.ts';
import type { Holder } from '../plain-text.ts';

/** The formatting that holds at a place in the flow, as it is stored: also what the schema does not know. */
export type Formatting = Readonly<Record<string, unknown>>;

/** A block as it is stored. Where it lies is counted in the flow's own units, from the start of its segment. */
export interface FlowBlock extends Block {
  /** The frame as stored; {@link documentOf} shows what it comes to. */
  readonly frame: Frame;
  /** What is shown for it. Replaced by an equal node of the page, so that nodes keep their identity. */
  node: Node;
  /** The element that carries its attributes; null where nobody wrote one. */
  readonly element: Y.XmlElement | null;
  /** Where it begins, its text begins, its text ends, and it ends. */
  readonly at: number;
  readonly textAt: number;
  readonly textEnd: number;
  readonly end: number;
  /** Offsets within its text, as shown, of things that take more than one unit where they are stored. */
  readonly wide: ReadonlyMap<number, number>;
}

/** What stands from one element of the flow to the next: a block, and text that is in none, as blocks of its own. */
export interface Segment {
  /** The item of the element that it begins with; null for what stands before the first. */
  readonly first: Y.Item | null;
  readonly blocks: readonly FlowBlock[];
  readonly size: number;
  /** The formatting that holds where it begins, and where it ends. */
  readonly before: Formatting;
  readonly after: Formatting;
}

/** Reads one segment of the flow, whatever stands there; never throws. Gives the item of the next one's element. */
export function readSegment(
  from: { flow: Y.Text; schema: Schema; first: Y.Item | null },
  before: Formatting,
): { segment: Segment; next: Y.Item | null } {
  const reader = new SegmentReader(from.schema, before);
  if (from.first?.content instanceof Y.ContentType) reader.element(from.first, from.first.content.type);
  let item = from.first === null ? from.flow._start : from.first.right;
  for (; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (item.content instanceof Y.ContentType) break;
    reader.read(item);
  }
  return { segment: reader.finish(from.first), next: item };
}

interface OpenBlock {
  readonly element: Y.XmlElement | null;
  readonly at: number;
  readonly textAt: number;
  readonly code: boolean;
  readonly content: Node[];
  readonly wide: Map<number, number>;
  shown: number;
}

class SegmentReader {
  readonly #schema: Schema;
  readonly #before: Formatting;
  readonly #blocks: FlowBlock[] = [];
  #formatting: Formatting;
  #marks: readonly Mark[] | null = null;
  #size = 0;
  #open: OpenBlock | null = null;

  constructor(schema: Schema, before: Formatting) {
    this.#schema = schema;
    this.#before = before;
    this.#formatting = before;
  }

  element(item: Y.Item, type: Holder): void {
    const element = type instanceof Y.XmlElement ? type : null;
    this.#size = 1;
    if (element?.nodeName === BLOCK) return this.#begin(element, 0);
    const attributes = element?.getAttributes() ?? {};
    const divider = element?.nodeName === DIVIDER;
    const shown = divider ? 'horizontalRule' : 'opaqueBlock';
    const opaque = () => ({
      ref: refOf(item.id),
      name: element?.nodeName ?? '',
      words: wordsOf(type, OPAQUE_WORDS),
    });
    const { suggestions } = readTraits(shown, attributes);
    const node = this.#schema.nodes[shown]?.create({ ...(divider ? null : opaque()), suggestions });
    if (!node) throw new Error('The schema is not one of documents.');
    const frame = readFrame(attributes);
    this.#blocks.push({ frame, node, element, at: 0, textAt: 1, textEnd: 1, end: 1, wide: new Map() });
  }

  read(item: Y.Item): void {
    const { content } = item;
    if (content instanceof Y.ContentFormat) this.#format(content.key, content.value);
    else if (content instanceof Y.ContentString) this.#string(content.str);
    else if (item.countable) this.#opaque(item);
  }

  finish(first: Y.Item | null): Segment {
    this.#close(this.#size);
    return {
      first,
      blocks: this.#blocks,
      size: this.#size,
      before: this.#before,
      after: this.#formatting,
    };
  }

  #begin(element: Y.XmlElement | null, at: number): void {
    const { kind } = readTextKind(element?.getAttributes() ?? {});
    const code = kind === 'code';
    this.#open = { element, at, textAt: this.#size, code, content: [], wide: new Map(), shown: 0 };
  }

  #format(key: string, value: unknown): void {
    const { [key]: _ended, ...others } = this.#formatting;
    this.#formatting = value === null ? others : { ...others, [key]: value };
    this.#marks = null;
  }

  #string(text: string): void {
    const parts = text.split(BLOCK_END);
    parts.forEach((part, index) => {
      if (part !== '') this.#text(part);
      if (index === parts.length - 1) return;
      this.#size += 1;
      // An end without a beginning ends nothing.
      this.#close(this.#size - 1, this.#size);
    });
  }

  #text(text: string): void {
    if (this.#open === null) this.#begin(null, this.#size);
    this.#size += text.length;
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
    if (this.#open === null) this.#begin(null, this.#size);
    if (!this.#open) return;
    if (item.length > 1) this.#open.wide.set(this.#open.shown, item.length);
    this.#size += item.length;
    // Code holds plain text only: there, the character that stands for objects.
    if (this.#open.code) return this.#show('\uFFFC', this.#marksInCode());
    const attrs = { ref: refOf(item.id), name: '', words: '' };
    this.#add(this.#schema.nodes['opaqueInline']?.create(attrs, null, this.#marksHere()));
  }

  #close(textEnd: number, end = textEnd): void {
    if (this.#open === null) return;
    const { element, at, textAt, content, wide } = this.#open;
    this.#open = null;
    const attributes = element?.getAttributes() ?? {};
    const { type, attrs } = nodeTypeOf(this.#schema, readTextKind(attributes));
    const traits = readTraits(type.name, attributes);
    const node = type.create({ ...attrs, ...traits }, Fragment.fromArray(content));
    this.#blocks.push({ frame: readFrame(attributes), node, element, at, textAt, textEnd, end, wide });
  }
}

/** How a node of the page names the item that it stands for. */
export function refOf({ client, clock }: Y.ID): string {
  return `${client}:${clock}`;
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
