import { parseHtml } from '@sheaf/schema/parse-html';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import type { Node, Schema } from '@tiptap/pm/model';
import type { MediaFilesOptions } from '../media/media-files.ts';
import type { Readers } from './clean-paste.ts';
import { keepPictures } from './pictures.ts';

/* What reads a clipboard. It is loaded when something is pasted that is more than text. */

/** How spreadsheets begin what they copy: Excel, Google Sheets, LibreOffice Calc. */
const SHEET = /content=["']?Excel\.Sheet|<google-sheets-html-origin|content=["']LibreOffice/i;

/** What reads a clipboard, whose pictures are kept by now. */
export async function readersOf(media: MediaFilesOptions, html = '', rtf = ''): Promise<Readers> {
  const { pictures, done } = await keepPictures({ html, rtf }, media);
  return {
    parseHtml: (schema, page) => readPage(schema, page, pictures),
    readMarkdown,
    done,
  };
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
