import { Slice } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import { EditorState, Selection } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { withCarried } from '../footnote/carried-notes.ts';
import { pasted } from '../footnote/carrying.ts';
import { footnotePlugin } from '../footnote/footnotes.ts';
import { sizeWords } from '../media/size-words.ts';
import { PASTED } from '../paste/line-behind.ts';
import type { ImportOptions } from './imports.ts';
import { IMPORT_BYTES, readImported } from './read-file.ts';

/** Puts what a file holds at an anchor, wherever that is when it has been read, and says what became of it. */
export async function importFile(
  view: EditorView,
  file: File,
  { words, locale, binding, onsay, anchor }: ImportOptions & { readonly anchor: unknown },
): Promise<void> {
  if (file.size > IMPORT_BYTES) return onsay(words.tooLarge(file.name, sizeWords(IMPORT_BYTES, locale)));
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (view.isDestroyed || !view.editable) return;
  const found = readImported(view.state.schema, file.name, bytes);
  if (found === null) return onsay(words.unreadable(file.name));
  view.dispatch(imported(view.state, found, binding()?.resolve(anchor) ?? view.state.selection.to));
  view.focus();
  onsay(words.done(file.name));
}

/** A document's blocks in the place of an empty document, else behind the block of the document at a position. */
function imported(state: EditorState, found: Node, at: number): Transaction {
  const { doc, tr } = state;
  if (isEmpty(doc)) {
    tr.replaceWith(0, doc.content.size, found.content);
    return tr.setSelection(Selection.atStart(tr.doc)).setMeta(PASTED, true).scrollIntoView();
  }
  // Notes come behind everything: they are written anew from what their references carry.
  const slice = pasted(new Slice(found.content, 0, 0), { state, dragging: null });
  const position = Math.min(behindBlock(doc, at), beforeNotes(doc));
  tr.insert(position, slice.content);
  tr.setSelection(Selection.near(tr.doc.resolve(position + slice.content.size), -1));
  const notes = withCarried(EditorState.create({ doc: tr.doc, plugins: [footnotePlugin(() => null)] }));
  for (const step of notes?.steps ?? []) tr.step(step);
  return tr.setMeta(PASTED, true).scrollIntoView();
}

/** Whether nobody has written anything: all is text, and there is none. */
function isEmpty({ content }: Node): boolean {
  return content.content.every((block) => block.isTextblock && block.content.size === 0);
}

function behindBlock(doc: Node, at: number): number {
  const $at = doc.resolve(Math.min(at, doc.content.size));
  return $at.depth === 0 ? $at.pos : $at.after(1);
}

/** The end of a document's text, where its footnotes begin. */
function beforeNotes({ content }: Node): number {
  let end = content.size;
  for (const block of content.content.toReversed()) {
    if (block.type.name !== 'footnote') break;
    end -= block.nodeSize;
  }
  return end;
}
