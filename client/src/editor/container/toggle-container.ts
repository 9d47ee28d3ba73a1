import { Fragment, NodeRange, Slice } from '@tiptap/pm/model';
import type { Node, NodeType, ResolvedPos } from '@tiptap/pm/model';
import type { Command, Transaction } from '@tiptap/pm/state';
import { findWrapping, liftTarget, ReplaceAroundStep } from '@tiptap/pm/transform';
import { endToggle } from './end-toggle.ts';

/** What blocks can be put into. */
export type Container = 'blockquote' | 'callout' | 'toggle';

type Change = (tr: Transaction) => unknown;

/** What has a paragraph first, which cannot be put into anything without it. */
const WITH_FIRST: ReadonlySet<string> = new Set(['listItem', 'taskItem', 'toggle']);

/**
 * Puts what is selected into a container, or takes it out of the innermost of that kind which it is in, or of several if it is in one
 * everywhere. An item is put into it as a whole, in a list of its own, and becomes a toggle itself. Every step keeps the words.
 */
export function toggleContainer(name: Container): Command {
  return ({ schema, selection: { $from, $to }, tr }, dispatch) => {
    const type = schema.nodes[name];
    if (!type) return false;
    const inside = $from.blockRange($to, (node) => node.type === type);
    const range = $from.blockRange($to);
    const out = (inside ? [inside] : rangesIn(type, $from, $to)).map(outOf);
    const changes = out.length > 0 || !range ? out : [into(type, range)];
    if (changes.length === 0 || changes.includes(null)) return false;
    if (!dispatch) return true;
    // From the end: what stands before stays where it is.
    for (const change of changes.toReversed()) change?.(tr);
    dispatch(tr.scrollIntoView());
    return true;
  };
}

/** All blocks between two places, by the containers of this kind that they stand in; none if one stands in no such container. */
function rangesIn(type: NodeType, { doc, pos: from }: ResolvedPos, { pos: to }: ResolvedPos): NodeRange[] {
  const found = new Map<number, NodeRange>();
  doc.nodesBetween(from, to, (node, pos) => {
    if (!node.isTextblock && !node.isLeaf) return true;
    const $start = doc.resolve(pos);
    let { depth } = $start;
    while (depth > 0 && $start.node(depth).type !== type) depth -= 1;
    const at = depth === 0 ? -1 : $start.before(depth);
    found.set(at, new NodeRange(found.get(at)?.$from ?? $start, doc.resolve(pos + node.nodeSize), depth));
    return false;
  });
  return found.has(-1) ? [] : [...found.values()];
}

/** Takes blocks out of the container that they stand in; of a toggle nothing is left. */
function outOf(range: NodeRange): Change | null {
  if (range.parent.type.name === 'toggle') return (tr) => endToggle(tr, range.$from.before(range.depth));
  const depth = liftTarget(range);
  return depth === null ? null : (tr) => tr.lift(range, depth);
}

/** Puts blocks into a new container; null where it cannot stand. */
function into(type: NodeType, range: NodeRange): Change | null {
  const { $from, $to, depth, parent, startIndex, endIndex } = range;
  const wrapping = findWrapping(range, type);
  if (wrapping) return (tr) => tr.wrap(range, wrapping);
  const isList = parent.type.spec.group === 'block list';
  if (!isList && !WITH_FIRST.has(parent.type.name)) return null;
  const around = new NodeRange($from, $to, depth - 1);
  if (!isList) return into(type, around);
  const list = $from.before(depth);
  if (type.name === 'toggle')
    return (tr) => {
      // From the end: what stands before stays where it is.
      for (let index = endIndex - 1; index >= startIndex; index -= 1)
        becomeToggle(tr, cutOut(tr, list, index, index + 1), type);
    };
  const outside = findWrapping(around, type);
  return (
    outside &&
    ((tr) => {
      const at = cutOut(tr, list, startIndex, endIndex);
      const $list = tr.doc.resolve(at);
      tr.wrap(new NodeRange($list, tr.doc.resolve(at + sizeAt(tr, at)), $list.depth), outside);
    })
  );
}

/** Cuts a list before and behind some of its items; gives where that of these begins. The numbers stay. */
function cutOut(tr: Transaction, at: number, from: number, to: number): number {
  const list = tr.doc.nodeAt(at);
  if (!list) return at;
  const place = (index: number) => tr.doc.resolve(at + 1).posAtIndex(index);
  for (const index of [to, from])
    if (index > 0 && index < list.childCount)
      tr.split(place(index), 1, [{ type: list.type, attrs: countedFrom(list, index) }]);
  return from === 0 ? at : place(from) + 1;
}

/** How a list counts from an item on. */
function countedFrom({ attrs }: Node, index: number): Record<string, unknown> {
  const start: unknown = attrs['start'];
  return typeof start === 'number' ? { ...attrs, start: start + index } : attrs;
}

/** Makes a toggle of a list of one item: both have a paragraph first, and other blocks behind it. */
function becomeToggle(tr: Transaction, at: number, type: NodeType): void {
  const end = at + sizeAt(tr, at);
  const around = new Slice(Fragment.from(type.create()), 0, 0);
  tr.step(new ReplaceAroundStep(at, end, at + 2, end - 2, around, 1, true));
}

function sizeAt(tr: Transaction, at: number): number {
  return tr.doc.nodeAt(at)?.nodeSize ?? 0;
}
