import { getMarkRange } from '@tiptap/core';
import type { EditorState } from '@tiptap/pm/state';
import type { Meant } from '../meant.ts';

/** What is meant when somebody changes a link: the selection, or all of the link with the caret in it. */
export function linkAt({ selection, schema }: EditorState): Meant {
  const link = schema.marks['link'];
  return (selection.empty && link && getMarkRange(selection.$from, link)) || selection;
}
