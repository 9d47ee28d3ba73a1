import { Extension } from '@tiptap/core';
import { GapCursor } from '@tiptap/pm/gapcursor';
import type { Node } from '@tiptap/pm/model';
import { NodeSelection, Plugin, Selection } from '@tiptap/pm/state';
import { Mapping } from '@tiptap/pm/transform';

/** The caret at a place between blocks: in text that follows directly, else between two things without text, else in text before. */
export function caretBetween(doc: Node, position: number): Selection {
  const $place = doc.resolve(position);
  const behind = Selection.findFrom($place, 1);
  if (behind && !(behind instanceof NodeSelection)) return behind;
  // Whether one may stand there only its own mapping tells.
  const gap = new GapCursor($place).map(doc, new Mapping());
  return gap instanceof GapCursor ? gap : (Selection.findFrom($place, -1, true) ?? gap);
}

/**
 * Where what is selected goes, the caret is at the place that it left. ProseMirror selects the next image or other thing without
 * text, which nobody chose, and the next letter would replace.
 */
export const PlaceLeft = Extension.create({
  name: 'placeLeft',
  addProseMirrorPlugins: () => [
    new Plugin({
      appendTransaction: (transactions, { doc, selection: was }, { doc: now, selection, tr }) => {
        if (!(selection instanceof NodeSelection) || was.empty || doc === now) return null;
        const beside = [Selection.findFrom(was.$to, 1), Selection.findFrom(was.$from, -1)];
        if (!beside.some((one) => one instanceof NodeSelection && one.node === selection.node)) return null;
        const place = transactions.reduce((at, { mapping }) => mapping.map(at, -1), was.from);
        return tr.setSelection(caretBetween(now, place));
      },
    }),
  ],
});
