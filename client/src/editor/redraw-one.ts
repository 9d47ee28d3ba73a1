import type { Node } from '@tiptap/pm/model';
import type { Decoration, DecorationSource, EditorView } from '@tiptap/pm/view';

/** A set of decorations, as ProseMirror keeps it: those of the node itself, and from, to and the set of each child that has some. */
interface Decorations {
  readonly local: readonly Decoration[];
  readonly children: readonly unknown[];
}

/** What draws a node; of prosemirror-view's own, which its documentation does not tell of. */
interface Drawn {
  /** What else may be drawn among blocks, as a widget, has none. */
  node: Node | undefined;
  readonly dom: unknown;
  readonly children: readonly Drawn[];
  readonly innerDeco: DecorationSource;
  dirty: number;
  update: (node: Node, outer: readonly Decoration[], inner: DecorationSource, view: EditorView) => boolean;
  updateChildren: (view: EditorView, pos: number) => void;
}

/** {@link Drawn.dirty}: something in a child was changed by the browser; and the children themselves. */
const [CHILD, CONTENT] = [1, 2];
const NONE: readonly Decoration[] = [];

/** What draws documents in which single blocks are drawn anew. */
const quick = new WeakSet<object>();

/**
 * Has ProseMirror draw anew the one block that changed, where that is all: it looks at each block and at what it drew for it, and keeps
 * a list of both, for each letter. Anything else, and whatever is not as this knows it, is ProseMirror's as before.
 */
export function redrawOne(view: EditorView): void {
  const drawn = Reflect.get(view, 'docView') as Drawn | null | undefined;
  if (typeof drawn?.updateChildren !== 'function' || quick.has(drawn)) return;
  quick.add(drawn);
  const theirs = Object.getPrototypeOf(drawn) as Drawn;
  let before = drawn.innerDeco;
  drawn.updateChildren = (present, pos) => {
    if (!isDrawn(drawn, present, before)) {
      theirs.updateChildren.call(drawn, present, pos);
      know(drawn);
    }
    before = drawn.innerDeco;
  };
}

/** What draws a block holds the one that it was made for, also where the document has an equal one by now: as the same they need not be compared. */
function know({ node: doc, children }: Drawn): void {
  if (!doc || children.length !== doc.childCount) return;
  for (const [index, child] of children.entries()) {
    const now = doc.child(index);
    if (child.node !== now && child.node?.eq(now)) child.node = now;
  }
}

/** Draws the only block that is another one than was drawn; false if there are several, or none. */
function isDrawn(drawn: Drawn, view: EditorView, before: DecorationSource): boolean {
  const { node: doc, children, innerDeco } = drawn;
  if (!doc || view.composing || drawn.dirty > CHILD || children.length !== doc.childCount) return false;
  let [found, offset] = [-1, 0];
  for (let index = 0; index < children.length; index += 1) {
    const child = children[index];
    if (child?.node === doc.child(index) && child.dirty === 0) continue;
    if (found >= 0) return false;
    found = index;
  }
  const block = children[found];
  if (!block?.node) return false;
  for (let index = 0; index < found; index += 1) offset += doc.child(index).nodeSize;
  const now = doc.child(found);
  if (!areSame(before, innerDeco, { offset, by: now.nodeSize - block.node.nodeSize })) return false;
  const { dom } = block;
  if (!block.update(now, NONE, innerDeco.forChild(offset, now), view)) return false;
  if (block.dom === dom) return true;
  drawn.dirty = CONTENT;
  return false;
}

/** Whether decorations are the same but for those of the child at `offset`, behind which all has gone on `by` positions. */
function areSame(
  before: DecorationSource,
  now: DecorationSource,
  change: { readonly offset: number; readonly by: number },
): boolean {
  const [was, are] = [setsOf(before), setsOf(now)];
  return (
    was !== null && was.length === are?.length && was.every((set, index) => isSame(set, are[index], change))
  );
}

function isSame(
  was: Decorations,
  is: Decorations | undefined,
  { offset, by }: { readonly offset: number; readonly by: number },
): boolean {
  if (!is || was.local.length > 0 || is.local.length > 0) return false;
  let [at, now] = [0, 0];
  for (;;) {
    if (was.children[at] === offset) at += 3;
    if (is.children[now] === offset) now += 3;
    if (at >= was.children.length || now >= is.children.length) break;
    const from = Number(was.children[at]);
    if ((from > offset ? from + by : from) !== is.children[now]) return false;
    if (was.children[at + 2] !== is.children[now + 2]) return false;
    [at, now] = [at + 3, now + 3];
  }
  return at >= was.children.length && now >= is.children.length;
}

/** The sets of decorations of a document, one of each plugin that has some; null if they are not as this knows them. */
function setsOf(decorations: DecorationSource): readonly Decorations[] | null {
  const sets: readonly unknown[] = (Reflect.get(decorations, 'members') as unknown[] | undefined) ?? [
    decorations,
  ];
  return sets.every(isSet) ? sets : null;
}

function isSet(set: unknown): set is Decorations {
  return (
    typeof set === 'object' &&
    set !== null &&
    Array.isArray(Reflect.get(set, 'local')) &&
    Array.isArray(Reflect.get(set, 'children'))
  );
}
