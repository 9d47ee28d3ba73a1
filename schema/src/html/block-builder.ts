import { Fragment } from '@tiptap/pm/model';
import type { Attrs, Mark, Node, Schema } from '@tiptap/pm/model';
import { cleanText } from '../clean-text.ts';
import { DEEPEST } from '../frame.ts';
import type { Alignment } from '../traits.ts';

/** A list's item as it is read. */
interface Item {
  /** Of a task, whether it is done; null of other items. */
  readonly checked: boolean | null;
  readonly content: readonly Node[];
}

/** What blocks are put into. */
type Container =
  | { readonly type: 'root' | 'holder' | 'item' | 'cell'; readonly blocks: Node[]; checked: boolean | null }
  | {
      readonly type: 'list';
      readonly counted: Attrs | null;
      readonly items: Item[];
      /** The lists that stand in it before its first item. */
      readonly before: Node[];
    };

/** The block of text that is being read. */
interface OpenText {
  readonly type: string;
  readonly attrs: Attrs | null;
  /** Nobody began it: text stands between blocks. */
  readonly anonymous: boolean;
  readonly content: Node[];
  /** The marks of a blank that stands before what comes next, if that is text. */
  blank: readonly Mark[] | null;
}

/** Builds a valid document of what a page holds, in its order; whatever comes, it finds a place. */
export class BlockBuilder {
  readonly schema: Schema;
  /** How text stands that is between blocks. */
  align: Alignment | null = null;
  /** How many steps it stands in. */
  inset = 0;
  readonly #stack: Container[] = [{ type: 'root', blocks: [], checked: null }];
  #open: OpenText | null = null;
  /** Footnotes that were read within something else. */
  readonly #notes: Node[] = [];

  constructor(schema: Schema) {
    this.schema = schema;
  }

  /** Begins a paragraph or heading; {@link end} ends it. */
  begin(type: string, attrs: Attrs | null): void {
    this.end();
    this.#open = { type, attrs, anonymous: false, content: [], blank: null };
  }

  /** What follows begins a block of its own. */
  end(): void {
    const open = this.#open;
    this.#open = null;
    if (!open) return;
    const { content } = open;
    // The last break ends the line that it stands in, as a browser shows it.
    if (content.at(-1)?.type.name === 'hardBreak') content.pop();
    const parts = open.anonymous ? paragraphsOf(content) : [content];
    for (const part of parts) this.#put(this.#node(open.type, open.attrs, part));
  }

  /** Adds text; blanks count one, and none at an end of a line, unless `exact`. */
  text(text: string, marks: readonly Mark[], exact: boolean): void {
    const clean = cleanText(text);
    if (exact) this.#exactText(clean, marks);
    else
      for (const part of clean.split(/([ \t\n\r\f]+)/)) {
        if (part === '') continue;
        if (/^[ \t\n\r\f]/.test(part)) this.#blank(marks);
        else this.#lines(part, marks);
      }
  }

  /** A line break. */
  break(marks: readonly Mark[]): void {
    const open = this.#textOpen();
    open.blank = null;
    open.content.push(this.#node('hardBreak', null, []).mark(marks));
  }

  /** Adds something that stands in a text. */
  inline(type: string, attrs: Attrs, marks: readonly Mark[]): void {
    this.#flushBlank();
    this.#textOpen().content.push(this.#node(type, attrs, []).mark(marks));
  }

  /** Adds a block that is no text, or code with its text. */
  block(type: string, attrs: Attrs | null, content: readonly Node[] = []): void {
    // A paragraph that it stands in is none before it has text.
    if (this.#open?.content.length === 0) this.#open = null;
    this.end();
    this.#put(this.#node(type, attrs, content));
  }

  /**
   * Reads what `content` adds into a quote, a callout or a toggle; where nothing deeper may be, into what is there.
   */
  holder(type: string, attrs: Attrs | null, content: () => void): void {
    this.end();
    if (this.#isDeep()) return content();
    const blocks = this.#within({ type: 'holder', blocks: [], checked: null }, content);
    if (blocks.length > 0)
      this.#put(this.#node(type, attrs, type === 'toggle' ? this.#begun(blocks) : blocks));
  }

  /** Reads what `content` adds into a footnote, which stands at the top: here, or at the document's end. */
  footnote(id: string, content: () => void): void {
    const blocks = this.apart(content);
    const note = this.#node(
      'footnote',
      { id },
      blocks.length > 0 ? blocks : [this.#node('paragraph', null, [])],
    );
    if (this.#stack.length === 1) this.#put(note);
    else this.#notes.push(note);
  }

  /** The blocks that `content` adds, which stand nowhere yet: of a table's cell. */
  apart(content: () => void): Node[] {
    this.end();
    return this.#within({ type: 'cell', blocks: [], checked: null }, content);
  }

  /** Adds a block that was made elsewhere. */
  put(node: Node): void {
    this.end();
    this.#put(node);
  }

  /** Reads what `content` adds into a list; `counted` has the attributes of one that counts, null is bullets. */
  list(counted: Attrs | null, content: () => void): void {
    this.end();
    if (this.#isDeep()) return content();
    // What stands in a list without an item belongs to the one before it.
    const around = this.#stack.at(-1);
    const list: Container = { type: 'list', counted, items: [], before: [] };
    this.#within(list, content);
    const lists = joined([...list.before, ...(numberedHeading(list.items) ?? this.#listsOf(list))]);
    const last = around?.type === 'list' ? around.items.pop() : null;
    if (around?.type !== 'list') for (const one of lists) this.#put(one);
    else if (last) around.items.push({ ...last, content: [...last.content, ...lists] });
    else around.before.push(...lists);
  }

  /** Reads what `content` adds into an item of the list that stands open; without one it is no item. */
  item(checked: boolean | null, content: () => void): void {
    this.end();
    const list = this.#stack.at(-1);
    if (list?.type !== 'list') return content();
    const item: Container = { type: 'item', blocks: [], checked };
    this.#within(item, content);
    list.items.push({ checked: item.checked, content: item.blocks });
  }

  /** The item that stands open is a task. */
  task(checked: boolean): void {
    const item = this.#stack.findLast(({ type }) => type === 'item');
    if (item?.type === 'item') item.checked ??= checked;
  }

  /** The document. */
  finish(): Node {
    this.end();
    const [root] = this.#stack;
    const blocks = [...(root?.type === 'root' ? root.blocks : []), ...this.#notes];
    if (blocks.length === 0) blocks.push(this.#node('paragraph', null, []));
    return this.schema.topNodeType.create(null, blocks);
  }

  /** Whether what comes stands in an item of a list, and in nothing within that. */
  get inItem(): boolean {
    return this.#stack.at(-1)?.type === 'item';
  }

  #isDeep(): boolean {
    return this.#stack.filter(({ type }) => type !== 'list').length > DEEPEST;
  }

  #within(container: Container, content: () => void): Node[] {
    this.#stack.push(container);
    content();
    this.end();
    this.#stack.pop();
    return container.type === 'list' ? [] : container.blocks;
  }

  #put(node: Node): void {
    const container = this.#stack.at(-1);
    if (container?.type !== 'list') container?.blocks.push(node);
    else container.items.push({ checked: null, content: [node] });
  }

  #exactText(text: string, marks: readonly Mark[]): void {
    const between = this.#open === null || (this.#open.anonymous && this.#open.content.length === 0);
    if (between && !/[^ \t\n\r\f]/.test(text)) return;
    this.#flushBlank();
    this.#lines(text, marks);
  }

  /** Text in which only what cannot stand in one breaks the line. */
  #lines(text: string, marks: readonly Mark[]): void {
    text.split(/[\n\u2028]/).forEach((line, index) => {
      if (index > 0) this.break(marks);
      if (line === '') return;
      this.#flushBlank();
      this.#textOpen().content.push(this.schema.text(line, marks));
    });
  }

  #blank(marks: readonly Mark[]): void {
    const open = this.#open;
    const last = open?.content.at(-1);
    if (!open || !last || last.type.name === 'hardBreak' || last.text?.endsWith(' ') === true) return;
    open.blank ??= marks;
  }

  #flushBlank(): void {
    const open = this.#open;
    if (open?.blank) open.content.push(this.schema.text(' ', open.blank));
    if (open) open.blank = null;
  }

  #textOpen(): OpenText {
    const attrs = { align: this.align, inset: this.inItem ? 0 : this.inset };
    this.#open ??= { type: 'paragraph', attrs, anonymous: true, content: [], blank: null };
    return this.#open;
  }

  /** Lists of one kind each: tasks, and others. Each item begins with a paragraph. */
  #listsOf({ counted, items }: Extract<Container, { type: 'list' }>): Node[] {
    const lists: { task: boolean; items: Node[] }[] = [];
    for (const { checked, content } of items) {
      const task = checked !== null && counted === null;
      let last = lists.at(-1);
      if (last?.task !== task) lists.push((last = { task, items: [] }));
      const begun = this.#begun(content);
      last.items.push(this.#node(task ? 'taskItem' : 'listItem', task ? { checked } : null, begun));
    }
    return lists.map(({ task, items: all }) =>
      this.#node(task ? 'taskList' : counted ? 'orderedList' : 'bulletList', counted, all),
    );
  }

  #begun(content: readonly Node[]): readonly Node[] {
    const [first, ...rest] = content;
    if (first?.type.name === 'paragraph') return content;
    if (first?.type.name !== 'heading') return [this.#node('paragraph', null, []), ...content];
    return [this.#node('paragraph', null, first.children), ...rest];
  }

  #node(type: string, attrs: Attrs | null, content: readonly Node[]): Node {
    const found = this.schema.nodes[type];
    if (!found) throw new Error(`The schema has no ${type}.`);
    return found.create(attrs, Fragment.fromArray([...content]));
  }
}

/** The heading that is all that a list holds: so LibreOffice writes one that it counts. */
function numberedHeading(items: readonly Item[]): readonly Node[] | null {
  const [only, ...more] = items;
  const alone = only && more.length === 0 && only.content.length === 1;
  return alone && only.content[0]?.type.name === 'heading' ? only.content : null;
}

/** Lists of bullets that follow each other, as one. */
function joined(lists: readonly Node[]): Node[] {
  const found: Node[] = [];
  for (const list of lists) {
    const last = found.at(-1);
    const goesOn = last?.type === list.type && list.type.name === 'bulletList';
    if (last && goesOn) found[found.length - 1] = last.copy(last.content.append(list.content));
    else found.push(list);
  }
  return found;
}

/** Text between blocks in which an empty line stands for a new paragraph. */
function paragraphsOf(content: readonly Node[]): Node[][] {
  const parts: Node[][] = [[]];
  content.forEach((node, index) => {
    const breaks = node.type.name === 'hardBreak';
    const double = breaks && content[index + 1]?.type.name === 'hardBreak';
    const after = breaks && content[index - 1]?.type.name === 'hardBreak';
    if (double && !after) parts.push([]);
    else if (!double && !after) parts.at(-1)?.push(node);
  });
  return parts;
}
