import { ENDS } from './content.ts';

/** Text from elsewhere as a document may hold it: without U+0000, and every sign that ends something a line feed. */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').replace(/\r\n?/g, '\n').replace(ENDS, '\n');
}
