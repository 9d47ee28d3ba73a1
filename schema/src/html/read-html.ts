import type { Attrs, Mark, Node, Schema } from '@tiptap/pm/model';
import { atomNode, atomOfTag } from '../atom-nodes.ts';
import { isNoteId } from '../atoms.ts';
import { cleanText } from '../clean-text.ts';
import { isCalloutKind, isNumbering, isStart, readIcon } from '../frame.ts';
import { MATH_LANGUAGE, nodeTypeOf, readTextKind } from '../leaves.ts';
import { alertOf } from '../markdown-alerts.ts';
import { readTable } from '../markdown-table-tags.ts';
import { formatOfTag, parseJson } from '../mark-tags.ts';
import { marksOf } from '../marks.ts';
import { imageOf, mediaOf } from './images.ts';
import { entryOf } from '../names.ts';
import { readSuggestionList } from '../suggestions.ts';
import { INSET_STEP, MOST_INSET, readAlignment, readInsetWord } from '../traits.ts';
import { BlockBuilder } from './block-builder.ts';
import { cellOf, isGrid, MOST_CELLS, rowsOf, widthOf } from './cells.ts';
import { HEADINGS, languageNamed, OUTSIDE, within } from './context.ts';
import type { Context } from './context.ts';
import { withFootnotes } from './foreign-notes.ts';
import { drawnSource, formulaOf, isDrawnFormula } from './formulas.ts';
import { keepsBlanks, marginOf, readStyle } from './styles.ts';
import { isBlank, textWithin } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';
import { isSign, withWordLists } from './word-lists.ts';

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
export function readHtml(schema: Schema, nodes: readonly HtmlNode[]): Node {
  const reader = new HtmlReader(schema);
  reader.children(withFootnotes(nodes), OUTSIDE);
  return reader.builder.finish();
}

class HtmlReader {
  readonly builder: BlockBuilder;

  constructor(schema: Schema) {
    this.builder = new BlockBuilder(schema);
  }

  children(nodes: readonly HtmlNode[], context: Context): void {
    for (const node of withWordLists(nodes))
      if (node.type === 'text') this.#text(node.text, context);
      else if (context.depth > DEEPEST_ELEMENT) this.#text(textWithin(node), context);
      else this.#element(node, context);
  }

  #text(text: string, context: Context): void {
    this.builder.align = context.align;
    this.builder.text(text, this.#marks(context), context.exact);
  }

  #marks({ formats }: Context): readonly Mark[] {
    return marksOf(this.builder.schema, formats);
  }

  #element(element: HtmlElement, outer: Context): void {
    const { name } = element;
    const style = readStyle(element.attribute('style'));
    if (isHidden(element, style) || this.#formula(element, outer)) return;
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
    else this.children(element.children, context);
  }

  /** Things without text of their own, and those that this version does not know. */
  #thing(element: HtmlElement, context: Context): boolean {
    const { name } = element;
    const ref = element.attribute('data-opaque');
    const media = mediaOf(element);
    if (media) {
      const traits = {
        align: readAlignment(element.attribute('data-align')),
        suggestions: suggestionsOf(element),
      };
      this.builder.block(media.name, { ...media.attributes, ...traits });
    } else if (name === 'br') {
      if (element.attribute('class') !== 'Apple-interchange-newline')
        this.builder.break(this.#marks(context));
    } else if (name === 'hr') this.builder.block('horizontalRule', { suggestions: suggestionsOf(element) });
    else if (name === 'img') {
      // Google Docs draws the box of a task, which the item itself tells.
      const box = element.attribute('aria-roledescription') === 'checkbox';
      const image = box ? null : imageOf(element);
      if (image) this.builder.block('image', image);
      else if (!box) this.#text(element.attribute('alt') ?? '', context);
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
    const start = Number(element.attribute('start') ?? 1);
    const type = element.attribute('type') ?? numberingOf(element);
    const counted =
      element.name === 'ol'
        ? { start: isStart(start) ? start : 1, type: isNumbering(type) ? type : null }
        : null;
    this.builder.list(counted, () => this.children(element.children, context));
  }

  #holder(element: HtmlElement, context: Context): void {
    const content = () => this.children(element.children, context);
    const holder = holderOf(element);
    if (holder?.type === 'item') this.builder.item(checkOf(element), content);
    else if (holder) this.builder.holder(holder.type, holder.attrs, content);
  }

  #table(element: HtmlElement, context: Context): void {
    const rows = rowsOf(element).map((row) => ({
      attrs: { suggestions: suggestionsOf(row) },
      cells: row.children.flatMap((cell) => {
        if (cell.type === 'text' || (cell.name !== 'td' && cell.name !== 'th')) return [];
        const inner = within(cell, readStyle(cell.attribute('style')), context, true);
        const content = this.builder.apart(() => this.children(cell.children, { ...inner, align: null }));
        const attrs = { ...cellOf(cell), suggestions: suggestionsOf(cell) };
        return [{ header: cell.name === 'th', attrs, content }];
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
    const level = headingLevel(element);
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
  #insetOf(element: HtmlElement, { rightToLeft }: Context): number {
    const own = readInsetWord(element.attribute('data-inset'));
    if (own > 0 || this.builder.inItem) return own;
    const margin = marginOf(readStyle(element.attribute('style')), rightToLeft);
    return Math.min(MOST_INSET, Math.round(margin / INSET_STEP));
  }
}

/** Text as code may hold it. */
const codeText = (text: string) => cleanText(text).replaceAll('\u2028', '\n');

/** What holds the blocks within an element; null if it holds none by itself. */
function holderOf(element: HtmlElement): { type: string; attrs: Attrs | null } | null {
  const { name } = element;
  if (name === 'li') return { type: 'item', attrs: null };
  if (name === 'blockquote') return { type: 'blockquote', attrs: null };
  if (name === 'details') return { type: 'toggle', attrs: null };
  if (name !== 'div') return null;
  const [, alert] = /(?:^|\s)markdown-alert-(\w+)/.exec(element.attribute('class') ?? '') ?? [];
  const told = element.attribute('data-callout');
  const kind = told ?? (alert === undefined ? null : alertOf(`[!${alert.toUpperCase()}]`));
  return isCalloutKind(kind)
    ? { type: 'callout', attrs: { kind, icon: readIcon(element.attribute('data-icon')) } }
    : null;
}

function suggestionsOf(element: HtmlElement) {
  return readSuggestionList(parseJson(element.attribute('data-suggestions')));
}

function isHidden(element: HtmlElement, style: ReadonlyMap<string, string>): boolean {
  if (style.size === 0) return element.attribute('hidden') !== null;
  return style.get('display') === 'none' || style.get('mso-hide') === 'all' || isSign(element);
}

function headingLevel(element: HtmlElement): number | null {
  const { name } = element;
  const known = entryOf(HEADINGS, name);
  if (known !== undefined) return known;
  const level = Number(element.attribute('aria-level') ?? 2);
  if (element.attribute('role') === 'heading') return Math.min(3, Math.max(1, Math.trunc(level) || 2));
  const styled = /^Mso(?:(Title)|(Subtitle)|Heading([1-9]))/.exec(element.attribute('class') ?? '');
  if (!styled) return null;
  return styled[1] ? 1 : styled[2] ? 2 : Math.min(3, Number(styled[3]));
}

/** Of a list's item that is a task, whether it is done. */
function checkOf(element: HtmlElement): boolean | null {
  const own = element.attribute('data-type') === 'taskItem' ? element.attribute('data-checked') : null;
  const told = own ?? (element.attribute('role') === 'checkbox' ? element.attribute('aria-checked') : null);
  return told === null ? null : told === 'true';
}

/** How a list counts where its styles say it. */
function numberingOf(list: HtmlElement): string | null {
  const first = list.children.find((node) => node.type === 'element');
  const style = [list, first].flatMap((element) =>
    element?.type === 'element' ? [readStyle(element.attribute('style')).get('list-style-type') ?? ''] : [],
  );
  const ways: Readonly<Record<string, string>> = {
    'lower-alpha': 'a',
    'lower-latin': 'a',
    'upper-alpha': 'A',
    'upper-latin': 'A',
    'lower-roman': 'i',
    'upper-roman': 'I',
  };
  return style.map((way) => entryOf(ways, way)).find((way) => way !== undefined) ?? null;
}

/** Editors put code on the clipboard as a box that keeps blanks, in letters of one width. */
function isCodeBox({ name }: HtmlElement, style: ReadonlyMap<string, string>): boolean {
  return (
    name === 'div' &&
    keepsBlanks(style.get('white-space')) === true &&
    /monospace|consolas|courier|menlo|monaco/.test(style.get('font-family') ?? '')
  );
}

function languageOf(element: HtmlElement): string | null {
  const code = element.children.find((node) => node.type === 'element' && node.name === 'code');
  return code?.type === 'element' ? languageNamed(code) : null;
}
