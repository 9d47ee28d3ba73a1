import { cleanText } from '@sheaf/schema';
import { parseHtml } from '@sheaf/schema/parse-html';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import type { Node, Schema, Slice } from '@tiptap/pm/model';
import type { MediaFilesOptions } from '../media/media-files.ts';
import { FRAME } from './clean-paste.ts';
import type { Clipboard, Reading } from './clean-paste.ts';
import { openSlice } from './open-slice.ts';
import { keepPictures } from './pictures.ts';

/* Reads a clipboard. It is loaded when something is pasted that is more than text. */

/** How spreadsheets begin what they copy: Excel, Google Sheets, LibreOffice Calc. */
const SHEET = /content=["']?Excel\.Sheet|<google-sheets-html-origin|content=["']LibreOffice/i;

/** What a clipboard comes to, whose pictures are kept by now. */
export async function readClipboard(media: MediaFilesOptions, clipboard: Clipboard): Promise<Reading> {
  const { pictures, done } = await keepPictures(clipboard, media);
  const { html, text } = clipboard;
  const slice = (schema: Schema) =>
    html === '' ? readText(schema, text) : openSlice(readPage(schema, html, pictures));
  return { slice, done };
}

/** Text that is a site's frame, or Markdown; null where the frame is of no site that may be shown. */
function readText(schema: Schema, text: string): Slice | null {
  if (!FRAME.test(text)) return openSlice(readMarkdown(schema, cleanText(text).replaceAll('\u2028', '\n')));
  const doc = parseHtml(schema, text);
  return doc.firstChild?.type.name === 'embed' ? openSlice(doc) : null;
}

/** The document that a clipboard's HTML comes to. One cell of a spreadsheet is what it holds, and no table. */
export function readPage(schema: Schema, html: string, pictures?: Parameters<typeof parseHtml>[2]): Node {
  const doc = parseHtml(schema, html, pictures);
  const cell = SHEET.test(html) ? onlyCell(doc) : null;
  return cell ? doc.type.create(null, cell.content) : doc;
}

function onlyCell({ childCount, firstChild: table }: Node): Node | null {
  if (childCount !== 1 || table?.type.name !== 'table' || table.childCount !== 1) return null;
  return table.firstChild?.childCount === 1 ? table.firstChild.firstChild : null;
}
