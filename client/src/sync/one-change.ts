import * as Y from 'yjs';

/**
 * Makes one change of `doc` of all that `take` brings of what others wrote, as if it had come in one update of `origin`: none of
 * this page's own, by which Yjs tells listeners whose caret moves, and whose change it is.
 */
export function oneChange(doc: Y.Doc, origin: object, take: () => void): void {
  Y.transact(doc, take, origin, false);
}
