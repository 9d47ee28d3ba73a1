import type { Mark, Node } from '@tiptap/pm/model';
import { atomOf, tagOfAtom } from './atom-nodes.ts';
import { isSafeLink } from './links.ts';
import { isInlineMath } from './markdown-math.ts';
import { markRuns } from './mark-runs.ts';
import type { MarkRun } from './mark-runs.ts';
import { tagOf } from './mark-tags.ts';
import { entryOf } from './names.ts';

/** What stands for a paragraph without words, which Markdown has not. A no-break space is written as a number. */
export const EMPTY_PARAGRAPH = '&nbsp;';

/** What stands for a table of contents. */
export const CONTENTS_LINE = '[TOC]';

const entity = (sign: string) => `&#${String(sign.codePointAt(0))};`;
/** `text` with every sign that means something to Markdown or HTML as an entity, so that it reads the same in both. */
export const entities = (text: string) => text.replace(/[!-/:-@[-`{-~\s]/g, entity);

/** A thing that this version does not know, as HTML that is also read back. */
export function opaqueMarkdown(element: 'figure' | 'span', { attrs }: Node): string {
  const { ref, name, words } = attrs;
  const attributes = `data-opaque="${entities(String(ref))}" data-name="${entities(String(name))}"`;
  return `<${element} ${attributes}>${entities(String(words)).replaceAll('&#32;', ' ')}</${element}>`;
}

/** A day, a person or a document as HTML that is also read back. */
function atomMarkdown(node: Node): string {
  const tag = tagOfAtom(node);
  if (!tag) return '';
  const { element, attributes, text } = tag;
  return `${openingTag(element, attributes)}${entities(text).replaceAll('&#32;', ' ')}</${element}>`;
}

/** A formula between dollar signs; null if it is none, or could not be read there. */
function mathMarkdown(node: Node, next: string): string | null {
  const atom = atomOf(node);
  return atom?.type === 'math' && isInlineMath(atom.tex, next) ? `$${atom.tex}$` : null;
}

/** A reference to a footnote; null where Markdown could not read it: within a link, or before a colon that begins its words. */
function referenceMarkdown(node: Node, begins: boolean, next: string): string | null {
  const atom = atomOf(node);
  if (atom?.type !== 'footnote' || node.marks.some(({ type }) => type.name === 'link')) return null;
  return begins && next === ':' ? null : `[^${atom.note}]`;
}

/** Blanks that Markdown would drop or change: all but the space, which is one only at the ends of a line. */
const BLANK = /[^\S \n\v]/g;

function escapeText(text: string, lineStart: boolean, heading: boolean): string {
  let escaped = text
    .replace(/[\\`*[\]<~|$]|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_|&(?=[#\w]|$)|!$/gu, String.raw`\$&`)
    .replace(BLANK, entity);
  if (heading) escaped = escaped.replaceAll(/(?<!&)#/g, String.raw`\#`);
  if (!lineStart) return escaped;
  return escaped
    .replace(/^ /, entity)
    .replace(/^[#+\-=>:]/, String.raw`\$&`)
    .replace(/^(\d{1,9})([.)])/, String.raw`$1\$2`);
}

/** The marks that Markdown has delimiters for, which are used where they can be read. */
const DELIMITERS: Readonly<Record<string, string>> = { bold: '**', italic: '_', strike: '~~' };

/** The signs on both sides of a delimiter must let it begin or end (CommonMark 6.2, made stricter). */
const OUTSIDE = /^(?:|[ !-/:-@[-`{-~])$/;

/** The line that `block`'s text comes to; line breaks within it are Markdown's own where those can be read. */
export function writeInline(block: Node, heading: boolean): string {
  const units = block.children.map((node) =>
    node.isText ? (node.text ?? '') : node.type.name === 'hardBreak' ? '\n' : '<',
  );
  const sign = (index: number, last: boolean) =>
    (last ? units[index]?.slice(-1) : units[index]?.slice(0, 1)) ?? '';
  const delimits = (from: number, to: number) =>
    OUTSIDE.test(sign(from - 1, true)) &&
    OUTSIDE.test(sign(to, false)) &&
    /\S/.test(sign(from, false)) &&
    /\S/.test(sign(to - 1, true));
  let text = '';
  const leaf = (node: Node, index: number) => {
    const begins = text === '' || text.endsWith('\n');
    if (node.isText) text += escapeText(node.text ?? '', begins, heading);
    else if (node.type.name === 'opaqueInline') text += opaqueMarkdown('span', node);
    else if (node.type.name !== 'hardBreak')
      text +=
        mathMarkdown(node, sign(index + 1, false)) ??
        referenceMarkdown(node, begins, sign(index + 1, false)) ??
        atomMarkdown(node);
    else {
      const joins = !heading && !begins && /^[\p{L}\p{N}]/u.test(sign(index + 1, false));
      text += joins && block.child(index).marks.length === 0 ? '\\\n' : '<br>';
    }
  };
  const write = (run: MarkRun): void => {
    if (run.type === 'leaf') return leaf(run.node, run.from);
    const { mark, from, to, runs } = run;
    const [only] = runs;
    const code =
      mark.type.name === 'code' && runs.length === 1 && only?.type === 'leaf' ? only.node.text : null;
    const span = code === null || code === undefined ? null : codeSpan(code);
    if (span !== null) text += span;
    else if (mark.type.name === 'link') {
      text += '[';
      runs.forEach(write);
      text += `](${destination(String(mark.attrs['href']))})`;
    } else {
      const delimiter = delimits(from, to) ? entryOf(DELIMITERS, mark.type.name) : undefined;
      const tag = tagOf(mark);
      text += delimiter ?? openingTag(tag.element, tag.attributes);
      runs.forEach(write);
      text += delimiter ?? `</${tag.element}>`;
    }
  };
  markRuns(block, isWritten).forEach(write);
  return text.replace(/ $/, entity);
}

function openingTag(element: string, attributes: Readonly<Record<string, string>>): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${entities(value)}"`);
  return `<${element}${written.join('')}>`;
}

function isWritten(mark: Mark): boolean {
  return mark.type.name !== 'link' || isSafeLink(mark.attrs['href']);
}

/** A code span (CommonMark 6.1); null if its text cannot stand in one. */
function codeSpan(text: string): string | null {
  if (/[^\S ]/.test(text)) return null;
  const runs = new Set((text.match(/`+/g) ?? []).map((run) => run.length));
  let length = 1;
  while (runs.has(length)) length += 1;
  const fence = '`'.repeat(length);
  const pad = /^`|`$/.test(text) || /^ .*[^ ].* $/.test(text) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** An address as Markdown has it (CommonMark 6.3). */
export function destination(href: string): string {
  if (/^[\w:/.?=#%+@,;!$'-]+$/.test(href)) return href;
  return `<${href.replace(/[\s&<>\\]/g, entity)}>`;
}
