import type { ReadRow } from '../markdown-table-tags.ts';
import { CELL_BACKGROUNDS, readCellLook, readWidth } from '../table-attributes.ts';
import { MOST_CELLS, MOST_COLUMNS } from '../table-layout.ts';
import { nearestMarkColor } from './colors.ts';
import { readStyle } from './styles.ts';
import type { HtmlElement } from './tree.ts';

export { MOST_CELLS };

/** Backgrounds of cells that come nearest to colours which cells do not have. */
const LIKE: Readonly<Record<string, string>> = { gray: 'grey', orange: 'yellow', pink: 'red' };
/** More rows are not covered by a cell, as in HTML. */
const LARGEST_ROWSPAN = 1_000;

/** Whether a table has rows and columns; pages also use tables to place things, and some say so. */
export function isGrid(table: HtmlElement): boolean {
  return !/^(?:presentation|none)$/.test(table.attribute('role') ?? '') && rowsOf(table).length > 0;
}

/** The rows of a table, in their order. */
export function rowsOf(table: HtmlElement): HtmlElement[] {
  return table.children.flatMap((child) => {
    if (child.type === 'text') return [];
    if (child.name === 'tr') return [child];
    return /^t(?:head|body|foot)$/.test(child.name) ? rowsOf(child) : [];
  });
}

/** How many columns the cells of a row take. */
export function widthOf({ cells }: ReadRow): number {
  return cells.reduce((sum, { attrs }) => sum + Number(attrs['colspan']), 0);
}

/** What the attributes and styles of a cell say of it. */
export function cellOf(cell: HtmlElement): Readonly<Record<string, unknown>> {
  const span = (name: string, most: number) => {
    const count = Number(cell.attribute(name) ?? 1);
    return Number.isInteger(count) && count >= 1 ? Math.min(count, most) : 1;
  };
  const style = readStyle(cell.attribute('style'));
  const shade = nearestMarkColor(
    style.get('background-color') ?? style.get('background') ?? cell.attribute('bgcolor')?.toLowerCase(),
  );
  const near = CELL_BACKGROUNDS.find((one) => one === (LIKE[shade ?? ''] ?? shade)) ?? null;
  const told = style.get('text-align') ?? cell.attribute('align')?.toLowerCase();
  const side = told === 'center' || told === 'end' ? told : told === 'right' ? 'end' : null;
  const own = readCellLook({
    background: cell.attribute('data-background'),
    align: cell.attribute('data-align'),
  });
  const widths = cell
    .attribute('data-colwidth')
    ?.split(',')
    .map((width) => readWidth(Number(width)) ?? 0);
  return {
    colspan: span('colspan', MOST_COLUMNS),
    rowspan: span('rowspan', LARGEST_ROWSPAN),
    colwidth: widths?.some((width) => width > 0) === true ? widths : null,
    background: own.background ?? near,
    align: own.align ?? side,
  };
}
