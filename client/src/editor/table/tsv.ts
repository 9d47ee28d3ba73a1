import { Fragment, Slice } from '@tiptap/pm/model';
import type { Node, Schema } from '@tiptap/pm/model';
import { TableMap } from '@tiptap/pm/tables';

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

/**
 * Cells of a table that are copied, as spreadsheets take them: tabs between cells, a line for each row, a merged cell in its first
 * place, and in quotes what holds a tab or a line break; '' if `content` is anything else, or one cell alone.
 */
export function writeTsv(content: Fragment, leafWords: (leaf: Node) => string): string {
  const table = tableOf(content);
  if (!table) return '';
  const { map, width, height } = TableMap.get(table);
  if (map.length < 2) return '';
  const words = (at: number) => {
    // Zero is a place that no cell covers.
    const pos = map[at] ?? 0;
    const cell = pos !== 0 && map.indexOf(pos) === at ? table.nodeAt(pos) : null;
    return asOneCell(cell?.textBetween(0, cell.content.size, '\n', leafWords) ?? '');
  };
  const line = (row: number) => Array.from({ length: width }, (_, column) => words(row * width + column));
  return Array.from({ length: height }, (_, row) => line(row).join('\t')).join('\n');
}

/** The table that is copied, also where that is some of its rows, or of the cells in them. */
function tableOf({ content }: Fragment): Node | null {
  const [first] = content;
  if (first?.type.spec['tableRole'] === 'table' && content.length === 1) return first;
  if (!first || content.some((node) => node.type.spec['tableRole'] !== 'row')) return null;
  return first.type.schema.nodes['table']?.create(null, content) ?? null;
}

/** A cell's words, so that they are read as one cell. */
function asOneCell(words: string): string {
  return /[\t\n]|^"/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
}
