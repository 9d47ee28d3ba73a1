import type { ReadRow } from '../markdown-table-tags.ts';
import { CELL_BACKGROUNDS, readCellLook, readWidth } from '../table-attributes.ts';
import { MOST_CELLS, MOST_COLUMNS } from '../table-layout.ts';
import { nearestMarkColor } from './colors.ts';
import { readStyle } from './styles.ts';
import { madeElement } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

export { MOST_CELLS };

/** Backgrounds of cells that come nearest to colours which cells do not have. */
const LIKE: Readonly<Record<string, string>> = { gray: 'grey', orange: 'yellow', pink: 'red' };
/** More rows are not covered by a cell, as in HTML. */
const LARGEST_ROWSPAN = 1_000;

/** Whether a table has rows and columns; pages also use tables to place things, and some say so. */
export function isGrid(table: HtmlElement): boolean {
  return !/^(?:presentation|none)$/.test(table.attribute('role') ?? '') && linesOf(table, false).length > 0;
}

/** A row of a table. */
interface Row {
  readonly element: HtmlElement;
  readonly cells: readonly Cell[];
}

/** A cell of a table, and what its attributes and styles say of it. */
interface Cell {
  readonly element: HtmlElement;
  readonly header: boolean;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** The rows of a table that it shows, in their order, with their cells; spreadsheets hide rows and columns. */
export function rowsOf(table: HtmlElement): Row[] {
  const rows = linesOf(table, false);
  const hidden = hiddenColumns(table);
  const isWhole = hidden.size === 0 && rows.every((row) => !row.hidden);
  /** The row before which each column is taken by a cell above. */
  const taken: number[] = [];
  return rows.flatMap(({ element, head, hidden: isGone }, row): Row[] => {
    let column = 0;
    const cells = element.children.flatMap((cell): Cell[] => {
      if (cell.type === 'text' || (cell.name !== 'td' && cell.name !== 'th')) return [];
      const attrs = attributesOf(cell);
      const header = head || cell.name === 'th';
      if (isWhole) return spread({ element: cell, header, attrs }, Number(attrs['colspan']));
      while ((taken[column] ?? 0) > row) column += 1;
      const to = Math.min(column + Number(attrs['colspan']), MOST_COLUMNS);
      const below = row + Number(attrs['rowspan']);
      let shown = 0;
      for (; column < to; column += 1) {
        taken[column] = below;
        if (!hidden.has(column)) shown += 1;
      }
      if (isGone || shown === 0 || isHidden(cell)) return [];
      const rowspan = rows.slice(row, below).filter((other) => !other.hidden).length;
      return spread({ element: cell, header, attrs: { ...attrs, rowspan } }, shown);
    });
    return isGone ? [] : [{ element, cells }];
  });
}

/** A cell over so many columns. Excel lets words run over empty cells, which are cells all the same. */
function spread({ element, header, attrs }: Cell, columns: number): Cell[] {
  const runsOver = readStyle(element.attribute('style')).get('mso-ignore')?.includes('colspan') === true;
  if (!runsOver) return [{ element, header, attrs: { ...attrs, colspan: columns } }];
  const own = { ...attrs, colspan: 1, colwidth: null };
  const empty = { element: madeElement(element.name, {}, []), header, attrs: own };
  return [{ element, header, attrs: own }, ...Array.from({ length: columns - 1 }, () => empty)];
}

interface Line {
  readonly element: HtmlElement;
  /** Whether it is of the table's head. */
  readonly head: boolean;
  readonly hidden: boolean;
}

function linesOf(within: HtmlElement, head: boolean): Line[] {
  return within.children.flatMap((child): Line[] => {
    if (child.type === 'text') return [];
    // Word ends a table by a row without height that holds the widths of its columns.
    const hidden = isHidden(child) || child.attribute('height') === '0';
    if (child.name === 'tr') return [{ element: child, head, hidden }];
    return /^t(?:head|body|foot)$/.test(child.name) ? linesOf(child, child.name === 'thead') : [];
  });
}

const isHidden = (element: HtmlElement) => readStyle(element.attribute('style')).get('display') === 'none';

function hiddenColumns(table: HtmlElement): ReadonlySet<number> {
  const hidden = new Set<number>();
  let column = 0;
  const look = (children: readonly HtmlNode[]) => {
    for (const child of children) {
      if (child.type === 'text' || column >= MOST_COLUMNS) continue;
      const columns =
        child.name === 'colgroup' ? child.children.filter(({ type }) => type === 'element') : [];
      if (columns.length > 0) look(columns);
      else if (child.name === 'col' || child.name === 'colgroup')
        for (const to = column + spanOf(child, 'span', MOST_COLUMNS); column < to; column += 1)
          if (isHidden(child)) hidden.add(column);
    }
  };
  look(table.children);
  return hidden;
}

/** How many columns the cells of a row take. */
export function widthOf({ cells }: ReadRow): number {
  return cells.reduce((sum, { attrs }) => sum + Number(attrs['colspan']), 0);
}

function spanOf(element: HtmlElement, name: string, most: number): number {
  const count = Number(element.attribute(name) ?? 1);
  return Number.isInteger(count) && count >= 1 ? Math.min(count, most) : 1;
}

function attributesOf(cell: HtmlElement): Readonly<Record<string, unknown>> {
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
    colspan: spanOf(cell, 'colspan', MOST_COLUMNS),
    rowspan: spanOf(cell, 'rowspan', LARGEST_ROWSPAN),
    colwidth: widths?.some((width) => width > 0) === true ? widths : null,
    background: own.background ?? near,
    align: own.align ?? side,
  };
}
