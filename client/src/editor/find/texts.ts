import type { Node } from '@tiptap/pm/model';
import type { EditorState } from '@tiptap/pm/state';
import type { Match } from './search.ts';

/** Longer selections are no words to look for, UTF-16 units. */
const LONGEST_WORDS = 80;

/** The texts of a document's blocks, and where each begins; one UTF-16 unit for each of their positions. */
export interface Texts {
  readonly texts: readonly string[];
  readonly starts: readonly number[];
}

/** Reads a document for searching. What is no text in a block is one sign that nobody looks for. */
export function textsOf(doc: Node): Texts {
  const texts: string[] = [];
  const starts: number[] = [];
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    let text = '';
    node.forEach((child) => {
      text += child.text ?? (child.type.name === 'hardBreak' ? '\n' : '\ufffc'.repeat(child.nodeSize));
    });
    texts.push(text);
    starts.push(pos + 1);
    return false;
  });
  return { texts, starts };
}

/** Where a match is in the document that was read. */
export function rangeOf({ starts }: Texts, { text, from, to }: Match): { from: number; to: number } {
  const start = starts[text] ?? 0;
  return { from: start + from, to: start + to };
}

/** The words that are selected, where they are of one block; else ''. */
export function selectedWords({ doc, selection }: EditorState): string {
  const { $from, $to, from, to } = selection;
  return $from.sameParent($to) && to - from <= LONGEST_WORDS ? doc.textBetween(from, to) : '';
}
