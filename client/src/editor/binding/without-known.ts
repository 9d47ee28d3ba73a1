import { Fragment } from '@tiptap/pm/model';
import { shownOffset } from './region.ts';
import type { FlowBlock, Uneven } from './segment.ts';

/** A block as it is shown without the units of its text in `ranges`, which are in order and apart, counted from the text's begin. */
export function withoutUnits(block: FlowBlock, ranges: readonly (readonly [number, number])[]): FlowBlock {
  const { node, at } = block;
  let content = Fragment.empty;
  let gone = 0;
  let shown = 0;
  const skips: Uneven[] = [];
  const cuts = ranges.map(
    ([from, to]) => [shownOffset(block, from), shownOffset(block, to), to - from] as const,
  );
  for (const [from, to, length] of cuts) {
    content = content.append(node.content.cut(shown, from));
    skips.push({ shown: from - gone, shows: 0, length });
    gone += to - from;
    shown = to;
  }
  content = content.append(node.content.cut(shown));
  const wide = at.uneven.flatMap((one): Uneven[] => {
    if (cuts.some(([from, to]) => one.shown >= from && one.shown < to)) return [];
    const before = cuts.reduce((sum, [from, to]) => (to <= one.shown ? sum + to - from : sum), 0);
    return [{ ...one, shown: one.shown - before }];
  });
  const uneven = [...skips, ...wide].toSorted((a, b) => a.shown - b.shown || a.shows - b.shows);
  return { ...block, node: node.copy(content), at: { ...at, uneven } };
}
