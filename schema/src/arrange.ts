import type { Schema } from '@tiptap/pm/model';
import type { LinePart, Part, TablePart } from './flow-part.ts';
import { layOut, wordsOf } from './table-layout.ts';
import type { Entry, Group, TableLayout } from './table-layout.ts';

/** Tables within tables that are shown as such; of what is deeper the words are shown. */
const DEEPEST_TABLE = 3;
/** All tables of a document together have no more cells than these; of tables beyond the words are shown. */
const MOST_CELLS_OF_ALL = 50_000;

/**
 * Arranges a flow: from the row of parts that is stored to the blocks that are shown, tables among them. Any row of
 * parts can be arranged, and every block that holds something is shown once. What is arranged anew keeps the layouts
 * of tables of which nothing changed.
 */
export class Arranger<At> {
  readonly #schema: Schema;
  /** The parts that each table was laid out of. */
  readonly #known = new WeakMap<TableLayout<At>, readonly Part<At>[]>();
  #layouts = new Map<TablePart<At>, TableLayout<At>>();

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  arrange(parts: readonly Part<At>[]): Entry<At>[] {
    const before = this.#layouts;
    this.#layouts = new Map();
    const ends = tableEnds(parts);
    let cells = 0;
    const entries: Entry<At>[] = [];
    const read = (from: number, to: number, into: Entry<At>[], depth: number) => {
      for (let index = from; index < to; index += 1) {
        const part = parts[index];
        if (part?.type === 'block') into.push(part);
        if (part?.type !== 'table') continue;
        const end = ends.get(index) ?? to;
        into.push(...readTable(part, index, end, depth));
        index = end - 1;
      }
    };
    const readTable = (part: TablePart<At>, from: number, to: number, depth: number): Entry<At>[] => {
      const known = before.get(part);
      const layout = known && this.#isSame(known, parts, from, to) ? known : null;
      if (layout && cells + layout.cells.length <= MOST_CELLS_OF_ALL) {
        cells += layout.cells.length;
        this.#layouts.set(part, layout);
        return [layout];
      }
      // Not deeper: a hostile peer must not exhaust the stack.
      if (depth >= DEEPEST_TABLE) return parts.slice(from, to).filter((inner) => inner.type === 'block');
      const content = readContent({ parts, ends, from: from + 1, to }, (start, end, into) =>
        read(start, end, into, depth + 1),
      );
      const laid = layOut(this.#schema, { part, last: parts[to - 1] ?? part, known: known ?? null }, content);
      if (!laid || cells + laid.cells.length > MOST_CELLS_OF_ALL) return wordsOf(content);
      cells += laid.cells.length;
      this.#layouts.set(part, laid);
      this.#known.set(laid, parts.slice(from, to));
      return [laid];
    };
    read(0, parts.length, entries, 0);
    return entries;
  }

  #isSame(layout: TableLayout<At>, parts: readonly Part<At>[], from: number, to: number): boolean {
    const known = this.#known.get(layout) ?? [];
    return known.length === to - from && known.every((part, index) => part === parts[from + index]);
  }
}

interface Stretch<At> {
  readonly parts: readonly Part<At>[];
  readonly ends: ReadonlyMap<number, number>;
  readonly from: number;
  readonly to: number;
}

/** What stands between a table's beginning and its end. `read` reads blocks and tables that stand in it. */
function readContent<At>(
  { parts, ends, from, to }: Stretch<At>,
  read: (from: number, to: number, into: Entry<At>[]) => void,
) {
  const lines: LinePart<At>[] = [];
  const content: (Group<At> | Entry<At>)[] = [];
  let open: Group<At> | null = null;
  for (let index = from; index < to; index += 1) {
    const part = parts[index];
    if (!part) break;
    if (part.type === 'cell') {
      open = { cell: part, last: part, entries: [] };
      content.push(open);
    } else if (part.type === 'column' || part.type === 'row') lines.push(part);
    else if (part.type === 'block' || part.type === 'table') {
      const end = part.type === 'table' ? (ends.get(index) ?? to) : index + 1;
      const found: Entry<At>[] = [];
      read(index, end, found);
      if (open) open.entries.push(...found);
      else content.push(...found);
      index = end - 1;
      if (open) open.last = parts[index] ?? open.last;
    } else if (part.type === 'cellEnd' && open) {
      open.last = part;
      open = null;
    }
  }
  return { lines, content };
}

/**
 * Where each table ends: behind its end or, where that is missing, with the cell in which it stands, or before the
 * first block that stands in no cell of it. By the index of its beginning.
 */
export function tableEnds<At>(parts: readonly Part<At>[]): Map<number, number> {
  const ends = new Map<number, number>();
  /** The tables that stand open; `stray` is the first block in none of its cells. */
  const open: { at: number; cell: boolean; stray: number | null }[] = [];
  /** How many of them stand in a cell of theirs. */
  let cells = 0;
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    const inner = open[open.length - 1];
    if (part?.type === 'table') {
      if (inner && !inner.cell) inner.stray ??= index;
      open.push({ at: index, cell: false, stray: null });
    } else if (!part || !inner) continue;
    else if (part.type === 'cell') {
      if (!inner.cell) cells += 1;
      inner.cell = true;
    } else if (part.type === 'block' && !inner.cell) inner.stray ??= index;
    else if (part.type === 'cellEnd') {
      if (cells === 0) continue;
      cells -= 1;
      const owner = open.findLastIndex(({ cell }) => cell);
      for (const { at, stray } of open.splice(owner + 1)) ends.set(at, stray ?? index);
      const group = open[owner];
      if (group) group.cell = false;
    } else if (part.type === 'tableEnd') {
      ends.set(inner.at, index + 1);
      if (inner.cell) cells -= 1;
      open.pop();
    }
  }
  for (const { at, stray } of open) ends.set(at, stray ?? parts.length);
  return ends;
}
