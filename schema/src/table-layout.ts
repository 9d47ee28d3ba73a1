import { Fragment } from '@tiptap/pm/model';
import type { Node, Schema } from '@tiptap/pm/model';
import type { BlockPart, CellPart, LinePart, Part, TablePart } from './flow-part.ts';
import type { Frame } from './frame.ts';
import { contentOf } from './nesting.ts';
import type { Block } from './nesting.ts';
import { joinSuggestions } from './suggestions.ts';
import type { BlockSuggestion } from './suggestions.ts';
import type { CellLook } from './table-attributes.ts';

/** What stands in a flow, or in a cell of it, block by block in the order in which it is shown. */
export type Entry<At> = BlockPart<At> | TableLayout<At>;

/** The blocks between a cell's beginning and its end, as they are stored. */
export interface Group<At> {
  readonly cell: CellPart<At>;
  /** The last part of it: its end, if there is one. */
  last: Part<At>;
  readonly entries: Entry<At>[];
}

/** What stands where a row and a column meet: groups, since two people may have begun one cell, and stray blocks. */
export interface Slot<At> {
  readonly row: string;
  readonly column: string;
  readonly groups: Group<At>[];
  /** In the flow's order; each of a group, or a stray block by itself. */
  readonly chunks: (readonly Entry<At>[])[];
}

/** A cell as it is shown, over one slot or several. */
export interface CellLayout<At> extends CellLook {
  /** Counted from 0. */
  readonly row: number;
  readonly column: number;
  readonly rowspan: number;
  readonly colspan: number;
  /** What is shown in it, by slots in the order of rows. Nothing at all is shown as an empty paragraph. */
  readonly pieces: readonly { readonly slot: Slot<At>; readonly entries: readonly Entry<At>[] }[];
  readonly suggestions: readonly BlockSuggestion[];
}

/** A table as it is shown: always a whole rectangle, whatever is stored (SPEC FLOW-16). */
export interface TableLayout<At> {
  readonly type: 'table';
  readonly part: TablePart<At>;
  /** The last part of it. */
  readonly last: Part<At>;
  readonly frame: Frame;
  readonly columns: readonly LinePart<At>[];
  readonly rows: readonly LinePart<At>[];
  /** All that name a row or a column, also those of an id that another has already. */
  readonly lines: readonly LinePart<At>[];
  readonly slots: ReadonlyMap<string, Slot<At>>;
  /** Row by row. */
  readonly cells: readonly CellLayout<At>[];
  /** Replaced by an equal node of a page, like a block's. */
  node: Node;
}

/** A table has no more columns than these; what a flow has more does not count as one. */
export const MOST_COLUMNS = 100;
/** A table has no more cells than these; rows beyond do not count as rows. */
export const MOST_CELLS = 10_000;

/** What was read between a table's beginning and its end. */
export interface TableContent<At> {
  readonly lines: readonly LinePart<At>[];
  /** Groups, and blocks that stand in none, in the flow's order. */
  readonly content: readonly (Group<At> | Entry<At>)[];
}

/** The key of a slot. */
export function slotKey(row: string, column: string): string {
  return `${row} ${column}`;
}

/** Whether nothing would be missed: an empty paragraph, in no list and no quote. */
export function isBlank({ node, frame }: Block): boolean {
  return (
    node.type.name === 'paragraph' && node.content.size === 0 && frame.list === null && frame.opens === ''
  );
}

/** The words of a table that has no rows or no columns. */
export function wordsOf<At>({ content }: TableContent<At>): Entry<At>[] {
  return content.flatMap((one) => ('cell' in one ? one.entries : [one])).filter((entry) => !isBlank(entry));
}

/** Lays a table out, with the cells that are as they are in the layout that is `known`; null if it has no rows or no columns, and is none. */
export function layOut<At>(
  schema: Schema,
  of: { readonly part: TablePart<At>; readonly last: Part<At>; readonly known: TableLayout<At> | null },
  read: TableContent<At>,
): TableLayout<At> | null {
  const columns = linesOf(read.lines, 'column', MOST_COLUMNS);
  const rows = linesOf(read.lines, 'row', Math.floor(MOST_CELLS / Math.max(1, columns.length)));
  const [firstRow, firstColumn] = [rows[0], columns[0]];
  if (!firstRow || !firstColumn) return null;
  const slots = slotsOf(read.content, { rows, columns });
  const cells = cellsOf(slots, { rows, columns });
  const { part, last, known } = of;
  const { frame, suggestions } = part;
  const node = tableNode(schema, { rows, columns, cells, suggestions }, known);
  return { type: 'table', part, last, frame, columns, rows, lines: read.lines, slots, cells, node };
}

interface Lines<At> {
  readonly rows: readonly LinePart<At>[];
  readonly columns: readonly LinePart<At>[];
}

function linesOf<At>(
  lines: readonly LinePart<At>[],
  type: LinePart<At>['type'],
  most: number,
): LinePart<At>[] {
  const found = new Map<string, LinePart<At>>();
  for (const line of lines)
    if (line.type === type && line.id !== '' && !found.has(line.id) && found.size < most)
      found.set(line.id, line);
  return [...found.values()];
}

/** What stands in each slot. Words of no slot stand in the one before them, or else in the first. */
function slotsOf<At>(
  content: TableContent<At>['content'],
  { rows, columns }: Lines<At>,
): Map<string, Slot<At>> {
  const [rowIds, columnIds] = [rows, columns].map((lines) => new Set(lines.map(({ id }) => id)));
  const slots = new Map<string, Slot<At>>();
  const slotAt = (row: string, column: string): Slot<At> => {
    const key = slotKey(row, column);
    const slot = slots.get(key) ?? { row, column, groups: [], chunks: [] };
    slots.set(key, slot);
    return slot;
  };
  let last: Slot<At> | null = null;
  for (const one of content) {
    if ('cell' in one && rowIds?.has(one.cell.row) === true && columnIds?.has(one.cell.column) === true) {
      last = slotAt(one.cell.row, one.cell.column);
      last.groups.push(one);
      last.chunks.push(one.entries);
      continue;
    }
    const words = ('cell' in one ? one.entries : [one]).filter((entry) => !isBlank(entry));
    if (words.length > 0) (last ?? slotAt(rows[0]?.id ?? '', columns[0]?.id ?? '')).chunks.push(words);
  }
  return slots;
}

/** Gives each place of the rectangle to a cell: the first that covers it. */
function cellsOf<At>(slots: ReadonlyMap<string, Slot<At>>, { rows, columns }: Lines<At>): CellLayout<At>[] {
  const rowIndex = new Map(rows.map(({ id }, index) => [id, index]));
  const columnIndex = new Map(columns.map(({ id }, index) => [id, index]));
  const taken = rows.map(() => columns.map(() => false));
  const cells: CellLayout<At>[] = [];
  rows.forEach((line, row) => {
    for (let column = 0; column < columns.length; column += 1) {
      if (taken[row]?.[column] === true) continue;
      const slot = slots.get(slotKey(line.id, columns[column]?.id ?? ''));
      const first = <T>(read: (cell: CellPart<At>) => T | null): T | null =>
        slot?.groups.reduce<T | null>((found, { cell }) => found ?? read(cell), null) ?? null;
      const until = (id: string | null, index: ReadonlyMap<string, number>, here: number) =>
        Math.max(here, (id === null ? undefined : index.get(id)) ?? here);
      const toColumn = until(
        first(({ toColumn: id }) => id),
        columnIndex,
        column,
      );
      const toRow = until(
        first(({ toRow: id }) => id),
        rowIndex,
        row,
      );
      let right = column + 1;
      while (right <= toColumn && taken[row]?.[right] === false) right += 1;
      let bottom = row + 1;
      const free = (at: number) => taken[at]?.slice(column, right).every((one) => !one) === true;
      while (bottom <= toRow && free(bottom)) bottom += 1;
      for (let at = row; at < bottom; at += 1) taken[at]?.fill(true, column, right);
      const covered: Slot<At>[] = [];
      for (const { id } of rows.slice(row, bottom))
        for (const other of columns.slice(column, right)) {
          const found = slots.get(slotKey(id, other.id));
          if (found) covered.push(found);
        }
      cells.push({
        row,
        column,
        rowspan: bottom - row,
        colspan: right - column,
        pieces: piecesOf(covered),
        background: first(({ background }) => background),
        align: first(({ align }) => align),
        suggestions: joinSuggestions(slot?.groups.map((group) => group.cell.suggestions) ?? []),
      });
    }
  });
  return cells;
}

/** What is shown of slots that make one cell: all that holds something, or else the first that there is. */
function piecesOf<At>(covered: readonly Slot<At>[]): CellLayout<At>['pieces'] {
  const pieces = covered.map((slot) => ({
    slot,
    entries: slot.chunks.filter((chunk) => !chunk.every(isBlank)).flat(),
  }));
  const full = pieces.filter(({ entries }) => entries.length > 0);
  if (full.length > 0) return full;
  const [slot] = covered;
  return slot ? [{ slot, entries: slot.chunks[0] ?? [] }] : [];
}

function tableNode<At>(
  schema: Schema,
  {
    rows,
    columns,
    cells,
    suggestions,
  }: Lines<At> & Pick<TableLayout<At>, 'cells'> & Pick<TablePart<At>, 'suggestions'>,
  known: TableLayout<At> | null,
): Node {
  const { table, tableRow, tableCell, tableHeader } = schema.nodes;
  if (!table || !tableRow || !tableCell || !tableHeader) throw new Error('The schema has no tables.');
  const content: Node[][] = rows.map(() => []);
  const before = knownCells(known);
  for (const cell of cells) {
    const header = rows[cell.row]?.header === true || columns[cell.column]?.header === true;
    const type = header ? tableHeader : tableCell;
    const widths = columns.slice(cell.column, cell.column + cell.colspan).map(({ width }) => width ?? 0);
    const attrs = {
      colspan: cell.colspan,
      rowspan: cell.rowspan,
      colwidth: widths.some((width) => width > 0) ? widths : null,
      column: columns[cell.column]?.id ?? null,
      background: cell.background,
      align: cell.align,
      suggestions: cell.suggestions,
    };
    const entries = cell.pieces.flatMap((piece) => piece.entries);
    const was = before.get(slotKey(rows[cell.row]?.id ?? '', columns[cell.column]?.id ?? ''));
    const same =
      was?.node.hasMarkup(type, attrs) === true &&
      was.entries.length === entries.length &&
      was.entries.every((entry, index) => entry === entries[index]);
    const node = same
      ? was.node
      : type.create(attrs, Fragment.fromArray(contentOf(schema, entries, { notes: false })));
    content[cell.row]?.push(node);
  }
  const filled = rows.map((line, row) =>
    tableRow.create({ id: line.id, suggestions: line.suggestions }, Fragment.fromArray(content[row] ?? [])),
  );
  return table.create({ suggestions }, Fragment.fromArray(filled));
}

/** The cells of a layout by their slots, with what stood in them. */
function knownCells<At>(known: TableLayout<At> | null) {
  const found = new Map<string, { readonly node: Node; readonly entries: readonly Entry<At>[] }>();
  let index = 0;
  for (const line of known?.node.children ?? [])
    for (const node of line.children) {
      const cell = known?.cells[index];
      index += 1;
      if (!cell) continue;
      const key = slotKey(known?.rows[cell.row]?.id ?? '', known?.columns[cell.column]?.id ?? '');
      found.set(key, { node, entries: cell.pieces.flatMap(({ entries }) => entries) });
    }
  return found;
}
