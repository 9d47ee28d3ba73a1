import { atomOf } from '@sheaf/schema';
import { Fragment, Slice } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import type { EditorView } from '@tiptap/pm/view';
import { writeCarried } from './carried-notes.ts';
import { footnotesOf } from './footnotes.ts';
import { newNoteId } from './note-id.ts';

/** What is copied without the notes that it refers to takes their words along, in its references. */
export function copied(slice: Slice, { state }: EditorView): Slice {
  const within = notesIn(slice.content);
  const { notes } = footnotesOf(state);
  const wordsOf = (id: string) => {
    let content = Fragment.empty;
    for (const one of within.has(id) ? [] : notes)
      if (one.id === id) content = content.append(state.doc.nodeAt(one.pos)?.content ?? Fragment.empty);
    return content.childCount > 0 ? writeCarried(content) : undefined;
  };
  return referring(slice, { wordsOf, idOf: (id) => id });
}

/**
 * What is pasted brings the words of its notes in its references, wherever the notes stood in it; a note without a reference
 * in it is a note of its own. A note that the document has and refers to gets another id, so that each has its own words; one
 * that lost its reference, which was cut, gets it back. What is only moved stays as it is.
 */
export function pasted(slice: Slice, { state, dragging }: Pick<EditorView, 'state' | 'dragging'>): Slice {
  if (dragging?.move === true) return slice;
  const { notes, references } = footnotesOf(state);
  const has = (all: readonly { readonly id: string }[], id: string) => all.some((one) => one.id === id);
  const words = notesIn(slice.content);
  const here = new Set<string>();
  const brought = new Set(words.keys());
  slice.content.descendants((node) => {
    const atom = atomOf(node);
    if (atom?.type !== 'footnote') return;
    here.add(atom.note);
    if (node.attrs['carries'] !== null) brought.add(atom.note);
  });
  const ids = new Map<string, string>();
  const idOf = (id: string) => {
    const taken = has(notes, id) && brought.has(id) && (words.has(id) || has(references, id));
    const own = ids.get(id) ?? (taken ? newNoteId(state) : id);
    ids.set(id, own);
    return own;
  };
  const left = withoutNotes(slice, (id) => (here.has(id) ? null : idOf(id)));
  return referring(left, { wordsOf: (id) => words.get(id), idOf });
}

/** The words of the notes that stand in a slice. */
function notesIn(content: Fragment): Map<string, string> {
  const found = new Map<string, string>();
  content.forEach((node) => {
    const id = String(node.attrs['id']);
    if (node.type.name === 'footnote' && !found.has(id)) found.set(id, writeCarried(node.content));
  });
  return found;
}

/** A slice whose references have these ids and carry these words, beside those that they carried. */
function referring(
  slice: Slice,
  { wordsOf, idOf }: { wordsOf: (id: string) => string | undefined; idOf: (id: string) => string },
): Slice {
  const each = (content: Fragment): Fragment => {
    const nodes: Node[] = [];
    content.forEach((node) => nodes.push(one(node)));
    return nodes.every((node, index) => node === content.child(index)) ? content : Fragment.from(nodes);
  };
  const one = (node: Node): Node => {
    const atom = atomOf(node);
    if (atom?.type !== 'footnote') return node.isLeaf ? node : node.copy(each(node.content));
    const carries: unknown = wordsOf(atom.note) ?? node.attrs['carries'];
    return node.type.create({ footnote: idOf(atom.note), carries }, null, node.marks);
  };
  return new Slice(each(slice.content), slice.openStart, slice.openEnd);
}

/** A slice without its notes, but for those for which there is an id; what is of one note alone is its words. */
function withoutNotes(slice: Slice, idOf: (id: string) => string | null): Slice {
  const { content, openStart, openEnd } = slice;
  const only = content.childCount === 1 ? content.firstChild : null;
  if (only?.type.name === 'footnote' && openStart > 0 && openEnd > 0)
    return new Slice(only.content, openStart - 1, openEnd - 1);
  const nodes: Node[] = [];
  content.forEach((node) => {
    if (node.type.name !== 'footnote') return nodes.push(node);
    const id = idOf(String(node.attrs['id']));
    return id === null ? 0 : nodes.push(node.type.create({ id }, node.content));
  });
  // The edges of a note are never open: what is written behind would be drawn into it.
  const start = content.firstChild?.type.name === 'footnote' ? 0 : openStart;
  const end = content.lastChild?.type.name === 'footnote' ? 0 : openEnd;
  return nodes.length === 0 ? Slice.empty : new Slice(Fragment.from(nodes), start, end);
}
