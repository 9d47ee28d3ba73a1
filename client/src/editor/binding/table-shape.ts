import { readCellLook, readWidth, traitsOf } from '@sheaf/schema';
import type { Traits } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import type { FlowTable } from './segment.ts';

/** A row or column as the page wants it. */
export interface WantedLine {
  /** The line of the flow that it is; null for a new one. */
  readonly id: string | null;
  header: boolean;
  /** Of a column, px. */
  readonly width: number | null;
  /** Of a row. */
  readonly suggestions: Traits['suggestions'];
}

/** A cell as the page wants it. */
export interface WantedCell {
  readonly node: Node;
  /** Where it is in its table's content. */
  readonly offset: number;
  readonly row: number;
  readonly column: number;
  readonly rowspan: number;
  readonly colspan: number;
}

/** The look of a cell on the page. */
export function lookOf({ attrs }: Node) {
  return readCellLook(attrs);
}

/** Whether a cell holds one empty paragraph. */
export function isBlankCell({ childCount, firstChild }: Node): boolean {
  return childCount === 1 && firstChild?.type.name === 'paragraph' && firstChild.content.size === 0;
}

/** The rows, columns and cells of a table on the page, also of one that is no whole rectangle. */
export class TableShape {
  readonly rows: readonly WantedLine[];
  readonly columns: readonly WantedLine[];
  readonly cells: readonly WantedCell[];

  /** `known` is the table that it was so far; null for a new one. */
  constructor(node: Node, known: FlowTable | null) {
    this.cells = place(node);
    const width = this.cells.reduce((most, { column, colspan }) => Math.max(most, column + colspan), 1);
    const stored = known ? idsOf(known) : { rows: new Set<string>(), columns: new Set<string>() };
    this.rows = rowNames(node, stored.rows).map((id, row) => {
      const { suggestions } = traitsOf(node.child(row));
      return { id, header: false, width: null, suggestions };
    });
    const names = columnNames(this.cells, width, stored.columns);
    const widths = columnWidths(this.cells, width);
    const plain = { header: false, suggestions: [] };
    this.columns = names.map((id, index) => ({ id, width: widths[index] ?? null, ...plain }));
    this.#readHeaders(known);
  }

  /**
   * A cell is a header by its row or its column. Rows and columns that were there stay what they were where that
   * explains the cells; new ones follow their cells, and change nothing about the others.
   */
  #readHeaders(known: FlowTable | null): void {
    const headers = new Map(
      [...(known?.rows ?? []), ...(known?.columns ?? [])].map(({ id, header }) => [id, header]),
    );
    const old = ({ id }: WantedLine) => known === null || id !== null;
    for (const line of [...this.rows, ...this.columns])
      line.header = line.id !== null && headers.get(line.id) === true;
    const lines = this.cells.flatMap(({ row, column, node }) => {
      const [of, within] = [this.rows[row], this.columns[column]];
      return of && within ? [{ of, within, is: node.type.name === 'tableHeader' }] : [];
    });
    const settled = lines.filter(({ of, within }) => old(of) && old(within));
    if (settled.some(({ of, within, is }) => is !== (of.header || within.header))) {
      for (const row of this.rows.filter(old)) row.header = every(settled.filter(({ of }) => of === row));
      for (const column of this.columns.filter(old))
        column.header = every(settled.filter(({ of, within }) => within === column && !of.header));
    }
    for (const row of this.rows.filter((line) => !old(line)))
      row.header = every(lines.filter(({ of, within }) => of === row && !within.header));
    for (const column of this.columns.filter((line) => !old(line)))
      column.header = every(lines.filter(({ of, within }) => within === column && !of.header));
  }
}

function every(cells: readonly { readonly is: boolean }[]): boolean {
  return cells.length > 0 && cells.every(({ is }) => is);
}

function idsOf({ rows, columns }: FlowTable) {
  return { rows: new Set(rows.map(({ id }) => id)), columns: new Set(columns.map(({ id }) => id)) };
}

/** Each cell goes to the first place of its row that is free, as in HTML. */
function place(table: Node): WantedCell[] {
  const cells: WantedCell[] = [];
  const taken = Array.from({ length: table.childCount }, () => new Set<number>());
  table.forEach((line, lineOffset, row) => {
    let column = 0;
    line.forEach((node, offset) => {
      while (taken[row]?.has(column) === true) column += 1;
      const colspan = Number(node.attrs['colspan']);
      const rowspan = Math.min(Number(node.attrs['rowspan']), table.childCount - row);
      for (let down = row; down < row + rowspan; down += 1)
        for (let across = column; across < column + colspan; across += 1) taken[down]?.add(across);
      cells.push({ node, offset: lineOffset + 1 + offset, row, column, rowspan, colspan });
    });
  });
  return cells;
}

function rowNames(table: Node, stored: ReadonlySet<string>): (string | null)[] {
  const used = new Set<string>();
  return table.children.map(({ attrs }) => {
    const id: unknown = attrs['id'];
    if (typeof id !== 'string' || !stored.has(id) || used.has(id)) return null;
    used.add(id);
    return id;
  });
}

/** Which column each is: what most of the cells that begin in it say. */
function columnNames(
  cells: readonly WantedCell[],
  width: number,
  stored: ReadonlySet<string>,
): (string | null)[] {
  const votes = Array.from({ length: width }, () => new Map<string, number>());
  for (const { node, column } of cells) {
    const id: unknown = node.attrs['column'];
    if (typeof id === 'string' && stored.has(id)) votes[column]?.set(id, (votes[column].get(id) ?? 0) + 1);
  }
  const ranked = votes
    .flatMap((of, column) => [...of].map(([id, count]) => ({ id, column, count })))
    .toSorted((a, b) => b.count - a.count || a.column - b.column);
  const names = Array.from({ length: width }, (): string | null => null);
  const used = new Set<string>();
  for (const { id, column } of ranked)
    if (names[column] === null && !used.has(id)) {
      names[column] = id;
      used.add(id);
    }
  // A column that no cell names, because all begin before it or were split off another: it keeps its place.
  const kept = [...stored];
  names.forEach((name, column) => {
    const before = names[column - 1];
    const next = typeof before === 'string' ? kept[kept.indexOf(before) + 1] : kept[0];
    if (name !== null || before === null || next === undefined || used.has(next)) return;
    names[column] = next;
    used.add(next);
  });
  return names;
}

function columnWidths(cells: readonly WantedCell[], width: number): (number | null)[] {
  const widths = Array.from({ length: width }, (): number | null => null);
  for (const { node, column, colspan } of cells) {
    const own: unknown = node.attrs['colwidth'];
    for (let index = 0; Array.isArray(own) && index < colspan; index += 1)
      widths[column + index] ??= readWidth(Math.round(Number(own[index])));
  }
  return widths;
}
