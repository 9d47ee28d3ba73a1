import { Fragment } from '@tiptap/pm/model';
import type { Schema } from '@tiptap/pm/model';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { footnotesOf } from './footnotes.ts';
import { placeOf } from './new-footnote.ts';

/** Gives references that were pasted with the words of their notes these notes; null if there are none. */
export function withCarried(state: EditorState): Transaction | null {
  const { numbers, references } = footnotesOf(state);
  const { tr, schema } = state;
  const had = new Set(numbers.noted);
  for (const { id, pos, carries } of references) {
    const node = carries === true ? tr.doc.nodeAt(pos) : null;
    if (!node) continue;
    tr.setNodeMarkup(pos, null, { ...node.attrs, carries: null }, node.marks);
    const content = had.has(id) ? null : readCarried(schema, String(node.attrs['carries']));
    const note = content && schema.nodes['footnote']?.create({ id }, content);
    if (note) tr.insert(placeOf(tr.doc, numbers, numbers.of.get(id) ?? 0), note);
    had.add(id);
  }
  return tr.docChanged ? tr : null;
}

/** What {@link readCarried} reads. */
export function writeCarried(content: Fragment): string {
  return JSON.stringify(content.toJSON());
}

/** The words of a note that a clipboard told of; null if they are none, whatever it tells. */
function readCarried(schema: Schema, carries: string): Fragment | null {
  try {
    const content = Fragment.fromJSON(schema, JSON.parse(carries));
    schema.nodes['footnote']?.create(null, content).check();
    return content;
  } catch {
    // Anybody may write anything into a clipboard: what is no note gives none.
    return null;
  }
}
