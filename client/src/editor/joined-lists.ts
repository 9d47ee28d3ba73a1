import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { Mapping } from '@tiptap/pm/transform';
import { isFromYjs } from './binding/extension.ts';

/** Whether two blocks are lists of one kind that count alike. */
function areAlike(one: Node | null, other: Node | null): boolean {
  return (
    one !== null &&
    one.type === other?.type &&
    one.type.spec.group === 'block list' &&
    one.attrs['type'] === other.attrs['type']
  );
}

/**
 * Joins lists beside the caret of which a person took away what stood between them: they would be stored as apart, and the second would
 * count anew. Lists that met before, and one that was put in, stay apart.
 */
function joined(
  transactions: readonly Transaction[],
  { doc: was }: EditorState,
  { doc, selection: { $from }, tr }: EditorState,
): Transaction | null {
  if (doc === was || transactions.some(isFromYjs)) return null;
  for (let depth = 1; depth <= $from.depth; depth += 1) {
    const parent = $from.node(depth - 1);
    const index = $from.index(depth - 1);
    for (const [first, place] of [
      [index - 1, $from.before(depth)],
      [index, $from.after(depth)],
    ] as const) {
      const one = parent.maybeChild(first);
      const other = parent.maybeChild(first + 1);
      if (!one || !areAlike(one, other)) continue;
      const back = new Mapping(transactions.flatMap(({ mapping }) => mapping.maps)).invert();
      const [start, next] = [back.map(place - one.nodeSize), back.map(place)];
      const known = start < next && areAlike(one, was.nodeAt(start)) && areAlike(other, was.nodeAt(next));
      if (known && !areAlike(one, was.resolve(next).nodeBefore)) tr.join(tr.mapping.map(place));
    }
  }
  return tr.docChanged ? tr : null;
}

/** Lists of one kind with nothing between them any more are one list again. */
export const JoinedLists = Extension.create({
  name: 'joinedLists',
  addProseMirrorPlugins: () => [new Plugin({ appendTransaction: joined })],
});
