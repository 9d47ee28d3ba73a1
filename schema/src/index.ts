export { atomOf, nodeOfAtom } from './atom-nodes.ts';
export { asLabel, asLine, isDay, isFormula, readAtom, writeAtom } from './atoms.ts';
export type { Atom } from './atoms.ts';
export { CONTENTS } from './contents-node.ts';
export { cleanText } from './clean-text.ts';
export { Arranger, tableEnds } from './arrange.ts';
export {
  BLOCK,
  BLOCK_END,
  CELL,
  CELL_END,
  ENDS,
  COLUMN,
  CONTENT_FIELD,
  DIVIDER,
  ROW,
  TABLE,
  TABLE_END,
} from './content.ts';
export type { AttributeValue, FlowElement } from './content.ts';
export { documentExtensions, documentSchema } from './extensions.ts';
export type { BlockPart, CellPart, LinePart, Part, TablePart } from './flow-part.ts';
export { CALLOUT_KINDS, frameChanges, isSameFrame, OpenFrames, PLAIN, readFrame } from './frame.ts';
export { calloutLookOf } from './container-nodes.ts';
export type { CalloutKind, CalloutLook, Frame } from './frame.ts';
export {
  DIAGRAM_LANGUAGE,
  kindChanges,
  MATH_LANGUAGE,
  nodeTypeOf,
  readTextKind,
  textKindOf,
} from './leaves.ts';
export { isSafeLink, isWebAddress } from './links.ts';
export { isMedia, LONGEST_WORDS, mediaChanges, NARROWEST_IMAGE, readMedia } from './media.ts';
export type { MediaName } from './media.ts';
export { formatChanges, formatsOf, marksOf, readFormat, STYLE_MARKS } from './marks.ts';
export { beginsItem, blocksOf, documentOf, KnownContainers, LISTS } from './nesting.ts';
export type { Block, PlacedBlock } from './nesting.ts';
export { NotesLast } from './notes-last.ts';
export { OPAQUE_WORDS } from './opaque.ts';
export { LIGHT, PALETTE } from './palette.ts';
export type { Color } from './palette.ts';
export { joinSuggestions, suggestionChanges } from './suggestions.ts';
export { ALIGNMENTS, MOST_INSET, readTraits, traitChanges, traitsOf } from './traits.ts';
export type { Alignment, Traits } from './traits.ts';
export { NARROWEST_COLUMN, readCellLook, readLineId, readWidth, WIDEST_COLUMN } from './table-attributes.ts';
export { isBlank, slotKey } from './table-layout.ts';
export type { CellLayout, Entry, Group, Slot, TableLayout } from './table-layout.ts';
