import { isSameFrame } from '@sheaf/schema';
import type { PlacedBlock } from '@sheaf/schema';
import type { Transaction } from '@tiptap/pm/state';
import type { FlowEntry } from './segment.ts';
import { textChange } from './show.ts';
import type { StoredBlock } from './shown.ts';

/** What a page shows, and what it should. */
interface Texts {
  /** What was stored, as the page showed it. */
  readonly before: readonly StoredBlock[];
  /** The blocks of the transaction's document. */
  readonly placed: readonly PlacedBlock[];
  readonly entries: readonly FlowEntry[];
}

/**
 * Shows what differs where that is nothing but the text of some blocks: most of what people do. The blocks of the transaction's
 * document then; null where there is more to it, and the transaction is of no use.
 *
 * A document follows from the frames that are stored and the kinds of its blocks; where these are as they were, the same blocks
 * stand in the same lists and quotes.
 */
export function showTexts(tr: Transaction, { before, placed, entries }: Texts): StoredBlock[] | null {
  if (entries.length !== before.length || placed.length !== before.length) return null;
  const changed: number[] = [];
  for (let index = 0; index < entries.length; index += 1) {
    const [was, is, entry] = [before[index], placed[index], entries[index]];
    if (!was || !is || !entry || !isAsBefore(was, is, entry)) return null;
    if (is.node === entry.node || is.node.eq(entry.node)) continue;
    if (!is.node.isTextblock || !is.node.sameMarkup(entry.node)) return null;
    changed.push(index);
  }
  for (const index of changed.toReversed()) {
    const [is, entry] = [placed[index], entries[index]];
    if (!is || !entry) continue;
    const { from, to, slice } = textChange(is.node, entry.node, is.pos + 1);
    tr.replace(from, to, slice);
  }
  const shown: StoredBlock[] = [];
  let [moved, next] = [0, 0];
  for (const [index, entry] of entries.entries()) {
    const is = placed[index];
    if (!is) return null;
    const pos = is.pos + moved;
    let { node } = is;
    if (changed[next] === index) {
      const now = tr.doc.nodeAt(pos);
      if (!now?.eq(entry.node)) return null;
      moved += now.nodeSize - node.nodeSize;
      next += 1;
      node = now;
    }
    shown.push({ frame: is.frame, node, pos, entry });
  }
  return shown;
}

/** Whether a block is of the kind and in the frame that it had, on the page and where it is stored. */
function isAsBefore(was: StoredBlock, is: PlacedBlock, entry: FlowEntry): boolean {
  if (was !== is && (was.node.type !== is.node.type || !isSameFrame(was.frame, is.frame))) return false;
  if (was.entry === entry) return true;
  return was.entry.type === 'block' && entry.type === 'block' && isSameFrame(was.entry.frame, entry.frame);
}
