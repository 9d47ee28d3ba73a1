import { Node } from '@tiptap/core';
import type { ElementLike } from './opaque.ts';
import { readCellLook, readWidth } from './table-attributes.ts';

const span = (name: 'colspan' | 'rowspan') => ({
  default: 1,
  parseHTML: (at: ElementLike) => {
    const value = Number(at.getAttribute(name) ?? 1);
    return Number.isInteger(value) && value >= 1 && value <= 1_000 ? value : 1;
  },
});

/** The attributes of a cell. `column` names its first column, and is the flow's: it is not copied as HTML. */
const cellAttributes = () => ({
  colspan: span('colspan'),
  rowspan: span('rowspan'),
  colwidth: {
    default: null,
    parseHTML: (at: ElementLike) => {
      const widths = (at.getAttribute('data-colwidth') ?? '').split(',').map((one) => readWidth(Number(one)));
      const known = widths.map((width) => width ?? 0);
      return known.some((width) => width > 0) && known.length === span('colspan').parseHTML(at)
        ? known
        : null;
    },
    renderHTML: ({ colwidth }: Record<string, unknown>) =>
      Array.isArray(colwidth) ? { 'data-colwidth': colwidth.join(',') } : {},
  },
  column: { default: null, parseHTML: () => null, rendered: false },
  background: {
    default: null,
    parseHTML: (at: ElementLike) =>
      readCellLook({ background: at.getAttribute('data-background') }).background,
    renderHTML: ({ background }: Record<string, unknown>) =>
      typeof background === 'string' ? { 'data-background': background } : {},
  },
  align: {
    default: null,
    parseHTML: (at: ElementLike) => readCellLook({ align: at.getAttribute('data-align') }).align,
    renderHTML: ({ align }: Record<string, unknown>) =>
      typeof align === 'string' ? { 'data-align': align } : {},
  },
});

/** What prosemirror-tables calls the nodes of a table. */
const ROLES: Readonly<Record<string, string>> = {
  table: 'table',
  tableRow: 'row',
  tableCell: 'cell',
  tableHeader: 'header_cell',
};

/** A table. Its rows are its only content; what is between the tags of HTML besides is left out. */
export const Table = Node.create({
  name: 'table',
  group: 'block',
  content: 'tableRow+',
  isolating: true,
  // Asked for every node of the schema.
  extendNodeSchema: ({ name }) => (Object.hasOwn(ROLES, name) ? { tableRole: ROLES[name] } : {}),
  parseHTML: () => [{ tag: 'table' }],
  renderHTML: ({ HTMLAttributes }) => ['table', HTMLAttributes, ['tbody', 0]],
});

/** A row. It has no cell of its own where cells of rows before cover it. `id` is the flow's name for it. */
export const TableRow = Node.create({
  name: 'tableRow',
  content: '(tableCell | tableHeader)*',
  addAttributes: () => ({ id: { default: null, parseHTML: () => null, rendered: false } }),
  parseHTML: () => [{ tag: 'tr' }],
  renderHTML: ({ HTMLAttributes }) => ['tr', HTMLAttributes, 0],
});

/** A cell. */
export const TableCell = Node.create({
  name: 'tableCell',
  content: 'block+',
  isolating: true,
  addAttributes: cellAttributes,
  parseHTML: () => [{ tag: 'td' }],
  renderHTML: ({ HTMLAttributes }) => ['td', HTMLAttributes, 0],
});

/** A cell that names what stands in its row or column. */
export const TableHeader = TableCell.extend({
  name: 'tableHeader',
  parseHTML: () => [{ tag: 'th' }],
  renderHTML: ({ HTMLAttributes }) => ['th', HTMLAttributes, 0],
});
