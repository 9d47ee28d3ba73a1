import type { Attrs, Node, NodeType, ResolvedPos } from '@tiptap/pm/model';
import { liftListItem } from '@tiptap/pm/schema-list';
import { EditorState, TextSelection } from '@tiptap/pm/state';
import type { Command, Selection, Transaction } from '@tiptap/pm/state';
import { liftTarget } from '@tiptap/pm/transform';
import { endToggle } from '../container/end-toggle.ts';

/** What a list's item is called. */
const ITEMS: ReadonlySet<string> = new Set(['listItem', 'taskItem']);

/**
 * Takes what is selected out of what it stands in, and makes it text of no kind. Items within an item that becomes text are items
 * still, one level further out; a toggle of which the first paragraph does so is one no longer. Where it stands on the line, and what others suggest of it, stays.
 */
export const toText: Command = ({ doc, selection, tr }, dispatch) => {
  // From the end: what stands before stays where it is, and an item's inner ones are out before it goes.
  for (const { node, pos } of textsIn(doc, selection).toReversed()) {
    const place = () => tr.doc.resolve(tr.mapping.map(pos) + 1);
    const $place = place();
    const { defaultType } = $place.node(-1).contentMatchAt($place.index(-1));
    if (defaultType) tr.setNodeMarkup($place.before(), defaultType, keptBy(defaultType, node));
    while (lifted(tr, place()));
  }
  dispatch?.(tr);
  return true;
};

function textsIn(doc: Node, { ranges }: Selection): { readonly node: Node; readonly pos: number }[] {
  const found: { readonly node: Node; readonly pos: number }[] = [];
  for (const { $from, $to } of ranges)
    doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (node.isTextblock) found.push({ node, pos });
      return !node.isTextblock;
    });
  return found;
}

/** Takes the items that are selected out of their lists, and of nothing else. */
export const leaveLists: Command = ({ doc, selection, tr }, dispatch) => {
  for (const { pos } of textsIn(doc, selection).toReversed()) {
    const place = () => tr.doc.resolve(tr.mapping.map(pos) + 1);
    while (isItem(place()) && liftedItem(tr, place()));
  }
  dispatch?.(tr);
  return true;
};

/** Whether a text is what an item begins with. */
function isItem($place: ResolvedPos): boolean {
  return $place.depth > 1 && ITEMS.has($place.node(-1).type.name) && $place.index(-1) === 0;
}

/** Takes a text one level out of what it stands in; false if nothing is left of that, or it cannot. */
function lifted(tr: Transaction, $place: ResolvedPos): boolean {
  const range = $place.blockRange();
  if (!range) return false;
  if (isItem($place)) return liftedItem(tr, $place);
  if (range.parent.type.name === 'toggle' && range.startIndex === 0) {
    endToggle(tr, $place.before(-1));
    return true;
  }
  const depth = liftTarget(range);
  if (depth === null) return false;
  tr.lift(range, depth);
  return true;
}

/** An item that has others in it goes with them: they stand in one list with those that stood behind it. */
function liftedItem(tr: Transaction, $place: ResolvedPos): boolean {
  const state = EditorState.create({ doc: tr.doc, selection: TextSelection.create(tr.doc, $place.pos) });
  const before = tr.steps.length;
  const done = liftListItem($place.node(-1).type)(state, ({ steps }) => {
    for (const step of steps) tr.step(step);
  });
  const behind = tr.mapping.slice(before).map($place.end(-1));
  const { nodeBefore, nodeAfter } = tr.doc.resolve(behind);
  if (nodeBefore?.type === $place.node(-2).type && nodeBefore.type === nodeAfter?.type) tr.join(behind);
  return done;
}

/** The attributes of a node that another type has as well. */
export function keptBy({ spec }: NodeType, { attrs }: Node): Attrs {
  return Object.fromEntries(Object.entries(attrs).filter(([name]) => name in (spec.attrs ?? {})));
}
