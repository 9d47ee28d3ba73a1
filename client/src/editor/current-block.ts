import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import type { EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';

/** Marks the block at the top level that holds the selection, while `isOn` says so: the others step back. */
export function currentBlock(isOn: () => boolean): Extension {
  return Extension.create({
    name: 'currentBlock',
    addProseMirrorPlugins: () => [
      new Plugin({ props: { decorations: (state) => (isOn() ? markCurrent(state) : DecorationSet.empty) } }),
    ],
  });
}

function markCurrent({ doc, selection }: EditorState): DecorationSet {
  const { $from, $to } = selection;
  const marked: Decoration[] = [];
  doc.nodesBetween($from.pos, $to.pos, (node, pos, parent) => {
    if (parent === doc) marked.push(Decoration.node(pos, pos + node.nodeSize, { class: 'is-current' }));
    return false;
  });
  return DecorationSet.create(doc, marked);
}
