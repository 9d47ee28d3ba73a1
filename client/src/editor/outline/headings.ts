import { blocksOf } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';

/** A heading of a document. */
export interface Heading {
  /** 1 to 3. */
  readonly level: number;
  readonly text: string;
  /** The position before it. */
  readonly pos: number;
}

/** The headings of a document that have words, in order; the title is the first where it is one. */
export function headingsOf(doc: Node): Heading[] {
  const found: Heading[] = [];
  for (const { node, pos } of blocksOf(doc)) {
    if (node.type.name !== 'heading') continue;
    const text = node.textContent.trim();
    if (text !== '') found.push({ level: Number(node.attrs['level']), text, pos });
  }
  return found;
}
