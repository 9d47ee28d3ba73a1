import { Slice } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';

/** What a document holds, open at both ends as far as it goes, so that its text joins the text around it. */
export function openSlice(doc: Node): Slice {
  const { openStart, openEnd } = Slice.maxOpen(doc.content, true);
  let start = 0;
  let end = 0;
  for (
    let at = doc.firstChild;
    at && start < openStart && at.type.spec.isolating !== true;
    at = at.firstChild
  )
    start += 1;
  for (let at = doc.lastChild; at && end < openEnd && at.type.spec.isolating !== true; at = at.lastChild)
    end += 1;
  return new Slice(doc.content, start, end);
}
