import { parseHtml as parsePage } from '@sheaf/schema/parse-html';
import type { Node, Schema } from '@tiptap/pm/model';

/* What reads a clipboard. It is loaded when something is pasted that is more than text. */
export { readMarkdown } from '@sheaf/schema/read-markdown';

/** How spreadsheets begin what they copy: Excel, Google Sheets, LibreOffice Calc. */
const SHEET = /content=["']?Excel\.Sheet|<google-sheets-html-origin|content=["']LibreOffice/i;

/** The document that a clipboard's HTML comes to. One cell of a spreadsheet is what it holds, and no table. */
export function parseHtml(schema: Schema, html: string): Node {
  const doc = parsePage(schema, html);
  const cell = SHEET.test(html) ? onlyCell(doc) : null;
  return cell ? doc.type.create(null, cell.content) : doc;
}

function onlyCell({ childCount, firstChild: table }: Node): Node | null {
  if (childCount !== 1 || table?.type.name !== 'table' || table.childCount !== 1) return null;
  return table.firstChild?.childCount === 1 ? table.firstChild.firstChild : null;
}
