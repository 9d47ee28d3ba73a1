import type { Node } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import { ReplaceAroundStep, ReplaceStep } from '@tiptap/pm/transform';

/**
 * The blocks, as they were, within each of which a transaction wrote or deleted text; null where it did anything else to the
 * document. What stands in a line and is no text, such as a formula or a line break, is something else when it comes.
 */
export function changedTexts({ steps, docs }: Transaction): readonly Node[] | null {
  const blocks: Node[] = [];
  for (const [at, step] of steps.entries()) {
    const doc = docs[at];
    if (!(step instanceof ReplaceStep) || !doc) return null;
    const { from, to, slice } = step;
    const text =
      slice.openStart === 0 && slice.openEnd === 0 && slice.content.content.every(({ isText }) => isText);
    const $from = doc.resolve(from);
    if (!text || !$from.parent.inlineContent || !$from.sameParent(doc.resolve(to))) return null;
    blocks.push($from.parent);
  }
  return blocks;
}

/** Whether the last that a transaction did was to put one text, and nothing else that is no frame around it, where something else was. */
export function wroteText({ steps }: Transaction): boolean {
  const step = steps.at(-1);
  if (!(step instanceof ReplaceStep || step instanceof ReplaceAroundStep)) return false;
  const leaves: Node[] = [];
  step.slice.content.descendants((node) => void (node.isLeaf && leaves.push(node)));
  return leaves.length === 1 && leaves[0]?.isText === true;
}
