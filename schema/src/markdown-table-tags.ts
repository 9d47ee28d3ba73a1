import type MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import type { Attrs, Node, Schema } from '@tiptap/pm/model';
import { readCellLook, readWidth } from './table-attributes.ts';

/** A cell as it was read. */
export interface ReadCell {
  readonly header: boolean;
  readonly attrs: Attrs;
  readonly content: Node[];
}

/** A row of cells as it was read. */
export interface ReadRow {
  readonly attrs: Attrs | null;
  readonly cells: readonly ReadCell[];
}

interface TableTag {
  readonly name: string;
  readonly closes: boolean;
  readonly attrs: Readonly<Record<string, unknown>>;
}

const TAG = /^<(\/?)(table|tr|td|th|details|summary)((?: [a-z-]+="[\w,.-]*")*)>[ \t]*$/;
/** The most rows or columns that a cell covers, as in HTML. */
const LARGEST_SPAN = 1_000;

/** Reads a tag of a table or of a toggle that stands on a line of its own; null if it is none. */
export function readTableTag(line: string): TableTag | null {
  const [, slash, name, rest = ''] = TAG.exec(line) ?? [];
  if (name === undefined) return null;
  const told = new Map([...rest.matchAll(/ ([a-z-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  const span = (key: string) => {
    const count = Number(told.get(key) ?? 1);
    return Number.isInteger(count) && count >= 1 && count <= LARGEST_SPAN ? count : 1;
  };
  const widths =
    told
      .get('data-colwidth')
      ?.split(',')
      .map((width) => readWidth(Number(width)) ?? 0) ?? [];
  const colspan = span('colspan');
  const colwidth = widths.length === colspan && widths.some((width) => width > 0) ? widths : null;
  const look = readCellLook({ background: told.get('data-background'), align: told.get('data-align') });
  return { name, closes: slash === '/', attrs: { colspan, rowspan: span('rowspan'), colwidth, ...look } };
}

/** Makes a parser give each tag of a table or of a toggle that stands on a line of its own as a token `table_tag`. */
export function addTableTags(parser: InstanceType<typeof MarkdownIt>): void {
  parser.block.ruler.before(
    'fence',
    'table_tag',
    (state, line, _end, silent) => {
      const from = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
      const text = state.src.slice(from, state.eMarks[line]);
      if ((state.sCount[line] ?? 0) - state.blkIndent >= 4 || readTableTag(text) === null) return false;
      if (silent) return true;
      const token = state.push('table_tag', '', 0);
      token.content = text.trimEnd();
      token.block = true;
      state.line = line + 1;
      return true;
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  );
}

/** Whether a token ends what stands between the tags of a cell, of a toggle or of its first line. */
export function endsStretch({ type, content }: Token): boolean {
  const tag = type === 'table_tag' ? readTableTag(content) : null;
  return tag !== null && ((tag.name !== 'table' && tag.name !== 'details') || tag.closes);
}

/** How a table of GFM aligns a cell. */
export function alignOf(token: Token): string | null {
  const side = /text-align:\s*(left|center|right)/.exec(String(token.attrGet('style') ?? ''))?.[1];
  return side === undefined ? null : ({ left: 'start', center: 'center', right: 'end' }[side] ?? null);
}

/** The table that rows of cells come to; always a whole rectangle. Without a cell, a table of one empty cell. */
export function readTable(schema: Schema, rows: readonly ReadRow[], attributes: Attrs | null = null): Node {
  const { table, tableRow, tableCell, tableHeader, paragraph } = schema.nodes;
  if (!table || !tableRow || !tableCell || !tableHeader || !paragraph)
    throw new Error('The schema has no tables.');
  const grid: boolean[][] = rows.map(() => []);
  const placed = rows.map(({ cells }, row) => {
    let column = 0;
    return cells.map(({ header, attrs, content }) => {
      while (grid[row]?.[column] === true) column += 1;
      const rowspan = Math.min(Number(attrs['rowspan'] ?? 1), rows.length - row);
      let colspan = 1;
      while (colspan < Number(attrs['colspan'] ?? 1) && grid[row]?.[column + colspan] !== true) colspan += 1;
      for (let down = row; down < row + rowspan; down += 1)
        for (let across = column; across < column + colspan; across += 1) (grid[down] ??= [])[across] = true;
      const widths: unknown = attrs['colwidth'];
      const colwidth = Array.isArray(widths) && widths.length === colspan ? widths : null;
      const blocks = content.length > 0 ? content : [paragraph.create()];
      return (header ? tableHeader : tableCell).create({ ...attrs, rowspan, colspan, colwidth }, blocks);
    });
  });
  const width = Math.max(1, ...grid.map((row) => row.length));
  const filled = placed.map((cells, row) => {
    for (let column = 0; column < width; column += 1)
      if (grid[row]?.[column] !== true) cells.push(tableCell.create(null, paragraph.create()));
    return tableRow.create(rows[row]?.attrs, cells);
  });
  const whole =
    filled.length > 0 ? filled : [tableRow.create(null, tableCell.create(null, paragraph.create()))];
  return table.create(attributes, whole);
}
