import type { Mark, Node } from '@tiptap/pm/model';
import { isSafeLink } from './links.ts';
import { markRuns } from './mark-runs.ts';
import type { MarkRun } from './mark-runs.ts';
import { entryOf } from './names.ts';
import type { MarkName } from './names.ts';

/** What stands for a paragraph without words, which Markdown has not. A no-break space is written as a number. */
export const EMPTY_PARAGRAPH = '&nbsp;';

const entity = (sign: string) => `&#${String(sign.codePointAt(0))};`;
/** Every sign that means something to Markdown or HTML as an entity, so that it reads the same in both. */
const entities = (text: string) => text.replace(/[!-/:-@[-`{-~\s]/g, entity);

/** A thing that this version does not know, as HTML that is also read back. */
export function opaqueMarkdown(element: 'figure' | 'span', { attrs }: Node): string {
  const { ref, name, words } = attrs;
  const attributes = `data-opaque="${entities(String(ref))}" data-name="${entities(String(name))}"`;
  return `<${element} ${attributes}>${entities(String(words)).replaceAll('&#32;', ' ')}</${element}>`;
}

/** Blanks that Markdown would drop or change: all but the space, which is one only at the ends of a line. */
const BLANK = /[^\S \n\v]/g;

function escapeText(text: string, lineStart: boolean, heading: boolean): string {
  let escaped = text
    .replace(/[\\`*[\]<~|]|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_|&(?=[#\w]|$)|!$/gu, String.raw`\$&`)
    .replace(BLANK, entity);
  if (heading) escaped = escaped.replaceAll(/(?<!&)#/g, String.raw`\#`);
  if (!lineStart) return escaped;
  return escaped
    .replace(/^ /, entity)
    .replace(/^[#+\-=>:]/, String.raw`\$&`)
    .replace(/^(\d{1,9})([.)])/, String.raw`$1\$2`);
}

/** Marks as delimiters, where those can be read, and as HTML. Null: none. */
const marks: Readonly<Record<MarkName, { readonly delimiter: string | null; readonly tag: string | null }>> =
  {
    bold: { delimiter: '**', tag: 'strong' },
    italic: { delimiter: '_', tag: 'em' },
    underline: { delimiter: null, tag: 'u' },
    strike: { delimiter: '~~', tag: 'del' },
    code: { delimiter: null, tag: 'code' },
    link: { delimiter: null, tag: null },
  };

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
    else {
      const joins = !heading && !begins && /^[\p{L}\p{N}]/u.test(sign(index + 1, false));
      text += joins && block.child(index).marks.length === 0 ? '\\\n' : '<br>';
    }
  };
  const write = (run: MarkRun): void => {
    if (run.type === 'leaf') return leaf(run.node, run.from);
    const { mark, from, to, runs } = run;
    const form = entryOf(marks, mark.type.name);
    if (!form) throw new Error(`Markdown has no ${mark.type.name}.`);
    const node = block.child(from);
    const code =
      mark.type.name === 'code' && to === from + 1 && node.isText ? codeSpan(node.text ?? '') : null;
    if (code !== null) text += code;
    else if (mark.type.name === 'link') {
      text += '[';
      runs.forEach(write);
      text += `](${destination(String(mark.attrs['href']))})`;
    } else {
      const plain = form.delimiter !== null && delimits(from, to) ? form.delimiter : null;
      text += plain ?? `<${String(form.tag)}>`;
      runs.forEach(write);
      text += plain ?? `</${String(form.tag)}>`;
    }
  };
  markRuns(block, isWritten).forEach(write);
  return text.replace(/ $/, entity);
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
function destination(href: string): string {
  if (/^[\w:/.?=#%+@,;!$'-]+$/.test(href)) return href;
  return `<${href.replace(/[\s&<>\\]/g, entity)}>`;
}
