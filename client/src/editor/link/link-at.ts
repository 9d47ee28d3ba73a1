import { getMarkRange } from '@tiptap/core';
import type { EditorState } from '@tiptap/pm/state';
import type { Meant } from '../meant.ts';

/** What is meant when somebody changes a link: what is selected, in each cell of it, or all of the link with the caret in it. */
export function linkAt({ selection, schema }: EditorState): readonly Meant[] {
  const link = schema.marks['link'];
  const around = selection.empty && link ? getMarkRange(selection.$from, link) : undefined;
  return around ? [around] : selection.ranges.map(({ $from, $to }) => ({ from: $from.pos, to: $to.pos }));
}
