import { cleanText } from '@sheaf/schema';
import { parseHtml } from '@sheaf/schema/parse-html';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import type { Node, Schema } from '@tiptap/pm/model';
import { IMPORTED } from './imports.ts';

/** The largest file that is imported, bytes: reading it keeps the page from answering. */
export const IMPORT_BYTES = 4 * 1024 * 1024;
/** An HTML file says within so many bytes how it is encoded (HTML, 13.2.3.2). */
const PRESCAN_BYTES = 1024;

/** What a file holds, as a document; null where it holds no text, or is none of {@link IMPORTED}. */
export function readImported(schema: Schema, name: string, bytes: Uint8Array): Node | null {
  const ending = IMPORTED.find((one) => name.toLowerCase().endsWith(one));
  if (ending === undefined) return null;
  const isHtml = ending === '.html' || ending === '.htm';
  const text = decode(bytes, isHtml);
  // A byte of nought is in every file that is something else, and in no text.
  if (text === null || text.includes('\0')) return null;
  if (isHtml) return parseHtml(schema, text);
  return readMarkdown(schema, cleanText(text).replaceAll('\u2028', '\n'));
}

/** Bytes as text, by their mark or by what an HTML file says of itself, else as UTF-8; null if they are none. */
function decode(bytes: Uint8Array, isHtml: boolean): string | null {
  try {
    return new TextDecoder(encodingOf(bytes, isHtml), { fatal: true }).decode(bytes);
  } catch {
    // An encoding that nobody knows, or bytes that are not of it.
    return null;
  }
}

function encodingOf(bytes: Uint8Array, isHtml: boolean): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (!isHtml || (bytes[0] === 0xef && bytes[1] === 0xbb)) return 'utf-8';
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, PRESCAN_BYTES));
  const told = /<meta\s[^>]*charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1] ?? 'utf-8';
  // What could be read up to there is not of two bytes a letter, whatever it says.
  return /^utf-?16/i.test(told) ? 'utf-8' : told;
}
