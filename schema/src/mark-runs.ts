import type { Mark, Node } from '@tiptap/pm/model';

/** A run of inline nodes that stand within one mark, or a node by itself. */
export type MarkRun =
  | { readonly type: 'leaf'; readonly node: Node; readonly from: number }
  | {
      readonly type: 'mark';
      readonly mark: Mark;
      readonly from: number;
      readonly to: number;
      readonly runs: readonly MarkRun[];
    };

/** Code stands within other marks that are as wide: Markdown's own sign for it can hold none. */
const isCode = ({ type }: Mark) => type.name === 'code';

/**
 * The inline content of `block` as a tree of marks, each as wide as it can be without crossing another. `from` and
 * `to` count the block's children.
 */
export function markRuns(block: Node, isWritten: (mark: Mark) => boolean): MarkRun[] {
  const marks = block.children.map((node) => node.marks.filter(isWritten));
  const end = (mark: Mark, from: number, limit: number) => {
    let to = from;
    while (to < limit && marks[to]?.some((other) => other.eq(mark)) === true) to += 1;
    return to;
  };
  const runs = (start: number, limit: number, open: readonly Mark[]): MarkRun[] => {
    const found: MarkRun[] = [];
    for (let from = start; from < limit;) {
      const fresh = (marks[from] ?? []).filter((mark) => !open.includes(mark) && !mark.isInSet(open));
      const widest = fresh
        .map((mark) => ({ mark, to: end(mark, from, limit) }))
        .reduce<{ mark: Mark; to: number } | null>(
          (best, one) =>
            best && (best.to > one.to || (best.to === one.to && !isCode(best.mark))) ? best : one,
          null,
        );
      if (widest) {
        const { mark, to } = widest;
        found.push({ type: 'mark', mark, from, to, runs: runs(from, to, [...open, mark]) });
        from = to;
      } else {
        found.push({ type: 'leaf', node: block.child(from), from });
        from += 1;
      }
    }
    return found;
  };
  return runs(0, block.childCount, []);
}
