import { Fragment, Slice } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';

/** A stretch of the page and what comes in its place. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly slice: Slice;
}

/** Something to be done to the page: a stretch replaced, or a node that keeps its content and becomes another. */
type Replacement = Stretch | { readonly at: number; readonly like: Node };

/**
 * Turns the document of `tr` into `wanted` by the smallest replacements: of the text that differs in a block, else
 * of the blocks that differ. Nodes that are the same on both sides stay untouched, with their decorations.
 */
export function showDocument(tr: Transaction, wanted: Node): Transaction {
  const before = tr.doc;
  const found: Replacement[] = [];
  compare(before, wanted, 0, found);
  try {
    for (const one of found.toReversed())
      if ('like' in one) tr.setNodeMarkup(one.at, one.like.type, one.like.attrs, one.like.marks);
      else tr.replace(one.from, one.to, one.slice);
    if (tr.doc.eq(wanted)) return tr;
  } catch (error) {
    // Replaced one after another, children can make a parent invalid for a moment.
    if (!(error instanceof Error)) throw error;
  }
  return tr.replaceWith(0, tr.doc.content.size, wanted.content);
}

function compare(before: Node, after: Node, start: number, found: Replacement[]): void {
  const shorter = Math.min(before.childCount, after.childCount);
  let first = 0;
  let pos = start;
  for (; first < shorter && before.child(first) === after.child(first); first += 1)
    pos += before.child(first).nodeSize;
  let last = 0;
  const most = shorter - first;
  const fromEnd = (parent: Node) => parent.child(parent.childCount - 1 - last);
  while (last < most && fromEnd(before) === fromEnd(after)) last += 1;
  let [old, now] = [first, first];
  const gap = (oldEnd: number, nowEnd: number) => {
    // As many as before: most likely each is what became of the one in its place.
    while (oldEnd - old === nowEnd - now && old < oldEnd) {
      const [was, is] = [before.child(old), after.child(now)];
      pair(was, is, pos, found);
      pos += was.nodeSize;
      old += 1;
      now += 1;
    }
    if (old === oldEnd && now === nowEnd) return;
    let to = pos;
    for (; old < oldEnd; old += 1) to += before.child(old).nodeSize;
    const nodes: Node[] = [];
    for (; now < nowEnd; now += 1) nodes.push(after.child(now));
    found.push({ from: pos, to, slice: new Slice(Fragment.from(nodes), 0, 0) });
    pos = to;
  };
  for (const [oldIndex, nowIndex] of pairChildren(before, after, { first, last })) {
    gap(oldIndex, nowIndex);
    const was = before.child(old);
    pair(was, after.child(now), pos, found);
    pos += was.nodeSize;
    old += 1;
    now += 1;
  }
  gap(before.childCount - last, after.childCount - last);
}

/**
 * The children between the `first` and the `last` so many that are the same, have the same name or hold the same first
 * block, in both orders.
 */
function pairChildren(
  before: Node,
  after: Node,
  { first, last }: { readonly first: number; readonly last: number },
): [number, number][] {
  const pairs: [number, number][] = [];
  const places = new Map<unknown, number>();
  for (let index = after.childCount - last - 1; index >= first; index -= 1)
    places.set(whoIs(after.child(index)), index);
  let next = first;
  for (let index = first; index < before.childCount - last; index += 1) {
    const place = places.get(whoIs(before.child(index)));
    if (place === undefined || place < next) continue;
    pairs.push([index, place]);
    next = place + 1;
  }
  return pairs;
}

/** What tells that a node is what became of another: a row's or a cell's name, or else its first block. */
function whoIs(node: Node): unknown {
  const name: unknown = node.attrs['id'] ?? node.attrs['column'];
  if (typeof name === 'string') return name;
  let at = node;
  while (!at.isTextblock && at.firstChild) at = at.firstChild;
  return at;
}

function pair(before: Node, after: Node, pos: number, found: Replacement[]): void {
  if (before === after || before.eq(after)) return;
  const inside = (before.sameMarkup(after) || turns(before, after)) && !before.isLeaf;
  if (inside && !before.sameMarkup(after)) found.push({ at: pos, like: after });
  if (inside && before.isTextblock) found.push(textChange(before, after, pos + 1));
  else if (inside) compare(before, after, pos + 1, found);
  else {
    found.push({ from: pos, to: pos + before.nodeSize, slice: new Slice(Fragment.from(after), 0, 0) });
  }
}

/** Whether a node can become another without being replaced: who is in it stays there. */
function turns(before: Node, after: Node): boolean {
  const roles: unknown[] = [before, after].map(({ type }) => type.spec['tableRole']);
  const cells = roles.every((role) => role === 'cell' || role === 'header_cell');
  return before.type === after.type || cells;
}

/** The smallest replacement that gives a textblock, whose content begins at `start`, the content of another one. */
export function textChange(before: Node, after: Node, start: number): Stretch {
  const from = before.content.findDiffStart(after.content) ?? 0;
  const ends = before.content.findDiffEnd(after.content) ?? { a: from, b: from };
  // Both ends may claim the same characters, where some repeat.
  const overlap = Math.max(0, from - Math.min(ends.a, ends.b));
  return {
    from: start + from,
    to: start + ends.a + overlap,
    slice: after.slice(from, ends.b + overlap),
  };
}
