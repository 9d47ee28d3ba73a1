import type { ResolvedPos } from '@tiptap/pm/model';
import { NodeSelection, Selection, TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';

/** Backwards in the text, or onwards. */
type Way = -1 | 1;

/** A table beside a block, and the first place in it. */
interface Beside {
  readonly inside: Selection;
  readonly from: number;
  readonly to: number;
}

/**
 * Arrows that lead from outside to a table: with Shift they select it as a whole, without they go into it. Browsers lose the selection's
 * beginning in its cells, and go over it from behind. Returns what ends it.
 */
export function followPastTables(view: EditorView): () => void {
  const onkeydown = (event: KeyboardEvent) => {
    const { key, target, shiftKey, altKey, ctrlKey, metaKey, defaultPrevented } = event;
    if (defaultPrevented || target !== view.dom || !view.editable || view.composing) return;
    if (altKey || ctrlKey || metaKey || !(view.state.selection instanceof TextSelection)) return;
    const { $anchor, $head, empty } = view.state.selection;
    if (!shiftKey && (!empty || key === 'ArrowUp' || key === 'ArrowDown')) return;
    const way = wayOf(key, view, $head);
    if (way === null) return;
    const table = tableBeside($head, way);
    const box = table && view.nodeDOM(table.from);
    // A closed toggle may hide it.
    if (!table || !(box instanceof Element) || box.getClientRects().length === 0) return;
    const selection = shiftKey ? pastTable($anchor, way, table) : table.inside;
    if (!selection) return;
    event.preventDefault();
    view.dispatch(view.state.tr.setSelection(selection).scrollIntoView());
  };
  view.dom.addEventListener('keydown', onkeydown);
  return () => view.dom.removeEventListener('keydown', onkeydown);
}

/** Where a key leads out of the block with the selection's head; null where it stays in it, or is another key. */
function wayOf(key: string, view: EditorView, $head: ResolvedPos): Way | null {
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    // Only of a caret this is asked at its own place.
    const caret = view.state.apply(view.state.tr.setSelection(TextSelection.create($head.doc, $head.pos)));
    const [way, direction] = key === 'ArrowUp' ? ([-1, 'up'] as const) : ([1, 'down'] as const);
    return view.endOfTextblock(direction, caret) ? way : null;
  }
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return null;
  const block = view.nodeDOM($head.before());
  const leftward = block instanceof Element && getComputedStyle(block).direction === 'rtl';
  const way = (key === 'ArrowLeft') === leftward ? 1 : -1;
  return $head.parentOffset === (way < 0 ? 0 : $head.parent.content.size) ? way : null;
}

/** The first place beyond the block, and the table in which that is and the block is not. */
function tableBeside($head: ResolvedPos, way: Way): Beside | null {
  const beyond = $head.doc.resolve(way < 0 ? $head.before() : $head.after());
  const inside = Selection.findFrom(beyond, way);
  if (!inside || inside instanceof NodeSelection) return null;
  const $inside = inside.$head;
  for (let depth = $head.sharedDepth($inside.pos) + 1; depth <= $inside.depth; depth += 1)
    if ($inside.node(depth).type.name === 'table')
      return { inside, from: $inside.before(depth), to: $inside.after(depth) };
  return null;
}

/** The selection with a table beside its head in it; null if it began there, or nothing is beyond that. */
function pastTable({ pos: anchor, doc }: ResolvedPos, way: Way, table: Beside): TextSelection | null {
  if (anchor > table.from && anchor < table.to) return null;
  const beyond = Selection.findFrom(doc.resolve(way < 0 ? table.from : table.to), way, true);
  return beyond && TextSelection.create(doc, anchor, beyond.head);
}
