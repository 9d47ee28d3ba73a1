import type { Mark, Node } from '@tiptap/pm/model';
import { calloutKindOf } from './container-nodes.ts';
import { isNumbering, isStart } from './frame.ts';
import { textKindOf } from './leaves.ts';
import { isSafeLink } from './links.ts';
import { markRuns } from './mark-runs.ts';
import type { MarkRun } from './mark-runs.ts';
import { entryOf } from './names.ts';
import type { MarkName, NodeName } from './names.ts';
import { readCellLook } from './table-attributes.ts';

/** `text` as HTML, for content and for attributes between double quotes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}

/** The attributes of a thing that this version does not know, as {@link OpaqueBlock} reads them. */
function opaque(element: 'figure' | 'span', { attrs }: Node): string {
  const { ref, name, words } = attrs;
  const attributes = `data-opaque="${escapeHtml(String(ref))}" data-name="${escapeHtml(String(name))}"`;
  return `<${element} ${attributes}>${escapeHtml(String(words))}</${element}>`;
}

const children = (node: Node) => node.children.map(writeNode).join('');
const list = (node: Node, tag: string, attributes = '') =>
  `<${tag}${attributes} dir="auto">\n${children(node)}</${tag}>\n`;

/** A cell's span, width and look, as the schema's cells read them. */
function cellAttributes({ attrs }: Node): string {
  const { colspan, rowspan, colwidth } = attrs;
  const { background, align } = readCellLook(attrs);
  const spans = (
    [
      ['colspan', colspan],
      ['rowspan', rowspan],
    ] as const
  ).map(([name, count]) => (Number(count) > 1 ? ` ${name}="${String(Number(count))}"` : ''));
  const widths = Array.isArray(colwidth) ? ` data-colwidth="${colwidth.map(Number).join(',')}"` : '';
  const look = `${background ? ` data-background="${background}"` : ''}${align ? ` data-align="${align}"` : ''}`;
  return `${spans.join('')}${widths}${look}`;
}

const nodes: Readonly<Record<NodeName, (node: Node) => string>> = {
  doc: children,
  paragraph: (node) => `<p dir="auto">${inline(node)}</p>\n`,
  heading: (node) => {
    const tag = `h${String(textKindOf(node)?.level ?? 1)}`;
    return `<${tag} dir="auto">${inline(node)}</${tag}>\n`;
  },
  codeBlock: (node) => {
    const language = textKindOf(node)?.language ?? null;
    const named = language === null ? '' : ` class="language-${escapeHtml(language)}"`;
    // HTML drops a newline that stands first in `pre`.
    return `<pre><code${named}>${escapeHtml(node.textContent).replace(/^\n/, '\n\n')}</code></pre>\n`;
  },
  horizontalRule: () => '<hr>\n',
  blockquote: (node) => `<blockquote dir="auto">\n${children(node)}</blockquote>\n`,
  callout: (node) =>
    `<div data-callout="${calloutKindOf(node)}" role="note" dir="auto">\n${children(node)}</div>\n`,
  // Open, so that nothing is missing where it is printed.
  toggle: (node) => {
    const [summary, ...rest] = node.children;
    const shown = summary ? `<summary>${writeNode(summary).trimEnd()}</summary>\n` : '';
    return `<details open>\n${shown}${rest.map(writeNode).join('')}</details>\n`;
  },
  bulletList: (node) => list(node, 'ul'),
  orderedList: (node) => {
    const { start, type } = node.attrs;
    const from = isStart(start) && start !== 1 ? ` start="${String(start)}"` : '';
    return list(node, 'ol', `${from}${isNumbering(type) ? ` type="${type}"` : ''}`);
  },
  listItem: (node) => `<li>${children(node)}</li>\n`,
  taskList: (node) => list(node, 'ul', ' data-type="taskList"'),
  taskItem: (node) => {
    const checked = node.attrs['checked'] === true;
    const box = `<input type="checkbox" disabled${checked ? ' checked' : ''}>`;
    return `<li data-type="taskItem" data-checked="${String(checked)}">${box}${children(node)}</li>\n`;
  },
  table: (node) => `<table>\n<tbody>\n${children(node)}</tbody>\n</table>\n`,
  tableRow: (node) => `<tr>\n${children(node)}</tr>\n`,
  tableCell: (node) => `<td${cellAttributes(node)}>${children(node)}</td>\n`,
  tableHeader: (node) => `<th${cellAttributes(node)}>${children(node)}</th>\n`,
  opaqueBlock: (node) => `${opaque('figure', node)}\n`,
  opaqueInline: (node) => opaque('span', node),
  hardBreak: () => '<br>',
  text: (node) => escapeHtml(node.text ?? ''),
};

const marks: Readonly<Record<MarkName, (mark: Mark, content: string) => string>> = {
  bold: (_, content) => `<strong>${content}</strong>`,
  italic: (_, content) => `<em>${content}</em>`,
  underline: (_, content) => `<u>${content}</u>`,
  strike: (_, content) => `<s>${content}</s>`,
  code: (_, content) => `<code>${content}</code>`,
  link: (mark, content) => {
    const href: unknown = mark.attrs['href'];
    if (!isSafeLink(href)) return content;
    return `<a href="${escapeHtml(href)}" rel="noopener noreferrer nofollow">${content}</a>`;
  },
};

function inline(block: Node): string {
  const write = (run: MarkRun): string => {
    if (run.type === 'leaf') return writeNode(run.node);
    const content = run.runs.map(write).join('');
    return entryOf(marks, run.mark.type.name)?.(run.mark, content) ?? content;
  };
  return markRuns(block, () => true)
    .map(write)
    .join('');
}

function writeNode(node: Node): string {
  const write = entryOf(nodes, node.type.name);
  if (!write) throw new Error(`HTML has no ${node.type.name}.`);
  return write(node);
}

/**
 * A document, or a part of one, as semantic HTML: escaped, without a script, a style or an address that is no
 * {@link isSafeLink} (SPEC MD-6).
 */
export function writeHtml(doc: Node): string {
  return writeNode(doc);
}

/** {@link writeHtml} as a page of its own, in UTF-8. */
export function writeHtmlPage(doc: Node, title: string): string {
  const head = `<meta charset="utf-8">\n<title>${escapeHtml(title)}</title>`;
  return `<!doctype html>\n<html>\n<head>\n${head}\n</head>\n<body>\n${writeHtml(doc)}</body>\n</html>\n`;
}
