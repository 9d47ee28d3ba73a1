/** The backgrounds that a cell can have: names, which a page's theme gives colours. */
export const CELL_BACKGROUNDS = ['grey', 'red', 'yellow', 'green', 'blue', 'purple'] as const;
/** The name of a background. */
export type CellBackground = (typeof CELL_BACKGROUNDS)[number];
/** Where a cell's text stands. */
export const CELL_ALIGNMENTS = ['start', 'center', 'end'] as const;
/** See {@link CELL_ALIGNMENTS}. */
export type CellAlignment = (typeof CELL_ALIGNMENTS)[number];

/** How a cell looks. */
export interface CellLook {
  readonly background: CellBackground | null;
  readonly align: CellAlignment | null;
}

/** The narrowest and the widest that a column can be, px. */
export const NARROWEST_COLUMN = 40;
export const WIDEST_COLUMN = 2_000;

const ID = /^[\w.-]{1,40}$/;

/** The name of a row or a column; '' where there is none of the grammar, which names nothing. */
export function readLineId(value: unknown): string {
  return typeof value === 'string' && ID.test(value) ? value : '';
}

/** A column's width in px; null if it is none. */
export function readWidth(value: unknown): number | null {
  const whole = typeof value === 'number' && Number.isInteger(value);
  return whole && value >= NARROWEST_COLUMN && value <= WIDEST_COLUMN ? value : null;
}

/** Reads the look of a cell. What is not of the grammar counts as absent. */
export function readCellLook({ background, align }: Readonly<Record<string, unknown>>): CellLook {
  return {
    background: CELL_BACKGROUNDS.find((name) => name === background) ?? null,
    align: CELL_ALIGNMENTS.find((name) => name === align) ?? null,
  };
}
