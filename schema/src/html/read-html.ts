import type { Mark, Node, Schema } from '@tiptap/pm/model';
import { atomNode, atomOfTag } from '../atom-nodes.ts';
import { isNoteId } from '../atoms.ts';
import { cleanText } from '../clean-text.ts';
import { isNumbering, isStart } from '../frame.ts';
import { MATH_LANGUAGE, nodeTypeOf, readTextKind } from '../leaves.ts';
import { readTable } from '../markdown-table-tags.ts';
import { formatOfTag, parseJson } from '../mark-tags.ts';
import { marksOf } from '../marks.ts';
import { imageOf, mediaOf, wordsOfImage } from './images.ts';
import type { Pictures } from './images.ts';
import { entryOf } from '../names.ts';
import { readSuggestionList } from '../suggestions.ts';
import { INSET_STEP, MOST_INSET, readAlignment, readInsetWord } from '../traits.ts';
import { BlockBuilder } from './block-builder.ts';
import { isGrid, MOST_CELLS, rowsOf, widthOf } from './cells.ts';
import { HEADINGS, OUTSIDE, within } from './context.ts';
import type { Context } from './context.ts';
import { withDocsCode } from './docs-code.ts';
import { checkOf, headingLevel, holderOf, isCodeBox, languageOf, numberingOf } from './element-kinds.ts';
import { withFootnotes } from './foreign-notes.ts';
import { drawnSource, formulaOf, isDrawnFormula } from './formulas.ts';
import { isLeftOut, isWayThrough } from './left-out.ts';
import { withSheetStyles } from './sheet-styles.ts';
import { marginOf, readStyle } from './styles.ts';
import { boxOf } from './task-boxes.ts';
import { isBlank, textWithin } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';
import { wordBlanksOf } from './word-blanks.ts';
import { withWordLists } from './word-lists.ts';
import { withWordQuotes } from './word-quotes.ts';

/** What is deeper is read as text without any structure. */
const DEEPEST_ELEMENT = 300;

const words = (text: string) => new Set(text.split(' '));
/** What holds no text of the page. */
const SKIPPED = words(
  'script style head title template noscript noembed noframes iframe frame object embed applet svg math audio video ' +
    'canvas map select option datalist textarea button input progress meter link meta base col colgroup param source ' +
    'track rp',
);
/** What begins and ends a line. */
const BLOCKS = words(
  'address article aside body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form ' +
    'header hgroup html legend li main menu nav optgroup p search section summary table tbody td tfoot th thead tr',
);

/**
 * The document that a page of HTML comes to, whoever wrote it: ours, a browser, Word, a spreadsheet. What the schema
 * lacks becomes text. Nothing of it is run, fetched or applied; addresses are checked, colours become names of the
 * palette. Any page gives a valid document, and what `writeHtml` wrote the same one (SPEC MD-10, MD-11).
 */
export function readHtml(schema: Schema, nodes: readonly HtmlNode[], pictures: Pictures = new Map()): Node {
  const reader = new HtmlReader(schema, pictures);
  reader.children(withFootnotes(withSheetStyles(nodes)), OUTSIDE);
  return reader.builder.finish();
}

class HtmlReader {
  readonly builder: BlockBuilder;
  readonly #pictures: Pictures;

  constructor(schema: Schema, pictures: Pictures) {
    this.builder = new BlockBuilder(schema);
    this.#pictures = pictures;
  }

  children(nodes: readonly HtmlNode[], context: Context): void {
    for (const node of withWordLists(context.docs ? withDocsCode(nodes) : withWordQuotes(nodes)))
      if (node.type === 'text') this.#text(node.text, context);
      else if (context.depth > DEEPEST_ELEMENT) this.#text(textWithin(node), context);
      else this.#element(node, context);
  }

  #text(text: string, context: Context): void {
    this.#place(context);
    this.builder.text(text, this.#marks(context), context.exact);
  }

  #break(context: Context): void {
    this.#place(context);
    this.builder.break(this.#marks(context));
  }

  #place({ align, inset }: Context): void {
    this.builder.align = align;
    this.builder.inset = Math.min(MOST_INSET, inset);
  }

  #marks({ formats }: Context): readonly Mark[] {
    return marksOf(this.builder.schema, formats);
  }

  #element(element: HtmlElement, outer: Context): void {
    const { name } = element;
    const style = readStyle(element.attribute('style'));
    if (isHidden(element, style) || isLeftOut(element) || isWayThrough(element)) return;
    if (this.#formula(element, outer)) return;
    const blanks = wordBlanksOf(element, style, outer);
    if (blanks !== null) return this.#text(blanks, { ...outer, exact: true });
    if (this.#thing(element, outer)) return;
    const block = BLOCKS.has(name) || entryOf(HEADINGS, name) !== undefined;
    const context = within(element, style, outer, block);
    const told = element.attribute('data-footnote');
    const noteId = isNoteId(told) ? told : null;
    if (name === 'ul' || name === 'ol' || name === 'menu' || name === 'dir') this.#list(element, context);
    else if (name === 'table' && isGrid(element)) this.#table(element, context);
    else if (name === 'aside' && noteId !== null)
      this.builder.footnote(noteId, () => this.children(element.children, context));
    else if (holderOf(element)) this.#holder(element, context);
    else if (name === 'pre' || name === 'listing' || isCodeBox(element, style)) this.#code(element, context);
    else if (block) this.#block(element, context);
    else if (name === 'q') this.#quoted(element, context);
    else this.children(element.children, context);
  }

  /** Browsers put the marks around it that no text has. */
  #quoted(element: HtmlElement, context: Context): void {
    this.#text('“', context);
    this.children(element.children, context);
    this.#text('”', context);
  }

  /** Things without text of their own, and those that this version does not know. */
  #thing(element: HtmlElement, context: Context): boolean {
    const { name } = element;
    const ref = element.attribute('data-opaque');
    const media = mediaOf(element, this.#pictures);
    if (media) {
      const traits = {
        align: readAlignment(element.attribute('data-align')),
        suggestions: suggestionsOf(element),
      };
      this.builder.block(media.name, { ...media.attributes, ...traits });
    } else if (name === 'br') {
      if (element.attribute('class') !== 'Apple-interchange-newline') this.#break(context);
    } else if (name === 'hr') this.builder.block('horizontalRule', { suggestions: suggestionsOf(element) });
    else if (name === 'img') {
      // Google Docs draws the box of a task, which the item itself tells.
      const box = element.attribute('aria-roledescription') === 'checkbox';
      const image = box ? null : imageOf(element, this.#pictures);
      if (image) this.builder.block('image', image);
      else if (!box) this.#text(wordsOfImage(element), context);
    } else if (element.attribute('role') === 'doc-backlink') return true;
    else if (name === 'o:p') return isBlank(element);
    else if (name === 'input') {
      if (element.attribute('type')?.toLowerCase() === 'checkbox')
        this.builder.task(element.attribute('checked') !== null);
    } else if (ref !== null && (name === 'figure' || name === 'span')) {
      const attrs = { ref, name: element.attribute('data-name') ?? '', words: textWithin(element) };
      if (name === 'span') this.builder.inline('opaqueInline', attrs, this.#marks(context));
      else this.builder.block('opaqueBlock', { ...attrs, suggestions: suggestionsOf(element) });
    } else if (element.attribute('data-contents') !== null && name === 'nav')
      this.builder.block('contents', { suggestions: suggestionsOf(element) });
    else return this.#atom(element, context) || SKIPPED.has(name);
    return true;
  }

  /** A formula, of another page as far as that tells its TeX. */
  #formula(element: HtmlElement, context: Context): boolean {
    const { schema } = this.builder;
    const source = codeText(drawnSource(element) ?? '');
    if (source !== '') {
      const attributes = { language: MATH_LANGUAGE, suggestions: suggestionsOf(element) };
      this.builder.block('codeBlock', attributes, [schema.text(source)]);
      return true;
    }
    const formula = formulaOf(element);
    if (!formula) return isDrawnFormula(element);
    const { tex, display } = formula;
    if (display) this.builder.block('codeBlock', { language: MATH_LANGUAGE }, [schema.text(tex)]);
    else this.builder.inline('math', { math: tex }, this.#marks(context));
    return true;
  }

  #atom(element: HtmlElement, context: Context): boolean {
    const atom = atomOfTag(element.name, element.attribute, (most) => textWithin(element, most));
    if (!atom) return false;
    const { name, attrs } = atomNode(atom);
    this.builder.inline(name, attrs, this.#marks(context));
    return true;
  }

  #list(element: HtmlElement, context: Context): void {
    const first = element.children.find((node) => node.type === 'element' && node.name === 'li');
    const told = first?.type === 'element' ? first.attribute('value') : null;
    const start = Number(element.attribute('start') ?? told ?? 1);
    const type = element.attribute('type') ?? numberingOf(element);
    const counted =
      element.name === 'ol'
        ? { start: isStart(start) ? start : 1, type: isNumbering(type) ? type : null }
        : null;
    this.builder.list(counted, () => this.children(element.children, context));
  }

  #holder(element: HtmlElement, context: Context): void {
    const holder = holderOf(element);
    const box = holder?.type === 'item' ? boxOf(element) : null;
    const content = () =>
      this.children(box?.children ?? holder?.children ?? element.children, { ...context, inset: 0 });
    if (holder?.type === 'item') this.builder.item(checkOf(element) ?? box?.checked ?? null, content);
    else if (holder) this.builder.holder(holder.type, holder.attrs, content);
  }

  #table(element: HtmlElement, context: Context): void {
    const rows = rowsOf(element).map(({ element: row, cells }) => ({
      attrs: { suggestions: suggestionsOf(row) },
      cells: cells.map(({ element: cell, header, attrs }) => {
        const inner = within(cell, readStyle(cell.attribute('style')), context, true);
        // Excel puts a blank that stays where a cell is empty.
        const isEmpty = cell.children.every((node) => node.type === 'text' && isBlank(node));
        const children = isEmpty ? [] : cell.children;
        const content = this.builder.apart(() =>
          this.children(children, { ...inner, align: null, inset: 0 }),
        );
        return { header, attrs: { ...attrs, suggestions: suggestionsOf(cell) }, content };
      }),
    }));
    for (const caption of element.children)
      if (caption.type === 'element' && caption.name === 'caption') this.#element(caption, context);
    const most = rows.length * Math.max(0, ...rows.map(widthOf));
    if (most > 0 && most <= MOST_CELLS)
      this.builder.put(readTable(this.builder.schema, rows, { suggestions: suggestionsOf(element) }));
    else
      for (const { content } of rows.flatMap(({ cells }) => cells))
        for (const block of content) this.builder.put(block);
  }

  #code(element: HtmlElement, context: Context): void {
    const { type, attrs } = nodeTypeOf(
      this.builder.schema,
      readTextKind({ kind: 'code', language: languageOf(element) ?? context.language }),
    );
    const content: Node[] = [];
    this.#codeText(element.children, { ...context, formats: {} }, content);
    // The last break ends a line, and begins none.
    const last = content.at(-1);
    if (last?.text?.endsWith('\n') === true)
      content.splice(-1, 1, ...(last.text === '\n' ? [] : [last.cut(0, last.nodeSize - 1)]));
    this.builder.block(type.name, { ...attrs, suggestions: suggestionsOf(element) }, content);
  }

  /** The text of code, a line for each block within it; it has suggestions and no formatting. */
  #codeText(nodes: readonly HtmlNode[], context: Context, into: Node[]): void {
    const { schema } = this.builder;
    const add = (text: string) => {
      const clean = codeText(text);
      const marks = schema.nodes['codeBlock']?.allowedMarks(this.#marks(context)) ?? [];
      if (clean !== '') into.push(schema.text(clean, marks));
    };
    nodes.forEach((node, index) => {
      if (node.type === 'text') add(node.text);
      else if (node.name === 'br') add('\n');
      else if (context.depth > DEEPEST_ELEMENT) add(textWithin(node));
      else {
        const format = formatOfTag(node.name, node.attribute);
        const formats = format ? { ...context.formats, [format[0]]: format[1] } : context.formats;
        this.#codeText(node.children, { ...context, formats, depth: context.depth + 1 }, into);
        if (BLOCKS.has(node.name) && index < nodes.length - 1) add('\n');
      }
    });
  }

  #block(element: HtmlElement, context: Context): void {
    const level = headingLevel(element, context.docs);
    const { name } = element;
    if (level === null && name !== 'p') {
      this.builder.end();
      this.children(element.children, context);
      this.builder.end();
      return;
    }
    const { type, attrs } = nodeTypeOf(
      this.builder.schema,
      readTextKind(level === null ? {} : { kind: 'heading', level }),
    );
    const inset = this.#insetOf(element, context);
    const more = { align: context.align, inset, suggestions: suggestionsOf(element) };
    this.builder.begin(type.name, { ...attrs, ...more });
    this.children(element.children, { ...context, heading: context.heading || level !== null });
    this.builder.end();
  }

  /** The steps that a text stands in. What stands in an item has the list's place, which programs write as a margin. */
  #insetOf(element: HtmlElement, { rightToLeft, inset }: Context): number {
    const own = readInsetWord(element.attribute('data-inset'));
    if (own > 0 || this.builder.inItem) return own;
    const style = readStyle(element.attribute('style'));
    // A numbered heading stands in by its number.
    const margin = style.has('mso-list') ? 0 : marginOf(style, rightToLeft);
    return Math.min(MOST_INSET, inset + Math.round(margin / INSET_STEP));
  }
}

/** Text as code may hold it. */
const codeText = (text: string) => cleanText(text).replaceAll('\u2028', '\n');

function suggestionsOf(element: HtmlElement) {
  return readSuggestionList(parseJson(element.attribute('data-suggestions')));
}

function isHidden(element: HtmlElement, style: ReadonlyMap<string, string>): boolean {
  if (element.attribute('hidden') !== null) return true;
  return style.get('display') === 'none' || style.get('mso-hide') === 'all';
}
