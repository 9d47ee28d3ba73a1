export { Arranger } from './arrange.ts';
export {
  BLOCK,
  BLOCK_END,
  CELL,
  CELL_END,
  COLUMN,
  CONTENT_FIELD,
  DIVIDER,
  ROW,
  TABLE,
  TABLE_END,
} from './content.ts';
export type { AttributeValue, FlowElement } from './content.ts';
export { documentExtensions, documentSchema } from './extensions.ts';
export type { BlockPart, CellPart, LinePart, Part } from './flow-part.ts';
export { CALLOUT_KINDS, frameChanges, OpenFrames, PLAIN, readFrame } from './frame.ts';
export type { CalloutKind, Frame } from './frame.ts';
export { kindChanges, nodeTypeOf, readTextKind, textKindOf } from './leaves.ts';
export { isSafeLink } from './links.ts';
export { formatChanges, formatsOf, marksOf } from './marks.ts';
export { beginsItem, blocksOf, documentOf } from './nesting.ts';
export type { Block, PlacedBlock } from './nesting.ts';
export { OPAQUE_WORDS } from './opaque.ts';
export { NARROWEST_COLUMN, readCellLook, readLineId, readWidth, WIDEST_COLUMN } from './table-attributes.ts';
export { slotKey } from './table-layout.ts';
export type { CellLayout, Entry, Group, Slot, TableLayout } from './table-layout.ts';
export { writeHtmlPage } from './write-html.ts';
export { writeMarkdown } from './write-markdown.ts';
