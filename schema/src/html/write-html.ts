import type { Node } from '@tiptap/pm/model';
import { atomOf, tagOfAtom } from '../atom-nodes.ts';
import { calloutLookOf, noteIdOf } from '../container-nodes.ts';
import { isNumbering, isStart } from '../frame.ts';
import { MATH_LANGUAGE, textKindOf } from '../leaves.ts';
import { isSafeLink, isWebAddress } from '../links.ts';
import { mediaTag, readMedia } from '../media.ts';
import type { MediaName } from '../media.ts';
import { markRuns } from '../mark-runs.ts';
import type { MarkRun } from '../mark-runs.ts';
import { tagOf } from '../mark-tags.ts';
import { entryOf } from '../names.ts';
import type { NodeName } from '../names.ts';
import { readCellLook } from '../table-attributes.ts';
import { INSET_STEP, traitsOf } from '../traits.ts';

/** `text` as HTML, for content and for attributes between double quotes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"'\r]/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}

function written(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
    .join('');
}

/** The attributes of a thing that this version does not know, as {@link OpaqueBlock} reads them. */
function opaque(element: 'figure' | 'span', node: Node): string {
  const { ref, name, words } = node.attrs;
  const attributes = { 'data-opaque': String(ref), 'data-name': String(name) };
  const more = element === 'figure' ? suggested(node) : {};
  return `<${element}${written({ ...attributes, ...more })}>${escapeHtml(String(words))}</${element}>`;
}

/**
 * Draws a formula in TeX, `display` one that stands by itself, as MathML, which shows without scripts and styles: one
 * element `math`. Null if the formula means nothing.
 */
export type DrawMath = (tex: string, display: boolean) => string | null;

/** Formulas stay their source. */
const undrawn: DrawMath = () => null;

/** Writes a node, with its formulas drawn. */
type Write = (node: Node, draw: DrawMath) => string;

/** A day, a person or another document. */
function atom(node: Node): string {
  const tag = tagOfAtom(node);
  if (!tag) return '';
  const { element, attributes, text } = tag;
  return `<${element}${written({ ...attributes, dir: 'auto' })}>${escapeHtml(text)}</${element}>`;
}

function suggested(node: Node): Record<string, string> {
  const { suggestions } = traitsOf(node);
  return suggestions.length === 0 ? {} : { 'data-suggestions': JSON.stringify(suggestions) };
}

/** An image, a file or a link card. What is on the server has no address that leads there from elsewhere. */
function figure(kind: MediaName, node: Node): string {
  const { src = null, alt, caption, width, height, name, url, title } = readMedia(kind, node.attrs);
  const { align } = traitsOf(node);
  const attributes = {
    ...mediaTag(kind, node.attrs),
    ...(align && { 'data-align': align }),
    ...suggested(node),
  };
  const image = {
    ...(isWebAddress(src) && { src }),
    alt: String(alt ?? ''),
    ...(width && { width: String(width) }),
    ...(height && { height: String(height) }),
  };
  const words = escapeHtml(String(title ?? url ?? name ?? ''));
  const link = url ? `<a${written({ href: String(url), dir: 'auto' })}>${words}</a>` : words;
  const shown = kind === 'image' ? `<img${written(image)}>` : link;
  const below = caption ? `<figcaption dir="auto">${escapeHtml(String(caption))}</figcaption>` : '';
  return `<figure${written(attributes)}>${shown}${below}</figure>\n`;
}

/** HTML drops blanks at the ends of a line and beside others, unless told not to. */
const BLANKS = /^ | $| {2}| \n|\n |[\t\r\f]/;

/** A block of text. */
function textBlock(element: string, node: Node, draw: DrawMath): string {
  const { align, inset } = traitsOf(node);
  const text = node.textBetween(0, node.content.size, undefined, ({ type }) =>
    type.name === 'hardBreak' ? '\n' : '-',
  );
  const styles = [
    align && `text-align:${align}`,
    inset > 0 && `margin-inline-start:${String(inset * INSET_STEP)}pt`,
    BLANKS.test(text) && 'white-space:pre-wrap',
  ].filter(Boolean);
  const attributes = {
    dir: 'auto',
    ...(align && { 'data-align': align }),
    ...(inset > 0 && { 'data-inset': String(inset) }),
    ...(styles.length > 0 && { style: styles.join(';') }),
    ...suggested(node),
  };
  // A break at the end of a block is none, in HTML, unless another follows.
  const more = text.endsWith('\n') ? '<br>' : '';
  return `<${element}${written(attributes)}>${inline(node, draw)}${more}</${element}>\n`;
}

const children: Write = (node, draw) => node.children.map((child) => writeNode(child, draw)).join('');
const list = (content: string, tag: string, attributes = '') =>
  `<${tag}${attributes} dir="auto">\n${content}</${tag}>\n`;

/** A cell's span, width and look, as the schema's cells read them. */
function cellAttributes(node: Node): Record<string, string> {
  const { colspan, rowspan, colwidth } = node.attrs;
  const { background, align } = readCellLook(node.attrs);
  return {
    ...(Number(colspan) > 1 && { colspan: String(Number(colspan)) }),
    ...(Number(rowspan) > 1 && { rowspan: String(Number(rowspan)) }),
    ...(Array.isArray(colwidth) && { 'data-colwidth': colwidth.map(Number).join(',') }),
    ...(background && { 'data-background': background }),
    ...(align && { 'data-align': align, style: `text-align:${align}` }),
    ...suggested(node),
  };
}

const nodes: Readonly<Record<NodeName, Write>> = {
  doc: children,
  paragraph: (node, draw) => textBlock('p', node, draw),
  heading: (node, draw) => textBlock(`h${String(textKindOf(node)?.level ?? 1)}`, node, draw),
  codeBlock: (node, draw) => {
    const language = textKindOf(node)?.language ?? null;
    const drawn = language === MATH_LANGUAGE ? formulaBlock(node, draw) : null;
    if (drawn !== null) return drawn;
    const named = language === null ? {} : { class: `language-${language}` };
    // A break at the end of code begins no line, in HTML.
    const more = node.textContent.endsWith('\n') ? '\n' : '';
    return `<pre${written(suggested(node))}><code${written(named)}>${inline(node, draw)}${more}</code></pre>\n`;
  },
  horizontalRule: (node) => `<hr${written(suggested(node))}>\n`,
  blockquote: (node, draw) => `<blockquote dir="auto">\n${children(node, draw)}</blockquote>\n`,
  callout: (node, draw) => {
    const { kind, icon } = calloutLookOf(node);
    const attributes = {
      'data-callout': kind,
      ...(icon !== null && { 'data-icon': icon }),
      role: 'note',
      dir: 'auto',
    };
    return `<div${written(attributes)}>\n${children(node, draw)}</div>\n`;
  },
  // Open, so that nothing is missing where it is printed.
  toggle: (node, draw) => {
    const [summary, ...rest] = node.children;
    const shown = summary ? `<summary>${writeNode(summary, draw).trimEnd()}</summary>\n` : '';
    return `<details open>\n${shown}${rest.map((one) => writeNode(one, draw)).join('')}</details>\n`;
  },
  footnote: (node, draw) =>
    `<aside data-footnote="${noteIdOf(node.attrs['id'])}" role="doc-footnote" dir="auto">\n${children(node, draw)}</aside>\n`,
  bulletList: (node, draw) => list(children(node, draw), 'ul'),
  orderedList: (node, draw) => {
    const { start, type } = node.attrs;
    const from = isStart(start) && start !== 1 ? ` start="${String(start)}"` : '';
    return list(children(node, draw), 'ol', `${from}${isNumbering(type) ? ` type="${type}"` : ''}`);
  },
  listItem: (node, draw) => `<li>${children(node, draw)}</li>\n`,
  taskList: (node, draw) => list(children(node, draw), 'ul', ' data-type="taskList"'),
  taskItem: (node, draw) => {
    const checked = node.attrs['checked'] === true;
    const box = `<input type="checkbox" disabled${checked ? ' checked' : ''}>`;
    return `<li data-type="taskItem" data-checked="${String(checked)}">${box}${children(node, draw)}</li>\n`;
  },
  table: (node, draw) =>
    `<table${written(suggested(node))}>\n<tbody>\n${children(node, draw)}</tbody>\n</table>\n`,
  tableRow: (node, draw) => `<tr${written(suggested(node))}>\n${children(node, draw)}</tr>\n`,
  tableCell: (node, draw) => `<td${written(cellAttributes(node))}>${children(node, draw)}</td>\n`,
  tableHeader: (node, draw) => `<th${written(cellAttributes(node))}>${children(node, draw)}</th>\n`,
  image: (node) => figure('image', node),
  file: (node) => figure('file', node),
  embed: (node) => figure('embed', node),
  opaqueBlock: (node) => `${opaque('figure', node)}\n`,
  opaqueInline: (node) => opaque('span', node),
  contents: (node) => `<nav data-contents${written(suggested(node))}></nav>\n`,
  date: atom,
  footnoteReference: (node) => {
    const linked = node.marks.some(({ type }) => type.name === 'link');
    return `<sup data-footnote="${noteIdOf(node.attrs['footnote'])}">${linked ? '<span>*</span>' : '*'}</sup>`;
  },
  math: (node, draw) => {
    const formula = atomOf(node);
    const drawn = formula?.type === 'math' ? draw(formula.tex, false) : null;
    if (formula?.type !== 'math' || drawn === null) return atom(node);
    return `<span${written({ 'data-math': formula.tex, dir: 'ltr' })}>${drawn}</span>`;
  },
  mention: atom,
  hardBreak: () => '<br>',
  text: (node) => escapeHtml(node.text ?? ''),
};

/** A formula that is a block; null if it cannot be drawn, or if something is suggested of a part of it. */
const formulaBlock = (node: Node, draw: DrawMath): string | null => {
  const marked = node.children.some(({ marks }) => marks.length > 0);
  const drawn = marked || node.textContent.trim() === '' ? null : draw(node.textContent, true);
  return (
    drawn &&
    `<div${written({ 'data-math': node.textContent, dir: 'ltr', ...suggested(node) })}>${drawn}</div>\n`
  );
};

function inline(block: Node, draw: DrawMath): string {
  const write = (run: MarkRun): string => {
    if (run.type === 'leaf') return writeNode(run.node, draw);
    const content = run.runs.map(write).join('');
    if (run.mark.type.name === 'link' && !isSafeLink(run.mark.attrs['href'])) return content;
    const { element, attributes, style } = tagOf(run.mark);
    return `<${element}${written({ ...attributes, ...(style !== undefined && { style }) })}>${content}</${element}>`;
  };
  return markRuns(block, () => true)
    .map(write)
    .join('');
}

function writeNode(node: Node, draw: DrawMath): string {
  const write = entryOf(nodes, node.type.name);
  if (!write) throw new Error(`HTML has no ${node.type.name}.`);
  return write(node, draw);
}

/**
 * A document, or a part of one, as semantic HTML: escaped, without a script or an address that is no
 * {@link isSafeLink}; its styles are constants (SPEC MD-6). `readHtml` gives the same document again (SPEC MD-10). What
 * `draw` gives for formulas goes in as it is.
 */
export function writeHtml(doc: Node, draw: DrawMath = undrawn): string {
  const html = withNotes(writeNode(doc, draw));
  return EMPTY_CONTENTS.test(html) ? withContents(html, doc) : html;
}

/**
 * Gives references to footnotes their numbers, in their order, and leads from each to its note and back. What looks like
 * them here is no text: that is escaped.
 */
function withNotes(html: string): string {
  const numbers = new Map<string, number>();
  const numbered = html.replace(
    /<sup data-footnote="([\w.-]+)">(\*|<span>\*<\/span>)<\/sup>/g,
    (_tag, id: string, sign: string) => {
      const named = numbers.has(id) ? '' : ` id="fnref-${id}"`;
      const number = String(numbers.get(id) ?? numbers.size + 1);
      numbers.set(id, Number(number));
      const shown = sign === '*' ? `<a href="#fn-${id}" role="doc-noteref">${number}</a>` : number;
      return `<sup data-footnote="${id}"${named}>${shown}</sup>`;
    },
  );
  const seen = new Set<string>();
  return numbered.replace(
    /(<aside data-footnote="([\w.-]+)")([^>]*>\n)/g,
    (_tag, begin: string, id: string, rest: string) => {
      const named = seen.has(id) ? '' : ` id="fn-${id}"`;
      seen.add(id);
      const number = numbers.get(id);
      const back =
        number === undefined ? '' : `<a href="#fnref-${id}" role="doc-backlink">${String(number)}</a>\n`;
      return `${begin}${named}${rest}${back}`;
    },
  );
}

/** A table of contents as it is written, without what it lists; no text looks like it. */
const EMPTY_CONTENTS = /(<nav data-contents[^>]*>)(?=<\/nav>)/;

/** Lists in each table of contents the headings behind the title, which get names to lead to. */
function withContents(html: string, doc: Node): string {
  const found = headingsOf(doc);
  let at = -1;
  const named = html.replace(/<h[1-3](?= dir="auto")/g, (tag) => `${tag} id="h${String((at += 1))}"`);
  const lines = found.map(
    ({ text, level }, index) =>
      `<li style="margin-inline-start:${String(level - 1)}em"><a href="#h${String(index)}">${escapeHtml(text)}</a></li>\n`,
  );
  const listed = lines.filter((_line, index) => index > 0 || found[0]?.title === false);
  return named.replaceAll(
    new RegExp(EMPTY_CONTENTS, 'g'),
    (nav) => `${nav}\n<ul>\n${listed.join('')}</ul>\n`,
  );
}

function headingsOf(doc: Node): { text: string; level: number; title: boolean }[] {
  const found: { text: string; level: number; title: boolean }[] = [];
  doc.descendants((node, pos) => {
    if (node.type.name === 'heading')
      found.push({ text: node.textContent, level: textKindOf(node)?.level ?? 1, title: pos === 0 });
    return !node.isTextblock;
  });
  return found;
}

/** {@link writeHtml} as a page of its own, in UTF-8. */
export function writeHtmlPage(doc: Node, title: string, draw: DrawMath = undrawn): string {
  const head = `<meta charset="utf-8">\n<title>${escapeHtml(title)}</title>`;
  return `<!doctype html>\n<html>\n<head>\n${head}\n</head>\n<body>\n${writeHtml(doc, draw)}</body>\n</html>\n`;
}
