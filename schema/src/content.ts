import * as Y from 'yjs';
import { atomWords, readAtom } from './atoms.ts';

/** The root type of a document's Yjs doc that holds its content: a Y.Text, the flow (SPEC FLOW-1). */
export const CONTENT_FIELD = 'content';

/** The element that begins a block of text and carries its attributes. */
export const BLOCK = 'block';
/** The element that is a divider, a block by itself. */
export const DIVIDER = 'divider';
/** Ends a block of text: U+2029, the paragraph separator. It never stands in a text. */
export const BLOCK_END = '\u2029';

/** The element that begins a table; behind it come its columns, its rows and its cells, in any order (SPEC FLOW-15). */
export const TABLE = 'table';
/** The elements by which a table has a column, or a row. */
export const COLUMN = 'column';
export const ROW = 'row';
/** The element that begins the blocks of a cell. */
export const CELL = 'cell';
/** Ends the blocks of a cell: U+001F, the unit separator. Like {@link BLOCK_END} it never stands in a text. */
export const CELL_END = '\u001f';
/** Ends a table: U+001D, the group separator. */
export const TABLE_END = '\u001d';
/** Each of what ends something, and is no character of a text. */
export const ENDS = new RegExp(`[${BLOCK_END}${CELL_END}${TABLE_END}]`, 'g');

/** What the attributes of a block may hold. */
export type AttributeValue = string | number | boolean;
/** An element in the flow. */
export type FlowElement = Y.XmlElement<{ [name: string]: AttributeValue }>;

/** Titles are cut to this many characters. */
const TITLE_CHARACTERS = 200;

/** Gives an empty document its title line and a first paragraph. One that has content is left alone. */
export function writeInitialContent(doc: Y.Doc): void {
  const flow = doc.getText(CONTENT_FIELD);
  if (flow.length > 0) return;
  const title: FlowElement = new Y.XmlElement(BLOCK);
  title.setAttribute('kind', 'heading');
  title.setAttribute('level', 1);
  flow.insertEmbed(0, title);
  flow.insert(1, BLOCK_END);
  flow.insertEmbed(2, new Y.XmlElement(BLOCK));
  flow.insert(3, BLOCK_END);
}

/** The text of a document's first block, its title; null if the document is none of the editor's. */
export function titleOf(doc: Y.Doc): string | null {
  if (!doc.share.has(CONTENT_FIELD)) return null;
  let text = '';
  let first = true;
  for (let item = doc.getText(CONTENT_FIELD)._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    // The block's own element comes first; another one ends it.
    if (item.content instanceof Y.ContentType && !first) break;
    if (item.content instanceof Y.ContentString) text += item.content.str;
    if (item.content instanceof Y.ContentEmbed) {
      const atom = readAtom(item.content.embed);
      if (atom) text += atomWords(atom);
    }
    if (item.countable) first = false;
    if (text.includes(BLOCK_END) || text.length > 2 * TITLE_CHARACTERS) break;
  }
  const [line = ''] = text.split(BLOCK_END);
  return Array.from(line.replaceAll('\n', ' ').trim()).slice(0, TITLE_CHARACTERS).join('');
}
