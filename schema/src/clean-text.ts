import { BLOCK_END, CELL_END, TABLE_END } from './content.ts';

/** Text from elsewhere as a document may hold it: without U+0000, and every sign that ends something a line feed. */
export function cleanText(text: string): string {
  let clean = text.replaceAll('\0', '').replace(/\r\n?/g, '\n');
  for (const end of [BLOCK_END, CELL_END, TABLE_END]) clean = clean.replaceAll(end, '\n');
  return clean;
}
