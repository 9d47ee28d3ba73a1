import type { Frame } from './frame.ts';
import type { Block } from './nesting.ts';
import type { BlockSuggestion } from './suggestions.ts';
import type { CellLook } from './table-attributes.ts';

/** A block of text, or a thing that is one. `node` is what is shown for it. */
export interface BlockPart<At> extends Block {
  readonly type: 'block';
  /** Replaced by an equal node of a page, so that nodes keep their identity. */
  node: Block['node'];
  readonly at: At;
}

/** What is suggested of a part, by their ids. */
interface Suggestible {
  readonly suggestions: readonly BlockSuggestion[];
}

/** Begins a table. */
export interface TablePart<At> extends Suggestible {
  readonly type: 'table';
  readonly frame: Frame;
  readonly at: At;
}

/** A column or a row of the table that it stands in. */
export interface LinePart<At> extends Suggestible {
  readonly type: 'column' | 'row';
  readonly id: string;
  readonly header: boolean;
  /** Of a column, px; null where nobody chose one. */
  readonly width: number | null;
  readonly at: At;
}

/** Begins what stands in a cell. */
export interface CellPart<At> extends CellLook, Suggestible {
  readonly type: 'cell';
  readonly row: string;
  readonly column: string;
  /** The last row and column that the cell covers; null where it covers its own. */
  readonly toRow: string | null;
  readonly toColumn: string | null;
  readonly at: At;
}

/** Ends a cell or a table. */
export interface EndPart<At> {
  readonly type: 'cellEnd' | 'tableEnd';
  readonly at: At;
}

/** What a flow is a row of. `At` says where a part is stored; it means nothing here. */
export type Part<At> = BlockPart<At> | TablePart<At> | LinePart<At> | CellPart<At> | EndPart<At>;
