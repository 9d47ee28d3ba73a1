import { Plugin } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { isFromYjs } from '../binding/extension.ts';
import { changedTexts } from '../binding/changed-texts.ts';
import { endToggle } from './end-toggle.ts';

/** Where that stands now which follows, in each toggle, upon what a transaction deleted from before the toggle on. */
function behindLost({ steps, docs, mapping }: Transaction): number[] {
  const found: number[] = [];
  for (const [index, step] of steps.entries())
    step.getMap().forEach((start, end) => {
      docs[index]?.nodesBetween(start, end, (node, pos) => {
        if (node.type.name !== 'toggle' || pos < start || pos + 1 >= end) return !node.isTextblock;
        let place = pos + 1;
        for (const { nodeSize } of node.children) if (place < end) place += nodeSize;
        const { pos: now, deletedAfter } = mapping.slice(index).mapResult(place);
        if (place < pos + node.nodeSize - 1 && !deletedAfter) found.push(now);
        return true;
      });
    });
  return found;
}

function ended(
  transactions: readonly Transaction[],
  _was: EditorState,
  { tr }: EditorState,
): Transaction | null {
  for (const [index, transaction] of transactions.entries()) {
    if (!transaction.docChanged || isFromYjs(transaction) || changedTexts(transaction)) continue;
    for (const place of behindLost(transaction)) {
      const now = transactions.slice(index + 1).reduce((at, { mapping }) => mapping.map(at), place);
      const $now = tr.doc.resolve(tr.mapping.map(now));
      const { parent, nodeBefore } = $now;
      // An empty one was put before what cannot be shown.
      const filled = $now.index() === 1 && nodeBefore?.content.size === 0;
      if (parent.type.name !== 'toggle' || ($now.index() > 0 && !filled)) continue;
      const toggle = $now.before();
      endToggle(tr, toggle);
      if (filled) tr.delete(toggle, $now.pos - 1);
    }
  }
  return tr.docChanged ? tr : null;
}

/**
 * A toggle of which a person deletes the first paragraph with what stood before it ends: the next one would be shown in its place. However it
 * is deleted: by a key, by what is typed, pasted or composed over it.
 */
export function lostSummary(): Plugin {
  return new Plugin({ appendTransaction: ended });
}
