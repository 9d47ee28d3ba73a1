import { atomOf, nodeOfAtom } from '@sheaf/schema';
import type { Atom } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';

/** Puts an atom in the place of the selection. */
export function insertAtom(atom: Atom): Command {
  return (state, dispatch) => {
    if (state.selection.$from.parent.type.spec.code === true) return false;
    dispatch?.(state.tr.replaceSelectionWith(nodeOfAtom(state.schema, atom)).scrollIntoView());
    return true;
  };
}

/** Days and mentions in the blocks of the selection become their words, references to footnotes go: code holds nothing else. */
export const wordsForAtoms: Command = (state, dispatch) => {
  const { tr, doc, schema } = state;
  const { $from, $to } = state.selection;
  const found: { pos: number; node: Node }[] = [];
  doc.nodesBetween($from.start(), $to.end(), (node, pos) => {
    if (atomOf(node)) found.push({ pos, node });
  });
  for (const { pos, node } of found.toReversed()) {
    const words = node.type.spec.leafText?.(node) ?? '';
    tr.replaceWith(pos, pos + 1, words === '' ? [] : schema.text(words, node.marks));
  }
  if (found.length > 0) dispatch?.(tr);
  return found.length > 0;
};

/** Puts a block that holds no text behind the one with the caret, or in its place if that is empty. */
export function insertBlock(name: string): Command {
  return ({ selection: { $from }, schema, tr }, dispatch) => {
    const [block, paragraph] = [schema.nodes[name]?.create(), schema.nodes['paragraph']?.create()];
    if (!block || !paragraph || $from.depth === 0) return false;
    const around = $from.node(-1);
    const index = $from.index(-1);
    const empty = $from.parent.content.size === 0 && $from.parent.type === paragraph.type;
    const replaces = empty && around.canReplaceWith(index, index + 1, block.type);
    if (!replaces && !around.canReplaceWith(index + 1, index + 1, block.type)) return false;
    const at = replaces ? $from.before() : $from.after();
    tr.replaceWith(at, $from.after(), block);
    const behind = at + block.nodeSize;
    if (tr.doc.resolve(behind).nodeAfter?.isTextblock !== true) tr.insert(behind, paragraph);
    dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve(behind))).scrollIntoView());
    return true;
  };
}
