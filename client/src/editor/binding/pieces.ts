import {
  atomOf,
  BLOCK,
  BLOCK_END,
  blocksOf,
  CELL,
  CELL_END,
  COLUMN,
  CONTENTS,
  DIVIDER,
  ENDS,
  formatChanges,
  formatsOf,
  isMedia,
  PLAIN,
  ROW,
  TABLE,
  TABLE_END,
  readFormat,
  suggestionChanges,
  traitsOf,
  writeAtom,
} from '@sheaf/schema';
import type { AttributeValue, LinePart, PlacedBlock } from '@sheaf/schema';
import type { Mark, Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { setAttributes } from './attributes.ts';
import type { Piece } from './flow-edits.ts';
import { MOVED } from './moved.ts';
import { refOf } from './ref.ts';
import type { FlowPlace, Formatting } from './segment.ts';
import { isBlankCell, lookOf, TableShape } from './table-shape.ts';
import type { WantedCell, WantedLine } from './table-shape.ts';
import { BEGIN, END, unitsOf } from './units.ts';
import type { Units } from './units.ts';
import { writeAttributes } from './writing.ts';
import type { KeptElement, Writing } from './writing.ts';

/** Blocks and their units. */
export interface Row {
  readonly units: Units;
  readonly blocks: readonly PlacedBlock[];
}

/** The marks of a unit; null if it is none of a text. */
export function marksAt({ units, blocks }: Row, index: number): readonly Mark[] | null {
  const code = units.codes[index] ?? BEGIN;
  const block = blocks[units.owners[index] ?? 0];
  if (code === BEGIN || code === END || !block?.node.isTextblock) return null;
  return nodeAt({ units, blocks }, index)?.marks ?? null;
}

function nodeAt({ units, blocks }: Row, index: number): Node | null {
  const block = blocks[units.owners[index] ?? 0];
  return block?.node.nodeAt((units.positions[index] ?? 0) - block.pos - 1) ?? null;
}

/** Makes what stands in the flow for what is new on the page. */
export class PieceMaker {
  readonly #writing: Writing;
  /** The formatting that holds where the pieces go. */
  readonly #inherited: Formatting;
  readonly pieces: Piece[] = [];
  #run = '';
  #formatting: Formatting;

  constructor(writing: Writing, inherited: Formatting) {
    this.#writing = writing;
    this.#inherited = inherited;
    this.#formatting = inherited;
  }

  /** Adds units `start` to `end`; what elements they begin is told in `elements`, by their block. */
  units(row: Row, start: number, end: number, elements: Map<number, KeptElement>): this {
    let marks: readonly Mark[] | null = null;
    for (let unit = start; unit < end; unit += 1) {
      const code = row.units.codes[unit] ?? END;
      const owner = row.units.owners[unit] ?? 0;
      const node = row.blocks[owner]?.node;
      if (code === END) this.#run += BLOCK_END;
      else if (code >= 0 || (node?.isTextblock === true && code !== BEGIN)) {
        const here = marksAt(row, unit);
        if (here && (marks === null || formatChanges(marks, here))) {
          this.#flush();
          this.#formatting = formattingOf(here, this.#inherited);
          marks = here;
        }
        if (code >= 0) this.#run += storable(String.fromCharCode(code));
        else this.#embed(thingFor(this.#writing, nodeAt(row, unit)));
      } else if (node) {
        // A table is left in the formatting of its last words.
        if (node.type.name === 'table') marks = null;
        const element =
          node.type.name === 'table' ? this.#table(node) : this.#embed(elementFor(this.#writing, node));
        if (!element) continue;
        elements.set(owner, { element, frame: PLAIN });
        this.#writing.moves.came(node, element);
      }
    }
    this.#flush();
    return this;
  }

  /** Adds a cell, with all that stands in it; `names` are its row and column, and those that it covers last. */
  cell(cell: WantedCell, names: CellNames): this {
    this.#cell(cell, names);
    const blocks = blocksOf(cell.node);
    const elements = new Map<number, KeptElement>();
    if (!isBlankCell(cell.node)) {
      const row = { units: unitsOf(blocks, new Map()), blocks };
      this.units(row, 0, row.units.codes.length, elements);
      this.#writing.later(() =>
        writeAttributes(blocks, { notes: false }, (index) => ({ known: elements.get(index), kind: true })),
      );
    }
    return this.#text(CELL_END);
  }

  /** Adds a cell of which only the look is wanted. */
  emptyCell(cell: WantedCell, names: CellNames): this {
    this.#cell(cell, names);
    return this.#text(CELL_END);
  }

  /** Adds a row or column; `moved` is the element that it had elsewhere, of which all stays that a page does not know. */
  line(
    type: 'column' | 'row',
    id: string,
    wanted: WantedLine,
    moved: LinePart<FlowPlace> | null = null,
  ): this {
    const { header, width, suggestions } = wanted;
    this.#embed(
      elementWith(type === 'column' ? COLUMN : ROW, {
        ...moved?.at.element?.getAttributes(),
        ...Object.fromEntries(suggestionChanges(moved?.suggestions ?? [], suggestions)),
        ...{ id, header: header || null, width },
      }),
    );
    return this;
  }

  #cell({ node }: WantedCell, names: CellNames): void {
    const { suggestions } = traitsOf(node);
    const told = Object.fromEntries(suggestionChanges([], suggestions));
    this.#embed(elementWith(CELL, { ...names, ...lookOf(node), ...told }));
  }

  #table(node: Node): Y.XmlElement | null {
    const shape = new TableShape(node, null);
    const name = () => this.#writing.newId();
    const [columns, rows] = [shape.columns.map(name), shape.rows.map(name)];
    const element = this.#embed(new Y.XmlElement(TABLE));
    shape.columns.forEach((line, index) => this.line('column', columns[index] ?? '', line));
    shape.rows.forEach((line, index) => this.line('row', rows[index] ?? '', line));
    for (const cell of shape.cells) {
      const names = cellNames(cell, { rows, columns });
      if (isBlankCell(cell.node) && isPlain(cell)) continue;
      this.cell(cell, names);
    }
    this.#text(TABLE_END);
    return element;
  }

  #text(text: string): this {
    this.#run += text;
    this.#flush();
    return this;
  }

  #embed(embed: object | null): Y.XmlElement | null {
    this.#flush();
    if (embed === null) return null;
    this.pieces.push({ embed, formatting: this.#formatting });
    return embed instanceof Y.XmlElement ? embed : null;
  }

  #flush(): void {
    if (this.#run !== '') this.pieces.push({ text: this.#run, formatting: this.#formatting });
    this.#run = '';
  }
}

/** What a cell's element says of its place. */
export interface CellNames {
  readonly row: string;
  readonly column: string;
  readonly toRow: string | null;
  readonly toColumn: string | null;
}

/** The names of a cell's place, given those of all rows and columns. */
export function cellNames(
  { row, column, rowspan, colspan }: WantedCell,
  { rows, columns }: { readonly rows: readonly string[]; readonly columns: readonly string[] },
): CellNames {
  return {
    row: rows[row] ?? '',
    column: columns[column] ?? '',
    toRow: rowspan > 1 ? (rows[row + rowspan - 1] ?? null) : null,
    toColumn: colspan > 1 ? (columns[column + colspan - 1] ?? null) : null,
  };
}

/** Whether a cell covers its own place alone, looks like any other, and nothing is suggested of it. */
export function isPlain({ rowspan, colspan, node }: WantedCell): boolean {
  const { background, align } = lookOf(node);
  const looks = background === null && align === null;
  return rowspan === 1 && colspan === 1 && looks && traitsOf(node).suggestions.length === 0;
}

/** What ends a block, a cell or a table cannot stand in a text. */
export function storable(text: string): string {
  return text.replace(ENDS, '\n');
}

/** The formatting of a text with `marks`: what is `inherited` and this version does not show goes on through it. */
export function formattingOf(marks: readonly Mark[], inherited: Formatting): Formatting {
  const unshown = Object.entries(inherited).filter(([name, value]) => readFormat(name, value) === null);
  return { ...Object.fromEntries(unshown), ...formatsOf(marks) };
}

/** What stands in the flow for a thing in a text; null if it is opaque and no text can hold it a second time. */
function thingFor({ model: { flow } }: Writing, node: Node | null): object | null {
  const atom = node && atomOf(node);
  if (atom || !node) return atom && writeAtom(atom);
  for (let item = flow._start; item !== null; item = item.right)
    if (item.content instanceof Y.ContentEmbed && refOf(item.id) === node.attrs['ref'] && !item.deleted) {
      const { embed }: { embed: unknown } = item.content;
      return typeof embed === 'object' ? embed : null;
    }
  return null;
}

function elementWith(name: string, attributes: object): Y.XmlElement {
  const element = new Y.XmlElement(name);
  const given = Object.entries(attributes) as [string, AttributeValue | null][];
  setAttributes(element, new Map(given.filter(([, value]) => value !== null)));
  return element;
}

/** What stands in the flow for a new block: an element, or a copy of what an opaque one stands for. */
function elementFor({ model: { flow } }: Writing, node: Node): object | null {
  if (node.isTextblock) return new Y.XmlElement(BLOCK);
  if (node.type.name === 'horizontalRule') return new Y.XmlElement(DIVIDER);
  if (isMedia(node.type.name)) return new Y.XmlElement(node.type.name);
  if (node.type.name === 'contents') return new Y.XmlElement(CONTENTS);
  for (let item = flow._start; item !== null; item = item.right)
    if (item.content instanceof Y.ContentType && refOf(item.id) === node.attrs['ref'] && !item.deleted) {
      const copy = item.content.type.clone();
      // Another one of its kind, and not the same block elsewhere, until it is known to have been moved.
      if (copy instanceof Y.XmlElement) copy.removeAttribute(MOVED);
      return copy;
    }
  return null;
}
