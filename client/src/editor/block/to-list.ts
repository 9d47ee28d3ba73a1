import { blocksOf, documentOf } from '@sheaf/schema';
import type { Frame, LISTS, PlacedBlock } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import type { Command, EditorState } from '@tiptap/pm/state';
import { Restructure } from './restructure.ts';
import { hasTitle, rowAt } from './rows.ts';
import { keptBy } from './to-text.ts';

/** What can be an item's text. */
const TEXTS: ReadonlySet<string> = new Set(['paragraph', 'heading']);

const isItem = ({ frame: { list } }: PlacedBlock): boolean => list !== null && list !== 'toggle';

/** The texts that are selected. The title is none of them, nor what a toggle shows. */
function selectedTexts({ doc, selection: { from, to } }: EditorState): readonly PlacedBlock[] {
  const rows = blocksOf(doc);
  const first = Math.max(rowAt(rows, from), hasTitle(doc) ? 1 : 0);
  const selected = rows.slice(first, rowAt(rows, Math.max(from, to - 1)) + 1);
  return selected.filter(({ frame, node }) => TEXTS.has(node.type.name) && frame.list !== 'toggle');
}

/** The texts that are selected, where some are items of lists and others are none; null where that is not so. */
export function mixedTexts(state: EditorState): readonly PlacedBlock[] | null {
  const texts = selectedTexts(state);
  return texts.some(isItem) && !texts.every(isItem) ? texts : null;
}

/** How a list counts from the item on in which a block stands; null where that counts nothing. */
function numberOf(
  rows: readonly PlacedBlock[],
  doc: Node,
  pos: number,
): Pick<Frame, 'start' | 'numbering'> | null {
  const $item = doc.resolve(pos);
  const first = $item.depth > 1 ? rows.find((row) => row.pos === $item.start(-1) + 1) : undefined;
  if (first?.frame.list !== 'ordered') return null;
  return { start: first.frame.start + $item.index(-1), numbering: first.frame.numbering };
}

/**
 * Makes items of a list of all texts that are selected, where some of them are items and others stand beside these, or items are to be
 * tasks or tasks other items: each keeps its level, and what is counted behind them its number. False where that is not so.
 */
export function toList(list: keyof typeof LISTS): Command {
  return (state, dispatch) => {
    const texts = selectedTexts(state);
    const isOther = ({ frame }: PlacedBlock) => (frame.list === 'task') !== (list === 'task');
    if (!mixedTexts(state) && !(texts.every(isItem) && texts.some(isOther))) return false;
    const level = Math.min(...texts.map(({ frame }) => frame.indent));
    if (texts.some((text) => !isItem(text) && text.frame.indent > level)) return false;
    if (!dispatch) return true;
    const { schema, tr } = state;
    const { paragraph } = schema.nodes;
    for (const { node, pos } of texts)
      if (paragraph && node.type !== paragraph) tr.setNodeMarkup(pos, paragraph, keptBy(paragraph, node));
    const places = new Set(texts.map(({ pos }) => pos));
    const rows = blocksOf(tr.doc);
    const wanted = rows.map(({ frame, node, pos }) => {
      if (!places.has(pos)) return { frame: { ...frame, ...numberOf(rows, tr.doc, pos) }, node };
      return { frame: { ...frame, list, checked: frame.checked && list === 'task', apart: false }, node };
    });
    dispatch(tr.step(new Restructure(tr.doc, documentOf(schema, wanted))).scrollIntoView());
    return true;
  };
}
