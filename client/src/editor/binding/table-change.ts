import { blocksOf, slotKey } from '@sheaf/schema';
import type { AttributeValue, LinePart, PlacedBlock, Slot } from '@sheaf/schema';
import type { StepMap } from '@tiptap/pm/transform';
import { cellNames, isPlain, PieceMaker } from './pieces.ts';
import type { CellNames } from './pieces.ts';
import { beginOfEntry, endOfEntry } from './region.ts';
import type { RegionChange } from './region.ts';
import { risingRun } from './rising-run.ts';
import { beginOf, endOf } from './segment.ts';
import type { FlowPlace, FlowTable } from './segment.ts';
import { shownCells, storedInCell } from './shown.ts';
import type { ShownCell, StoredBlock } from './shown.ts';
import { isBlankCell, lookOf, TableShape } from './table-shape.ts';
import type { WantedCell, WantedLine } from './table-shape.ts';
import { setAttributes } from './writing.ts';
import type { Writing } from './writing.ts';

/** What the page changed in a table that stayed. */
export interface TableChange {
  readonly table: FlowTable;
  readonly before: PlacedBlock;
  readonly after: PlacedBlock;
  readonly maps: readonly StepMap[];
  /** Writes what changed in a cell. */
  readonly region: (change: RegionChange) => void;
}

/**
 * Writes a change of a table: rows and columns come, go and move by themselves, whatever stands in them; a cell of
 * which nothing is stored is not written until something stands in it.
 */
export function writeTable(writing: Writing, change: TableChange): void {
  const { table, after } = change;
  const shape = new TableShape(after.node, table);
  const columns = writeLines(writing, change.table, 'column', shape.columns);
  const rows = writeLines(writing, change.table, 'row', shape.rows);
  const cells = new CellWriter(writing, change);
  for (const cell of shape.cells) cells.write(cell, { rows, columns });
  cells.deleteOthers();
}

/** Brings the rows or columns of a table to what is wanted; what stays in its order is not touched. Gives their names. */
function writeLines(
  writing: Writing,
  table: FlowTable,
  type: 'column' | 'row',
  wanted: readonly WantedLine[],
): string[] {
  const { model, edits } = writing;
  const stored = type === 'column' ? table.columns : table.rows;
  const index = new Map(stored.map(({ id }, place) => [id, place]));
  const places = wanted.map(({ id }) => (id === null ? -1 : (index.get(id) ?? -1)));
  const stays = risingRun(places);
  const staying = new Set(places.filter((_, at) => stays.has(at)));
  const goes = new Set(stored.filter((_, place) => !staying.has(place)).map(({ id }) => id));
  for (const line of table.lines)
    if (line.type === type && goes.has(line.id)) edits.delete(beginOf(line), endOf(line));
  const first = stored.find((_, place) => staying.has(place));
  let at = first ? beginOf(first) : endOfLines(table, type);
  return wanted.map((line, place) => {
    const known = stays.has(place) ? stored[places[place] ?? -1] : undefined;
    const id = line.id ?? writing.newId();
    if (known) {
      at = endOf(known);
      writing.later(() => setLine(known, line));
    } else {
      const made = new PieceMaker(writing, model.formattingBefore(at)).line(type, id, line);
      edits.insert(at, made.pieces);
    }
    return id;
  });
}

/** Where a table's first column or row goes when none of them stays. */
function endOfLines({ part, columns }: FlowTable, type: 'column' | 'row'): number {
  const last = type === 'row' ? columns[columns.length - 1] : undefined;
  return endOf(last ?? part);
}

function setLine({ at: { element }, header, width }: LinePart<FlowPlace>, wanted: WantedLine): void {
  const changes = new Map<string, AttributeValue | null>();
  if (header !== wanted.header) changes.set('header', wanted.header || null);
  if (width !== wanted.width) changes.set('width', wanted.width);
  if (element) setAttributes(element, changes);
}

type FlowSlot = Slot<FlowPlace>;

/** Writes the cells of one table, which have to come row by row. */
class CellWriter {
  readonly #writing: Writing;
  readonly #change: TableChange;
  /** The cell that showed what stands in a slot. */
  readonly #shownIn = new Map<FlowSlot, ShownCell>();
  readonly #blocks = new Map<ShownCell, readonly StoredBlock[]>();
  readonly #covered = new Set<FlowSlot>();
  /** Where a cell goes of which nothing is stored: behind those before it. */
  #place: number;

  constructor(writing: Writing, change: TableChange) {
    const { table, before } = change;
    this.#writing = writing;
    this.#change = change;
    this.#place = Math.max(endOf(table.part), ...table.lines.map(endOf));
    for (const shown of shownCells(table, before.node, before.pos))
      for (const { slot } of shown.layout.pieces) this.#shownIn.set(slot, shown);
  }

  write(
    cell: WantedCell,
    lines: { readonly rows: readonly string[]; readonly columns: readonly string[] },
  ): void {
    const names = cellNames(cell, lines);
    const slots: FlowSlot[] = [];
    for (const row of lines.rows.slice(cell.row, cell.row + cell.rowspan))
      for (const column of lines.columns.slice(cell.column, cell.column + cell.colspan)) {
        const slot = this.#change.table.slots.get(slotKey(row, column));
        if (slot) slots.push(slot);
      }
    for (const slot of slots) this.#covered.add(slot);
    const own = slots[0]?.row === names.row && slots[0].column === names.column ? slots[0] : null;
    const group = own?.groups[0];
    if (own && group) this.#look(own, names, cell);
    this.#content(cell, { names, slots, inside: group ? endOf(group.cell) : null });
    for (const { last } of own?.groups ?? []) this.#place = Math.max(this.#place, endOf(last));
  }

  /** What stood in slots that no cell covers any more goes. */
  deleteOthers(): void {
    const { edits } = this.#writing;
    for (const slot of this.#change.table.slots.values()) {
      if (this.#covered.has(slot)) continue;
      for (const { cell, last } of slot.groups) edits.delete(beginOf(cell), endOf(last));
      for (const entry of slot.chunks.flat()) edits.delete(beginOfEntry(entry), endOfEntry(entry));
    }
  }

  #content(
    cell: WantedCell,
    { names, slots, inside }: { names: CellNames; slots: readonly FlowSlot[]; inside: number | null },
  ): void {
    const { after, maps } = this.#change;
    const shown = new Set(slots.flatMap((slot) => this.#shownIn.get(slot) ?? []));
    const [only] = shown;
    const whole = shown.size === 1 && only?.layout.pieces.every(({ slot }) => slots.includes(slot)) === true;
    if (whole && only.node === cell.node) return;
    const before = slots.flatMap((slot) => this.#stored(slot));
    if (inside === null) {
      const plain = isPlain(cell);
      if (before.length === 0 && plain && isBlankCell(cell.node)) return;
      if (before.length === 0 || !plain) {
        const { model, edits } = this.#writing;
        const maker = new PieceMaker(this.#writing, model.formattingBefore(this.#place));
        const made = before.length === 0 ? maker.cell(cell, names) : maker.emptyCell(cell, names);
        edits.insert(this.#place, made.pieces);
      }
      if (before.length === 0) return;
    }
    if (before.length === 0 && isBlankCell(cell.node)) return;
    this.#change.region({
      before,
      after: blocksOf(cell.node, after.pos + 1 + cell.offset + 1),
      maps: whole ? maps : [],
      at: inside ?? this.#place,
    });
  }

  /** What the page showed of a slot. */
  #stored(slot: FlowSlot): readonly StoredBlock[] {
    const cell = this.#shownIn.get(slot);
    if (!cell) return [];
    const blocks = this.#blocks.get(cell) ?? storedInCell(cell);
    this.#blocks.set(cell, blocks);
    const own = new Set(cell.layout.pieces.find((piece) => piece.slot === slot)?.entries ?? []);
    return blocks.filter(({ entry }) => own.has(entry));
  }

  #look({ groups }: FlowSlot, { toRow, toColumn }: CellNames, { node }: WantedCell): void {
    const wanted = { toRow, toColumn, ...lookOf(node) };
    for (const name of ['toRow', 'toColumn', 'background', 'align'] as const) {
      const told = groups.reduce<string | null>((found, { cell }) => found ?? cell[name], null);
      const value = wanted[name];
      if (told === value) continue;
      // The first that says something counts: what shall be gone has to go from all.
      const elements = groups.flatMap(({ cell }) => cell.at.element ?? []);
      this.#writing.later(() => {
        for (const element of value === null ? elements : elements.slice(0, 1))
          setAttributes(element, new Map([[name, value]]));
      });
    }
  }
}
