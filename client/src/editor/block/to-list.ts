import { blocksOf, documentOf } from '@sheaf/schema';
import type { LISTS, PlacedBlock } from '@sheaf/schema';
import type { Command, EditorState } from '@tiptap/pm/state';
import { Restructure } from './restructure.ts';
import { hasTitle, rowAt } from './rows.ts';
import { keptBy } from './to-text.ts';

/** What can be an item's text. */
const TEXTS: ReadonlySet<string> = new Set(['paragraph', 'heading']);

const isItem = ({ frame: { list } }: PlacedBlock): boolean => list !== null && list !== 'toggle';

/** The texts that are selected, where some are items of lists and others are none; null where that is not so. */
export function mixedTexts({ doc, selection: { from, to } }: EditorState): readonly PlacedBlock[] | null {
  const rows = blocksOf(doc);
  // The title stays one.
  const first = Math.max(rowAt(rows, from), hasTitle(doc) ? 1 : 0);
  const selected = rows.slice(first, rowAt(rows, Math.max(from, to - 1)) + 1);
  const texts = selected.filter(({ frame, node }) => TEXTS.has(node.type.name) && frame.list !== 'toggle');
  return texts.some(isItem) && !texts.every(isItem) ? texts : null;
}

/**
 * Makes items of a list of all texts that are selected, where some of them are items and others stand beside these: each keeps its
 * level. False where that is not so.
 */
export function toList(list: keyof typeof LISTS): Command {
  return (state, dispatch) => {
    const texts = mixedTexts(state);
    const level = Math.min(...(texts ?? []).map(({ frame }) => frame.indent));
    if (!texts || texts.some((text) => !isItem(text) && text.frame.indent > level)) return false;
    if (!dispatch) return true;
    const { schema, tr } = state;
    const { paragraph } = schema.nodes;
    for (const { node, pos } of texts)
      if (paragraph && node.type !== paragraph) tr.setNodeMarkup(pos, paragraph, keptBy(paragraph, node));
    const places = new Set(texts.map(({ pos }) => pos));
    const wanted = blocksOf(tr.doc).map(({ frame, node, pos }) => ({
      frame: places.has(pos)
        ? { ...frame, list, checked: frame.checked && list === 'task', apart: false }
        : frame,
      node,
    }));
    dispatch(tr.step(new Restructure(tr.doc, documentOf(schema, wanted))).scrollIntoView());
    return true;
  };
}
