import { isSameFrame } from '@sheaf/schema';
import type { PlacedBlock } from '@sheaf/schema';
import type { Transaction } from '@tiptap/pm/state';
import type { FlowEntry } from './segment.ts';
import { textChange } from './show.ts';
import { retext } from './shown.ts';
import type { StoredBlock } from './shown.ts';

/** What a page shows, and what it should. */
interface Texts {
  /** What was stored, as the page showed it. */
  readonly before: readonly StoredBlock[];
  /** The blocks of the page now. */
  readonly placed: readonly PlacedBlock[];
  readonly entries: readonly FlowEntry[];
}

/**
 * The blocks of the page, if nothing differs but the text of some: most of what people do; null where there is more to it.
 *
 * A document follows from the frames that are stored and the kinds of its blocks; where these are as they were, the same blocks
 * stand in the same lists and quotes.
 */
export function sameButTexts({ before, placed, entries }: Texts): StoredBlock[] | null {
  if (entries.length !== before.length || placed.length !== before.length) return null;
  const blocks: StoredBlock[] = [];
  for (const [index, entry] of entries.entries()) {
    const [was, is] = [before[index], placed[index]];
    if (!was || !is || !isAsBefore(was, is, entry)) return null;
    const same = is.node === entry.node || is.node.eq(entry.node);
    if (!same && !(is.node.isTextblock && is.node.sameMarkup(entry.node))) return null;
    blocks.push({ frame: is.frame, node: is.node, pos: is.pos, entry });
  }
  return blocks;
}

/**
 * Gives those of `blocks`, which are the page's, that are `changed` (their indices) the texts of their entries, which differ in
 * nothing else. False where the page would not show these, and the transaction is of no use.
 */
export function showTexts(
  tr: Transaction,
  blocks: readonly StoredBlock[],
  changed: Iterable<number> = blocks.keys(),
): boolean {
  for (const index of changed) {
    const block = blocks[index];
    if (!block) return false;
    const { node, pos, entry } = block;
    if (node === entry.node || node.eq(entry.node)) continue;
    const { from, to, slice } = textChange(node, entry.node, pos + 1);
    tr.replace(from, to, slice);
    const now = tr.doc.nodeAt(pos);
    if (!now?.eq(entry.node)) return false;
    retext(blocks, index, now);
  }
  return true;
}

/** Whether a block is of the kind and in the frame that it had, on the page and where it is stored. */
function isAsBefore(was: StoredBlock, is: PlacedBlock, entry: FlowEntry): boolean {
  if (was !== is && (was.node.type !== is.node.type || !isSameFrame(was.frame, is.frame))) return false;
  if (was.entry === entry) return true;
  return was.entry.type === 'block' && entry.type === 'block' && isSameFrame(was.entry.frame, entry.frame);
}
