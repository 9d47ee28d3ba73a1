import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import type { Attrs, Node, Schema } from '@tiptap/pm/model';
import { withCodeMarks } from './code-marks.ts';
import { findRanges } from './comment-ranges.ts';
import type { CommentRange } from './comment-ranges.ts';
import { isNumbering, readIcon } from './frame.ts';
import { readTextKind, nodeTypeOf } from './leaves.ts';
import { isSafeLink } from './links.ts';
import { InlineReader } from './markdown-inline.ts';
import { CONTENTS_LINE, EMPTY_PARAGRAPH } from './markdown-text.ts';
import { readBlockTag } from './markdown-tags.ts';
import { addFootnotes } from './markdown-footnotes.ts';
import { addMath } from './markdown-math.ts';
import { parseJson } from './mark-tags.ts';
import { NONE, readSuggestionList } from './suggestions.ts';
import type { BlockSuggestion } from './suggestions.ts';
import type { Alignment } from './traits.ts';
import type { CalloutKind } from './frame.ts';
import { alertOf } from './markdown-alerts.ts';
import { isMediaLine, readCardLine, readImageLine, readToldMedia } from './markdown-media.ts';
import { referredUpload } from '@sheaf/proto/upload-address';
import { addTableTags, alignOf, endsStretch, readTable, readTableTag } from './markdown-table-tags.ts';
import type { ReadCell, ReadRow } from './markdown-table-tags.ts';

const parser = new MarkdownIt({ html: true }).disable(['html_block', 'reference', 'linkify'], true);
addTableTags(parser);
addMath(parser);
addFootnotes(parser);
parser.normalizeLink = (address) => address;
parser.validateLink = (address) => isSafeLink(address) || referredUpload(address) !== null;

const TASK = /^\[([ xX])\](?: |$)/;

/** What tags around blocks say of them. */
interface Around {
  readonly element: string;
  readonly align: Alignment | null;
  readonly inset: number;
}

/** The block with what stood before it and around it, as far as it can have that. */
function withTold(node: Node, around: Around | undefined, told: ReadonlyMap<string, string>): Node {
  const { align = null, inset = 0 } = around ?? {};
  const suggestions = readSuggestionList(parseJson(told.get('suggestions') ?? null));
  const marked = told.has('marks') ? withCodeMarks(node, parseJson(told.get('marks') ?? null)) : node;
  const icon = readIcon(told.get('icon'));
  if (align === null && inset === 0 && icon === null && suggestions.length === 0) return marked;
  const has = Object.keys(node.type.spec.attrs ?? {});
  const more = Object.entries({ align, inset, icon, suggestions }).filter(([name]) => has.includes(name));
  return node.type.create({ ...node.attrs, ...Object.fromEntries(more) }, marked.content);
}

/** What reads one document. */
class Reader {
  readonly #schema: Schema;
  readonly #tokens: readonly Token[];
  #at = 0;
  /** How many blocks that hold others stand open, the document among them. */
  #depth = 0;
  /** What was told of the ranges of comments. */
  readonly comments: unknown[] = [];
  /** Footnotes that were told of where none can stand: they go behind that. */
  readonly #notes: Node[] = [];

  constructor(schema: Schema, tokens: readonly Token[]) {
    this.#schema = schema;
    this.#tokens = tokens;
  }

  /** The blocks up to the token that closes what holds them; `tagged`: or to the tag that does. */
  blocks({ tagged = false } = {}): Node[] {
    this.#depth += 1;
    const found = this.#stretch(tagged);
    this.#depth -= 1;
    return found;
  }

  #stretch(tagged: boolean): Node[] {
    const found: Node[] = [];
    const around: Around[] = [];
    let told = new Map<string, string>();
    for (;;) {
      const token = this.#tokens[this.#at];
      if (!token || token.nesting < 0 || (tagged && endsStretch(token))) return found;
      const tag =
        token.type === 'paragraph_open' ? readBlockTag(this.#tokens[this.#at + 1]?.content ?? '') : null;
      if (tag?.type === 'comments' && this.#takeComments(tag.value)) continue;
      if (
        tag &&
        tag.type !== 'comments' &&
        (tag.type !== 'close' || around.at(-1)?.element === tag.element)
      ) {
        this.#at += 3;
        if (tag.type === 'align' || tag.type === 'inset')
          around.push({ align: null, inset: 0, ...around.at(-1), ...tag });
        else if (tag.type === 'close') around.pop();
        else told.set(tag.type, tag.value);
        continue;
      }
      this.#at += 1;
      const numbering = told.get('list');
      const line = this.#tokens[this.#at]?.content ?? '';
      const block = this.#block(token, isNumbering(numbering) ? numbering : null);
      const media = readToldMedia(this.#schema, told);
      // The line that is written behind what is told says nothing more; what somebody wrote in its place does.
      const nodes = media ? [media, ...(isMediaLine(line) ? [] : block)] : block;
      found.push(...nodes.map((node) => withTold(node, around.at(-1), told)));
      if (this.#depth === 1) found.push(...this.#notes.splice(0));
      told = new Map();
    }
  }

  /** Takes a line that tells of comments, if that is what it says; anybody may write such a word into a remark of their own. */
  #takeComments(value: string): boolean {
    const told = this.#depth === 1 ? parseJson(value) : null;
    if (!Array.isArray(told)) return false;
    this.#at += 3;
    // As many as anybody likes to write: they are no arguments of a call.
    for (const one of told as unknown[]) this.comments.push(one);
    return true;
  }

  #block(token: Token, numbering: string | null): Node[] {
    switch (token.type) {
      case 'paragraph_open':
        return this.#paragraph();
      case 'heading_open': {
        const level = Math.min(3, Number(token.tag.slice(1)));
        const { type, attrs } = nodeTypeOf(this.#schema, readTextKind({ kind: 'heading', level }));
        return [type.create(attrs, this.#inline())];
      }
      case 'fence':
      case 'code_block': {
        const language = token.info.trim().split(/\s/)[0] ?? '';
        const { type, attrs } = nodeTypeOf(this.#schema, readTextKind({ kind: 'code', language }));
        const text = token.content.replace(/\n$/, '');
        return [type.create(attrs, text === '' ? [] : [this.#schema.text(text)])];
      }
      case 'hr':
        return [this.#create('horizontalRule', null, [])];
      case 'table_open':
        return [readTable(this.#schema, this.#takeTable())];
      case 'table_tag':
        return this.#betweenTags(token);
      case 'blockquote_open': {
        const kind = this.#takeAlert();
        const content = this.#inside();
        if (content.length === 0) content.push(this.#create('paragraph', null, []));
        return [this.#create(kind === null ? 'blockquote' : 'callout', kind && { kind }, content)];
      }
      case 'footnote_open': {
        const content = this.#inside();
        if (content.length === 0) content.push(this.#create('paragraph', null, []));
        this.#notes.push(this.#create('footnote', { id: token.content }, content));
        return [];
      }
      case 'ordered_list_open': {
        const start = Number(token.attrGet('start') ?? 1);
        const items = this.#items().map(({ content }) => this.#create('listItem', null, content));
        return [this.#create('orderedList', { start, type: numbering }, items)];
      }
      case 'bullet_list_open':
        return this.#bullets();
      default:
        throw new Error(`Markdown of an unknown kind: ${token.type}`);
    }
  }

  /** The rows of a table of GFM: their cells, each with its text. */
  #takeTable(): ReadRow[] {
    const rows: { attrs: null; cells: ReadCell[] }[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      this.#at += 1;
      if (!token || token.type === 'table_close') return rows;
      if (token.type === 'tr_open') rows.push({ attrs: null, cells: [] });
      if (token.type !== 'th_open' && token.type !== 'td_open') continue;
      const paragraph = this.#create(
        'paragraph',
        null,
        this.#inline().filter(({ isBlock }) => !isBlock),
      );
      const align = alignOf(token);
      rows.at(-1)?.cells.push({ header: token.tag === 'th', attrs: { align }, content: [paragraph] });
    }
  }

  /** The kind of callout that the quote is which was opened; past what says so. */
  #takeAlert(): CalloutKind | null {
    const line = this.#tokens[this.#at + 1];
    if (this.#tokens[this.#at]?.type !== 'paragraph_open' || !line) return null;
    const kind = alertOf(line.content.split('\n', 1)[0] ?? '');
    if (kind === null) return null;
    const rest = line.children?.findIndex(({ type }) => type === 'softbreak') ?? -1;
    if (rest < 0) this.#at += 3;
    else line.children?.splice(0, rest + 1);
    return kind;
  }

  /** A table or a toggle between tags; tags that mean nothing at their place are left out. */
  #betweenTags({ content }: Token): Node[] {
    const tag = readTableTag(content);
    if (tag?.closes !== false) return [];
    if (tag.name === 'table') return this.#tableOfTags();
    return tag.name === 'details' ? [this.#toggle()] : [];
  }

  /** Whether the next token is this tag; if so, past it. */
  #takeTag(line: string): boolean {
    const token = this.#tokens[this.#at];
    const found = token?.type === 'table_tag' && token.content === line;
    if (found) this.#at += 1;
    return found;
  }

  #toggle(): Node {
    const first = this.#takeTag('<summary>') ? this.blocks({ tagged: true }) : [];
    this.#takeTag('</summary>');
    const content = [...first, ...this.blocks({ tagged: true })];
    this.#takeTag('</details>');
    if (content[0]?.type.name !== 'paragraph') content.unshift(this.#create('paragraph', null, []));
    return this.#create('toggle', null, content);
  }

  #tableOfTags(): Node[] {
    const rows: { attrs: Attrs; cells: ReadCell[] }[] = [];
    for (;;) {
      const suggestions = this.#takeSuggestions();
      const token = this.#tokens[this.#at];
      if (!token || token.nesting < 0) break;
      this.#at += 1;
      const tag = token.type === 'table_tag' ? readTableTag(token.content) : null;
      if (tag?.closes === true && tag.name === 'table') break;
      if (tag?.closes === false && tag.name === 'tr') rows.push({ attrs: { suggestions }, cells: [] });
      if (tag?.closes !== false || (tag.name !== 'td' && tag.name !== 'th')) continue;
      const content = this.blocks({ tagged: true });
      rows.at(-1)?.cells.push({ header: tag.name === 'th', attrs: { ...tag.attrs, suggestions }, content });
    }
    return [readTable(this.#schema, rows)];
  }

  /** What is suggested of the row or cell that comes; past what says so. */
  #takeSuggestions(): readonly BlockSuggestion[] {
    const opens = this.#tokens[this.#at]?.type === 'paragraph_open';
    const tag = opens ? readBlockTag(this.#tokens[this.#at + 1]?.content ?? '') : null;
    if (tag?.type !== 'suggestions') return NONE;
    this.#at += 3;
    return readSuggestionList(parseJson(tag.value));
  }

  #inside(): Node[] {
    const found = this.blocks();
    this.#at += 1;
    return found;
  }

  #paragraph(): Node[] {
    const line = this.#tokens[this.#at]?.children ?? [];
    const media = readImageLine(this.#schema, line) ?? readCardLine(this.#schema, line);
    if (media) {
      this.#at += 2;
      return [media];
    }
    if (this.#tokens[this.#at]?.content === CONTENTS_LINE) {
      this.#at += 2;
      return [this.#create('contents', null, [])];
    }
    const content = this.#inline();
    const [only] = content;
    return only?.type.name === 'opaqueBlock' && content.length === 1
      ? [only]
      : [
          this.#create(
            'paragraph',
            null,
            content.filter(({ isBlock }) => !isBlock),
          ),
        ];
  }

  /** The inline content of the block that was opened, and past its end. */
  #inline(): Node[] {
    const token = this.#tokens[this.#at];
    this.#at += 2;
    const content = token?.content === EMPTY_PARAGRAPH ? [] : (token?.children ?? []);
    return new InlineReader(this.#schema).read(content);
  }

  /** Items, each with what its box says, if it has one. Each begins with a paragraph. */
  #items(): { task: boolean | null; content: Node[] }[] {
    const items: { task: boolean | null; content: Node[] }[] = [];
    while (this.#tokens[this.#at]?.type === 'list_item_open') {
      this.#at += 1;
      const first = this.#tokens[this.#at + 1];
      const box = this.#tokens[this.#at]?.type === 'paragraph_open' ? TASK.exec(first?.content ?? '') : null;
      if (box && first) unbox(first, box[0]);
      const content = this.#inside();
      if (content[0]?.type.name !== 'paragraph') content.unshift(this.#create('paragraph', null, []));
      items.push({ task: box ? box[1] !== ' ' : null, content });
    }
    this.#at += 1;
    return items;
  }

  /** A list without numbers: lists of tasks and of others, where it mixes them. */
  #bullets(): Node[] {
    const lists: { task: boolean; items: Node[] }[] = [];
    for (const { task, content } of this.#items()) {
      let last = lists.at(-1);
      if (last?.task !== (task !== null)) lists.push((last = { task: task !== null, items: [] }));
      last.items.push(
        task === null
          ? this.#create('listItem', null, content)
          : this.#create('taskItem', { checked: task }, content),
      );
    }
    return lists.map(({ task, items }) => this.#create(task ? 'taskList' : 'bulletList', null, items));
  }

  #create(name: string, attrs: Record<string, unknown> | null, content: Node[]): Node {
    const type = this.#schema.nodes[name];
    if (!type) throw new Error(`The schema has no ${name}.`);
    return type.create(attrs, content);
  }
}

/** Takes the box of a task off its paragraph. */
function unbox(inline: Token, box: string): void {
  inline.content = inline.content.slice(box.length);
  const first = inline.children?.[0];
  if (first?.type === 'text') first.content = first.content.slice(box.length);
}

/**
 * The document that Markdown comes to: CommonMark and what `writeMarkdown` adds to it (SPEC MD-2). What the schema
 * has not becomes text: other HTML, images among words (their alternative text). No address is followed that is no
 * `isSafeLink`. Any text gives a valid document.
 */
export function readMarkdown(schema: Schema, markdown: string): Node {
  return read(schema, markdown).doc;
}

function read(schema: Schema, markdown: string): { doc: Node; comments: readonly unknown[] } {
  const reader = new Reader(schema, parser.parse(markdown, {}));
  const content = reader.blocks();
  const empty = schema.nodes['paragraph'];
  if (content.length === 0 && empty) content.push(empty.create());
  return { doc: schema.topNodeType.create(null, content), comments: reader.comments };
}

/**
 * The same, with the ranges of comments that the file tells of (SPEC REVIEW-4); `lost` are the ids of those that are
 * not known again.
 */
export function readCommented(
  schema: Schema,
  markdown: string,
): { doc: Node; ranges: CommentRange[]; lost: string[] } {
  const { doc, comments } = read(schema, markdown);
  return { doc, ...findRanges(doc, comments) };
}
