import * as Y from 'yjs';

/** The root type of a document's Yjs doc that holds its content, an XmlFragment. */
export const CONTENT_FIELD = 'default';

/** Titles are cut to this many characters. */
const TITLE_CHARACTERS = 200;

/** Gives an empty document its title line and a first paragraph. One that has content is left alone. */
export function writeInitialContent(doc: Y.Doc): void {
  const fragment = doc.getXmlFragment(CONTENT_FIELD);
  if (fragment.length > 0) return;
  const title = new Y.XmlElement('heading');
  // Yjs stores any JSON value; only its type says that attributes are strings.
  title.setAttribute('level', 1 as unknown as string);
  fragment.insert(0, [title, new Y.XmlElement('paragraph')]);
}

/** The text of a document's first line, its title; null if the document is none of the editor's. */
export function titleOf(doc: Y.Doc): string | null {
  if (!doc.share.has(CONTENT_FIELD)) return null;
  const first: unknown = doc.getXmlFragment(CONTENT_FIELD).get(0);
  if (!(first instanceof Y.XmlElement)) return '';
  let text = '';
  for (const part of first.toArray()) {
    if (part instanceof Y.XmlText)
      for (const { insert } of part.toDelta()) if (typeof insert === 'string') text += insert;
    if (text.length > TITLE_CHARACTERS) break;
  }
  return Array.from(text.trim()).slice(0, TITLE_CHARACTERS).join('');
}
