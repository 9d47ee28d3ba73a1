import type { Node } from '@tiptap/pm/model';
import { atomOf } from './atom-nodes.ts';
import { codeMarks } from './code-marks.ts';
import { tellRanges } from './comment-ranges.ts';
import type { CommentRange } from './comment-ranges.ts';
import { calloutLookOf, noteIdOf } from './container-nodes.ts';
import { isNumbering, isStart } from './frame.ts';
import { MATH_LANGUAGE, textKindOf } from './leaves.ts';
import { isMathBlock } from './markdown-math.ts';
import { CONTENTS_LINE, EMPTY_PARAGRAPH, opaqueMarkdown, writeInline } from './markdown-text.ts';
import { entryOf } from './names.ts';
import type { NodeName } from './names.ts';
import { traitsOf } from './traits.ts';
import { ALERTS } from './markdown-alerts.ts';
import { writeMedia } from './markdown-media.ts';
import { writeTable } from './markdown-table.ts';

/** The largest number that Markdown gives an item (CommonMark 5.2: nine digits). */
const LARGEST_NUMBER = 999_999_999;

/** A block as lines, given how many lists of its sort stand directly before it. */
type Write = (node: Node, listsBefore: number) => string;

const indented = (text: string, first: string, later: string) =>
  text
    .split('\n')
    .map((line, index) => (index === 0 ? first + line : line === '' ? '' : later + line))
    .join('\n');

/** Items under each other; a blank line between them where one of them holds one. */
function items(list: Node, marker: (item: Node, index: number) => string, task = false): string {
  const written = list.children.map((item, index) => {
    const mark = marker(item, index);
    const box = task ? `[${item.attrs['checked'] === true ? 'x' : ' '}] ` : '';
    return indented(blocks(item), `${mark} ${box}`, ' '.repeat(mark.length + 1));
  });
  return written.join(written.some((item) => item.includes('\n\n')) ? '\n\n' : '\n');
}

const quoted = (text: string) =>
  text
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');

const bullet = (listsBefore: number) => (listsBefore % 2 === 0 ? '-' : '*');
/** What stands within another block is written by it. */
const inner: Write = (node) => {
  throw new Error(`A ${node.type.name} stands by itself.`);
};

const nodes: Readonly<Record<NodeName, Write>> = {
  doc: (node) => blocks(node),
  paragraph: (node) => (node.childCount === 0 ? EMPTY_PARAGRAPH : writeInline(node, false)),
  heading: (node) => `${'#'.repeat(textKindOf(node)?.level ?? 1)} ${writeInline(node, true)}`.trimEnd(),
  codeBlock: (node) => {
    const text = node.textContent;
    const language = textKindOf(node)?.language ?? '';
    if (language === MATH_LANGUAGE && isMathBlock(text)) return `$$\n${text}\n$$`;
    const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
    const fence = '`'.repeat(longest + 1);
    return `${fence}${language}\n${text}\n${fence}`;
  },
  horizontalRule: () => '---',
  contents: () => CONTENTS_LINE,
  blockquote: (node) => quoted(blocks(node)),
  callout: (node) => {
    const { kind, icon } = calloutLookOf(node);
    const told = icon === null ? '' : `<!-- icon: ${icon} -->\n\n`;
    return `${told}${quoted(`[!${ALERTS[kind]}]\n\n${blocks(node)}`)}`;
  },
  toggle: (node) => {
    const [summary, ...rest] = node.children;
    const head = summary ? withTraits(summary, nodes.paragraph(summary, 0)) : EMPTY_PARAGRAPH;
    const body = rest.length > 0 ? `${blocks(node.copy(node.content.cut(summary?.nodeSize ?? 0)))}\n\n` : '';
    return `<details>\n<summary>\n\n${head}\n\n</summary>\n\n${body}</details>`;
  },
  footnote: (node) => {
    const first = node.firstChild;
    const plain = isPlain(first) && first !== null && traitsOf(first).suggestions.length === 0;
    const sign = `[^${noteIdOf(node.attrs['id'])}]:`;
    return indented(blocks(node), plain ? `${sign} ` : `${sign}\n\n    `, '    ');
  },
  bulletList: (node, before) => items(node, () => bullet(before)),
  taskList: (node, before) => items(node, () => bullet(before), true),
  orderedList: (node, before) => {
    const { start, type } = node.attrs;
    const from = isStart(start) ? start : 1;
    const sign = before % 2 === 0 ? '.' : ')';
    const list = items(node, (_, index) => `${String(Math.min(from + index, LARGEST_NUMBER))}${sign}`);
    return isNumbering(type) ? `<!-- list: ${type} -->\n\n${list}` : list;
  },
  table: (node) => writeTable(node, { blocks, suggested }),
  image: (node) => writeMedia('image', node, comment),
  file: (node) => writeMedia('file', node, comment),
  embed: (node) => writeMedia('embed', node, comment),
  opaqueBlock: (node) => opaqueMarkdown('figure', node),
  tableRow: inner,
  tableCell: inner,
  tableHeader: inner,
  listItem: inner,
  taskItem: inner,
  hardBreak: inner,
  footnoteReference: inner,
  opaqueInline: inner,
  date: inner,
  math: inner,
  mention: inner,
  text: inner,
};

/** Markdown knows two sorts of lists: those that count and those that do not. */
function sortOf(node: Node): 'counted' | 'marked' | null {
  const { name } = node.type;
  if (name === 'orderedList') return 'counted';
  return name === 'bulletList' || name === 'taskList' ? 'marked' : null;
}

function blocks(parent: Node): string {
  let text = '';
  let listsBefore = 0;
  parent.forEach((node, _offset, index) => {
    const before = index === 0 ? null : parent.child(index - 1);
    const sort = sortOf(node);
    listsBefore = before && sort !== null && sortOf(before) === sort ? listsBefore + 1 : 0;
    const write = entryOf(nodes, node.type.name);
    if (!write) throw new Error(`Markdown has no ${node.type.name}.`);
    const written = withTraits(node, write(node, listsBefore));
    // A list may follow its item's paragraph without a blank line (CommonMark 5.2), if it begins with 1.
    const close = index === 1 && isPlain(before) && isItem(parent) && /^(?:[-*]|1\.) /.test(written);
    text += `${index === 0 ? '' : close ? '\n' : '\n\n'}${written}`;
  });
  return text;
}

/** What Markdown lacks of a block, as HTML around it. */
function withTraits(node: Node, written: string): string {
  const { align, inset } = traitsOf(node);
  const marks = node.type.name === 'codeBlock' ? codeMarks(node) : [];
  const before = suggested(node) + comments('marks', marks);
  const where = align === 'end' ? 'right' : align;
  const aligned = where === null ? written : within(`align="${where}"`, written);
  return before + (inset === 0 ? aligned : within(`data-inset="${String(inset)}"`, aligned));
}

function within(attribute: string, written: string): string {
  return `<div ${attribute}>\n\n${written}\n\n</div>`;
}

/** What is suggested of a block, a row or a cell, before it. */
function suggested(node: Node): string {
  return comments('suggestions', traitsOf(node).suggestions);
}

function comments(name: string, told: readonly unknown[]): string {
  return told.length === 0 ? '' : comment(name, told);
}

function comment(name: string, told: unknown): string {
  // Signs as numbers, so that nothing in it ends the comment.
  const coded = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `<!-- ${name}: ${JSON.stringify(told).replace(/[<>&-]/g, coded)} -->\n\n`;
}

/** Whether a block is a paragraph that is written as its text alone. */
function isPlain(node: Node | null): boolean {
  if (node?.type.name !== 'paragraph') return false;
  const { align, inset } = traitsOf(node);
  return align === null && inset === 0;
}

function isItem({ type }: Node): boolean {
  return type.name === 'listItem' || type.name === 'taskItem';
}

/** The footnotes that a document refers to and does not have. */
function lackingNotes(doc: Node): string[] {
  const [referred, had] = [new Set<string>(), new Set<string>()];
  doc.descendants((node) => {
    const atom = atomOf(node);
    if (atom?.type === 'footnote') referred.add(atom.note);
    if (node.type.name === 'footnote') had.add(noteIdOf(node.attrs['id']));
  });
  return [...referred].filter((id) => !had.has(id));
}

/**
 * A document as Markdown: CommonMark 0.31 with the task lists and the strikethrough of GFM, and the inline HTML of
 * SPEC MD-2 for what Markdown lacks. `readMarkdown` gives the same document again, for every document of the schema
 * whose text holds none of the control characters that Markdown cannot (SPEC MD-1). The file tells of the ranges of
 * comments only where they are given (SPEC REVIEW-4): who it is handed to would know which words others doubted.
 */
export function writeMarkdown(doc: Node, ranges: readonly CommentRange[] = []): string {
  const behind = comments('footnotes', lackingNotes(doc)) + comments('comments', tellRanges(doc, ranges));
  return `${blocks(doc)}\n${behind === '' ? '' : `\n${behind.trimEnd()}\n`}`;
}
