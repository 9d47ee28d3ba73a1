import type { Mark, Node, Schema } from '@tiptap/pm/model';
import type { Token } from 'markdown-it';
import { atomNode, atomOfTag } from './atom-nodes.ts';
import { readTag, textOf } from './markdown-tags.ts';
import type { InlineTag } from './markdown-tags.ts';
import type { Format } from './mark-tags.ts';
import { marksOf } from './marks.ts';

/** The marks that tokens begin and end. */
const TOKEN_MARKS: Readonly<Record<string, string>> = { strong: 'bold', em: 'italic', s: 'strike' };

/** What reads the text of one block. */
export class InlineReader {
  readonly #schema: Schema;
  readonly #nodes: Node[] = [];
  readonly #open = new OpenFormats();

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  read(tokens: readonly Token[]): Node[] {
    const ends = new ClosingTags(tokens);
    for (let index = 0; index < tokens.length; index += 1) {
      const token = tokens[index];
      const tag = token?.type === 'html_inline' ? readTag(token.content) : null;
      const atom = this.#atom(tokens, { index, tag, ends });
      if (atom !== null) index = atom;
      else if (tag?.type === 'opaque') {
        const end = ends.behind(index, tag.element) ?? tokens.length;
        const words = textOf(tokens.slice(index + 1, end));
        const name = tag.element === 'figure' ? 'opaqueBlock' : 'opaqueInline';
        this.#push(name, { ref: tag.ref, name: tag.name, words });
        index = end;
      } else if (tag?.type === 'break') this.#push('hardBreak', null);
      else if (tag?.type === 'open') this.#open.begin(tag.element, tag.format);
      else if (tag?.type === 'close') this.#open.end(tag.element);
      else if (token) this.#token(token);
    }
    return this.#nodes;
  }

  /** Takes a day or a mention that begins at `index`; gives the index of its last token, or null if it is none. */
  #atom(
    tokens: readonly Token[],
    { index, tag, ends }: { index: number; tag: InlineTag | null; ends: ClosingTags },
  ): number | null {
    const end = tag?.type === 'atom' ? ends.behind(index, tag.element) : null;
    if (tag?.type !== 'atom' || end === null) return null;
    const atom = atomOfTag(tag.element, tag.attribute, (most) => {
      let text = '';
      for (let at = index + 1; at < end && text.length <= most; at += 1)
        text += textOf(tokens.slice(at, at + 1));
      return text;
    });
    if (!atom) return null;
    const { name, attrs } = atomNode(atom);
    this.#push(name, attrs);
    return end;
  }

  #token(token: Token): void {
    const mark = TOKEN_MARKS[token.tag];
    if (token.type === 'hardbreak') this.#push('hardBreak', null);
    else if (token.type === 'softbreak') this.#text(' ', this.#marks());
    else if (token.type === 'link_open')
      this.#open.begin(token.tag, ['link', { href: token.attrGet('href') }]);
    else if (token.type === 'link_close') this.#open.end(token.tag);
    else if (token.type === 'math_inline') this.#push('math', { math: token.content });
    else if (token.type === 'footnote_reference')
      this.#push('footnoteReference', { footnote: token.content });
    else if (token.type === 'code_inline') this.#text(token.content, this.#marks({ code: true }));
    else if (mark !== undefined && token.nesting > 0) this.#open.begin(token.markup, [mark, true]);
    else if (mark !== undefined && token.nesting < 0) this.#open.end(token.markup);
    else this.#text(token.content, this.#marks());
  }

  #marks(more: Record<string, unknown> = {}): readonly Mark[] {
    return marksOf(this.#schema, { ...this.#open.formats(), ...more });
  }

  #text(text: string, marks: readonly Mark[]): void {
    if (text !== '') this.#nodes.push(this.#schema.text(text, marks));
  }

  #push(name: string, attrs: Record<string, unknown> | null): void {
    const type = this.#schema.nodes[name];
    if (!type) throw new Error(`The schema has no ${name}.`);
    this.#nodes.push(type.create(attrs, null, type.isInline ? this.#marks() : undefined));
  }
}

/** The tags that end elements among tokens, found in one pass: a text may begin thousands that nothing ends. */
class ClosingTags {
  /** Of each element, the last tag first. */
  readonly #at = new Map<string, number[]>();

  constructor(tokens: readonly Token[]) {
    for (let index = tokens.length - 1; index >= 0; index -= 1) {
      const [, element] = /^<\/(\w+)>$/.exec(tokens[index]?.content ?? '') ?? [];
      if (element === undefined) continue;
      const known = this.#at.get(element);
      if (known) known.push(index);
      else this.#at.set(element, [index]);
    }
  }

  /** The index of the next that ends `element`, behind `index`; null if there is none. To be asked from left to right. */
  behind(index: number, element: string): number | null {
    const ends = this.#at.get(element) ?? [];
    while ((ends.at(-1) ?? Infinity) <= index) ends.pop();
    return ends.at(-1) ?? null;
  }
}

/** The formats that stand open, each with what ends it. The same format may be begun twice, and the later one counts. */
class OpenFormats {
  readonly #ends = new Map<string, Format[]>();
  readonly #formats = new Map<string, Format[]>();

  begin(end: string, format: Format): void {
    for (const [all, key] of [
      [this.#ends, end],
      [this.#formats, format[0]],
    ] as const) {
      const known = all.get(key);
      if (known) known.push(format);
      else all.set(key, [format]);
    }
  }

  /** Ends what was begun last of what `end` ends. */
  end(end: string): void {
    const format = this.#ends.get(end)?.pop();
    const same = format && this.#formats.get(format[0]);
    if (!format || !same) return;
    same.splice(same.lastIndexOf(format), 1);
    if (same.length === 0) this.#formats.delete(format[0]);
  }

  formats(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#formats.values()].flatMap((same) => same.slice(-1)));
  }
}
