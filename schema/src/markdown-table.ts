import type { Node } from '@tiptap/pm/model';
import { writeInline } from './markdown-text.ts';
import { readCellLook } from './table-attributes.ts';
import { traitsOf } from './traits.ts';

/**
 * A table as GFM has it, if it can: a row of headers above others, a line of text in each cell, columns that are
 * aligned as a whole. Else as tags, each on a line of its own, with the Markdown of a cell between them (SPEC MD-7).
 * `suggested` gives what stands before a row or a cell of which something is suggested.
 */
export function writeTable(
  table: Node,
  write: { readonly blocks: (cell: Node) => string; readonly suggested: (part: Node) => string },
): string {
  return fits(table) ? pipes(table) : tags(table, write);
}

function fits(table: Node): boolean {
  const [head] = table.children;
  if (!head || head.childCount === 0) return false;
  return table.children.every(
    (row, index) =>
      row.childCount === head.childCount &&
      traitsOf(row).suggestions.length === 0 &&
      row.children.every(
        (cell, column) =>
          (cell.type.name === 'tableHeader') === (index === 0) &&
          isLine(cell) &&
          cell.attrs['align'] === head.child(column).attrs['align'],
      ),
  );
}

/** Whether a cell is one line of text without a look of its own. A bar in code or in an address cannot be told. */
function isLine(cell: Node): boolean {
  const { attrs, childCount, firstChild } = cell;
  const { colspan, rowspan, colwidth, background } = attrs;
  if (colspan !== 1 || rowspan !== 1 || colwidth !== null || background !== null) return false;
  if (traitsOf(cell).suggestions.length > 0) return false;
  if (childCount !== 1 || firstChild?.type.name !== 'paragraph') return false;
  const { align, inset, suggestions } = traitsOf(firstChild);
  if (align !== null || inset > 0 || suggestions.length > 0) return false;
  return !firstChild.children.some(({ text, marks }) =>
    marks.some(
      ({ type, attrs: { href } }) =>
        (type.name === 'code' && text?.includes('|') === true) ||
        (type.name === 'link' && String(href).includes('|')),
    ),
  );
}

const DELIMITERS: Readonly<Record<string, string>> = { start: ':--', center: ':-:', end: '--:' };

function pipes(table: Node): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head, ...rest] = table.children.map((row) =>
    line(row.children.map(({ firstChild }) => (firstChild ? writeInline(firstChild, true) : ''))),
  );
  const columns = table.firstChild?.children ?? [];
  const delimiters = columns.map(({ attrs }) => DELIMITERS[String(readCellLook(attrs).align)] ?? '---');
  return [head, line(delimiters), ...rest].join('\n');
}

function tags(table: Node, { blocks, suggested }: Parameters<typeof writeTable>[1]): string {
  const rows = table.children.map((row) => {
    const cells = row.children.map((cell) => {
      const name = cell.type.name === 'tableHeader' ? 'th' : 'td';
      return `${suggested(cell)}<${name}${attributes(cell)}>\n\n${blocks(cell)}\n\n</${name}>\n`;
    });
    return `${suggested(row)}<tr>\n${cells.join('')}</tr>\n`;
  });
  return `<table>\n${rows.join('')}</table>`;
}

/** A cell's attributes as {@link readTableTag} reads them. */
function attributes({ attrs }: Node): string {
  const { colspan, rowspan, colwidth } = attrs;
  const { background, align } = readCellLook(attrs);
  const told = [
    ['colspan', colspan === 1 ? null : colspan],
    ['rowspan', rowspan === 1 ? null : rowspan],
    ['data-colwidth', Array.isArray(colwidth) ? colwidth.join(',') : null],
    ['data-background', background],
    ['data-align', align],
  ];
  return told.map(([name, value]) => (value === null ? '' : ` ${String(name)}="${String(value)}"`)).join('');
}
