import { Fragment, Slice } from '@tiptap/pm/model';
import type { Node, Schema } from '@tiptap/pm/model';

/** A pasted text of more cells than these stays a text. */
const MOST_CELLS = 10_000;

/**
 * Text in which tabs stand between the cells of a spreadsheet, as a table; null if it is none: every line has as
 * many cells, at least two. A cell in quotes may hold line breaks and doubled quotes.
 */
export function readTsv(schema: Schema, text: string): Slice | null {
  const rows = cellsOf(text.replace(/\r\n?/g, '\n').replace(/\n$/, ''));
  const width = rows[0]?.length ?? 0;
  if (width < 2 || rows.length * width > MOST_CELLS || rows.some(({ length }) => length !== width))
    return null;
  const { table, tableRow, tableCell } = schema.nodes;
  if (!table || !tableRow || !tableCell) return null;
  const lines = rows.map((cells) =>
    tableRow.create(
      null,
      cells.map((words) => tableCell.create(null, paragraphs(schema, words))),
    ),
  );
  return new Slice(Fragment.from(table.create(null, lines)), 0, 0);
}

function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/gy;
  for (let match = cell.exec(text); match; match = cell.exec(text)) {
    const [, quoted, plain = '', end] = match;
    rows[rows.length - 1]?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\n') rows.push([]);
    if (end === '') break;
  }
  return rows;
}

function paragraphs(schema: Schema, words: string): Node[] {
  return words.split('\n').flatMap((line) => {
    return schema.nodes['paragraph']?.create(null, line === '' ? [] : schema.text(line)) ?? [];
  });
}
