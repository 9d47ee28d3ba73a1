import { BLOCK_END } from '@sheaf/schema';
import type * as Y from 'yjs';
import type { Change } from './alignment.ts';
import { blockOf, FirstUnits, MOVED, pairUp, readMoved, unitsIn, writeMoved } from './moved.ts';
import type { Row } from './pieces.ts';
import type { StoredBlock } from './shown.ts';
import { setAttributes } from './writing.ts';
import type { KeptElement, Writing } from './writing.ts';

/** Two rows of blocks, and what differs between them. */
interface Differing {
  readonly old: Row & { readonly blocks: readonly StoredBlock[] };
  readonly now: Row;
  readonly changes: readonly Change[];
}

/**
 * Blocks that go at one place and come at another keep who they are: their new elements tell it (SPEC FLOW-21).
 * `elements` has the new ones when they are written. To be called before anything is.
 */
export function writeMoves(
  writing: Writing,
  { old, now, changes }: Differing,
  elements: ReadonlyMap<number, KeptElement>,
): void {
  const gone = wholeBlocks(
    old,
    changes.map(({ from, to }) => [from, to]),
  );
  if (gone.length === 0) return;
  const came = wholeBlocks(
    now,
    changes.map(({ start, end }) => [start, end]),
  );
  const places = new Map(came.map((owner) => [now.blocks[owner]?.node, owner]));
  for (const index of gone) {
    const was = old.blocks[index];
    const owner = places.get(was?.node);
    if (was?.entry.type !== 'block' || owner === undefined || !was.entry.at.element) continue;
    places.delete(was.node);
    const { element } = was.entry.at;
    const { block, times } = blockOf(element);
    const moved = readMoved(element.getAttribute(MOVED));
    const former = new FirstUnits(moved?.copied ?? []);
    const first = unitsIn(element, BLOCK_END).flatMap((stretch) => former.of(stretch));
    writing.later(() => {
      const made = elements.get(owner)?.element;
      const copied = made ? pairUp(unitsIn(made, BLOCK_END), first) : null;
      if (made && copied) tell(made, writeMoved({ block, times: times + 1, copied }));
    });
  }
}

function tell(element: Y.XmlElement, moved: object | null): void {
  if (moved !== null) setAttributes(element, new Map([[MOVED, moved]]));
}

/** The blocks of a row that lie in one of the ranges as a whole. */
function wholeBlocks({ units, blocks }: Row, ranges: readonly (readonly [number, number])[]): number[] {
  return ranges.flatMap(([from, to]) => {
    const counts = new Map<number, number>();
    for (let unit = from; unit < to; unit += 1) {
      const owner = units.owners[unit] ?? 0;
      counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    return [...counts].flatMap(([owner, count]) => {
      const node = blocks[owner]?.node;
      return node && count === (node.isTextblock ? node.content.size + 2 : 1) ? [owner] : [];
    });
  });
}
