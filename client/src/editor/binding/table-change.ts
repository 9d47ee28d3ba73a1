import { blocksOf, joinSuggestions, slotKey, suggestionChanges, traitsOf } from '@sheaf/schema';
import type { AttributeValue, LinePart, PlacedBlock, Slot } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
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
import { setAttributes } from './attributes.ts';
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
  new CellWriter(writing, change, planOf(table, shape.cells, { rows, columns })).write();
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
      const moved = line.id === null ? null : (stored[places[place] ?? -1] ?? null);
      const made = new PieceMaker(writing, model.formattingBefore(at)).line(type, id, line, moved);
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

function setLine({ at: { element }, ...line }: LinePart<FlowPlace>, wanted: WantedLine): void {
  const { header, width, suggestions } = line;
  const changes: Map<string, AttributeValue | object | null> = suggestionChanges(
    suggestions,
    wanted.suggestions,
  );
  if (header !== wanted.header) changes.set('header', wanted.header || null);
  if (width !== wanted.width) changes.set('width', wanted.width);
  if (element) setAttributes(element, changes);
}

type FlowSlot = Slot<FlowPlace>;

/** A cell that is wanted, and what is stored at the places that it covers. */
interface Plan {
  readonly cell: WantedCell;
  readonly names: CellNames;
  readonly slots: readonly FlowSlot[];
}

function planOf(
  { slots }: FlowTable,
  cells: readonly WantedCell[],
  lines: { readonly rows: readonly string[]; readonly columns: readonly string[] },
): Plan[] {
  return cells.map((cell) => {
    const found: FlowSlot[] = [];
    for (const row of lines.rows.slice(cell.row, cell.row + cell.rowspan))
      for (const column of lines.columns.slice(cell.column, cell.column + cell.colspan)) {
        const slot = slots.get(slotKey(row, column));
        if (slot) found.push(slot);
      }
    return { cell, names: cellNames(cell, lines), slots: found };
  });
}

/** Writes the cells of one table. */
class CellWriter {
  readonly #writing: Writing;
  readonly #change: TableChange;
  /** Row by row. */
  readonly #plans: readonly Plan[];
  /** The cell that showed what stands in a slot. */
  readonly #shownIn = new Map<FlowSlot, ShownCell>();
  readonly #blocks = new Map<ShownCell, readonly StoredBlock[]>();
  /** What no cell covers any more. */
  readonly #spare: Set<FlowSlot>;
  /** What stood in other cells so far and now stands in this one. */
  readonly #moved = new Map<WantedCell, FlowSlot[]>();
  /** All of that. */
  readonly #gone = new Set<FlowSlot>();
  /** Where a cell goes of which nothing is stored: behind those before it. */
  #place: number;

  constructor(writing: Writing, change: TableChange, plans: readonly Plan[]) {
    const { table, before } = change;
    this.#writing = writing;
    this.#change = change;
    this.#plans = plans;
    this.#place = table.lines.reduce((most, line) => Math.max(most, endOf(line)), endOf(table.part));
    for (const shown of shownCells(table, before.node, before.pos))
      for (const { slot } of shown.layout.pieces) this.#shownIn.set(slot, shown);
    const covered = new Set(plans.flatMap(({ slots }) => slots));
    this.#spare = new Set([...table.slots.values()].filter((slot) => !covered.has(slot)));
    this.#findMoved();
  }

  /**
   * Finds what stood where no cell is any more, or in a merged cell, and now stands in another one: as when the row
   * goes in which a cell over two rows began, or when merged cells are split, of which the first may have been empty.
   * It is not written again.
   */
  #findMoved(): void {
    const { rows, columns } = this.#change.table;
    const merged = [...this.#shownIn].flatMap(([slot, { layout }]) =>
      layout.pieces.length > 1 ||
      slot.row !== rows[layout.row]?.id ||
      slot.column !== columns[layout.column]?.id
        ? [slot]
        : [],
    );
    const slotOf = new Map<Node, FlowSlot>();
    for (const slot of [...this.#spare, ...merged])
      if (slot.groups.length > 0) for (const { node } of this.#stored(slot)) slotOf.set(node, slot);
    if (slotOf.size === 0) return;
    for (const { cell, slots } of this.#plans) {
      const here = new Set(blocksOf(cell.node).flatMap(({ node }) => slotOf.get(node) ?? []));
      const moved = [...here].filter((slot) => !slots.includes(slot) && !this.#gone.has(slot));
      for (const slot of moved) {
        this.#gone.add(slot);
        this.#spare.delete(slot);
      }
      if (moved.length > 0) this.#moved.set(cell, moved);
    }
  }

  write(): void {
    for (const plan of this.#plans) this.#cell(plan);
    const { edits } = this.#writing;
    for (const { groups, chunks } of this.#spare) {
      for (const { cell, last } of groups) edits.delete(beginOf(cell), endOf(last));
      for (const entry of chunks.flat()) edits.delete(beginOfEntry(entry), endOfEntry(entry));
    }
  }

  #cell({ cell, names, slots: covered }: Plan): void {
    const slots = covered.filter((slot) => !this.#gone.has(slot));
    const shown = new Set(slots.flatMap((slot) => this.#shownIn.get(slot) ?? []));
    const [only] = shown;
    const whole = shown.size === 1 && only?.layout.pieces.every(({ slot }) => slots.includes(slot)) === true;
    const own = slots.find(({ row, column }) => row === names.row && column === names.column);
    const moved = this.#moved.get(cell) ?? [];
    for (const slot of moved) this.#address(slot, names);
    const groups = [...moved, ...(own ? [own] : [])].flatMap((slot) => slot.groups);
    this.#look(groups, { cell, names, all: moved.length > 0 });
    for (const { last } of groups) this.#place = Math.max(this.#place, endOf(last));
    if (whole && only.node === cell.node && moved.length === 0) return;
    const before = [...slots, ...moved].flatMap((slot) => this.#stored(slot));
    const { after, maps } = this.#change;
    const blocks = blocksOf(cell.node, after.pos + 1 + cell.offset + 1);
    // What stands in several places is shown in their order, whatever order a merge gave it: it is not written again for that.
    if (moved.length > 0 || shown.size > 1) inOrderOf(before, blocks);
    if (groups.length === 0 && !this.#begin(cell, names, before.length > 0)) return;
    if (before.length === 0 && isBlankCell(cell.node)) return;
    const [group] = groups;
    const at = group ? endOf(group.cell) : this.#place;
    this.#change.region({
      before,
      after: blocks,
      maps: whole && moved.length === 0 ? maps : [],
      at,
      notes: false,
    });
  }

  /** Begins a cell of which nothing is stored; false if with that all is written. */
  #begin(cell: WantedCell, names: CellNames, holds: boolean): boolean {
    const plain = isPlain(cell);
    if (holds ? plain : plain && isBlankCell(cell.node)) return holds;
    const { model, edits } = this.#writing;
    const maker = new PieceMaker(this.#writing, model.formattingBefore(this.#place));
    edits.insert(this.#place, (holds ? maker.emptyCell(cell, names) : maker.cell(cell, names)).pieces);
    return holds;
  }

  /** Gives what is stored of a slot another place. */
  #address({ groups }: FlowSlot, { row, column }: CellNames): void {
    const place = new Map([
      ['row', row],
      ['column', column],
    ]);
    this.#writing.later(() => {
      for (const { cell } of groups) if (cell.at.element) setAttributes(cell.at.element, place);
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

  #look(
    groups: FlowSlot['groups'],
    { cell, names, all }: { cell: WantedCell; names: CellNames; all: boolean },
  ): void {
    const wanted = { toRow: names.toRow, toColumn: names.toColumn, ...lookOf(cell.node) };
    for (const name of ['toRow', 'toColumn', 'background', 'align'] as const) {
      const told = groups.reduce<string | null>((found, group) => found ?? group.cell[name], null);
      const value = wanted[name];
      if (groups.length === 0 || (told === value && !all)) continue;
      // The first that says something counts: what shall be gone has to go from all.
      const elements = groups.flatMap((group) => group.cell.at.element ?? []);
      this.#writing.later(() => {
        for (const element of value === null || all ? elements : elements.slice(0, 1))
          setAttributes(element, new Map([[name, value]]));
      });
    }
    this.#suggestions(groups, cell, all);
  }

  #suggestions(groups: FlowSlot['groups'], { node }: WantedCell, all: boolean): void {
    const wanted = traitsOf(node).suggestions;
    const told = joinSuggestions(groups.map((group) => group.cell.suggestions));
    const changes = suggestionChanges(told, wanted);
    if (groups.length === 0 || (changes.size === 0 && !all)) return;
    const ended = new Map([...changes].filter(([, value]) => value === null));
    this.#writing.later(() =>
      groups.forEach(({ cell: { at, suggestions } }, index) => {
        const own = all ? suggestionChanges(suggestions, wanted) : index === 0 ? changes : ended;
        if (at.element) setAttributes(at.element, own);
      }),
    );
  }
}

/** Sorts blocks of several places as the page has them; one that goes stays behind the one before it. */
function inOrderOf(before: StoredBlock[], after: readonly PlacedBlock[]): void {
  const places = new Map(after.map(({ node }, index) => [node, index]));
  let last = -1;
  const order = new Map(before.map((block) => [block, (last = places.get(block.node) ?? last)]));
  before.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
}
