import { BLOCK_END, CELL_END, TABLE_END } from '@sheaf/schema';
import * as Y from 'yjs';

/** Deeper content is left out, so that no document can exhaust the stack. */
const DEEPEST = 100;

/** Signs of structure that are no words. */
const CELL_OR_TABLE_END = new RegExp(`[${CELL_END}${TABLE_END}]`, 'g');

/** What holds items: any Yjs type. */
export interface Holder {
  readonly _start: Y.Item | null;
}

/** The words of `type`, a line for each block, whatever its structure: the way out when the editor fails. */
export function plainText(type: Holder): string {
  return wordsOf(type, Infinity);
}

/** The first words of `type`, `most` UTF-16 units of them. */
export function wordsOf(type: Holder, most: number): string {
  const lines: string[] = [];
  collect(type, { lines, most, length: 0 }, 0);
  return lines.join('\n').slice(0, most);
}

interface Collected {
  readonly lines: string[];
  readonly most: number;
  length: number;
}

function collect(type: Holder, into: Collected, depth: number): void {
  if (depth > DEEPEST) return;
  let line = '';
  let block = false;
  const push = () => {
    if (block || line !== '') into.lines.push(line);
    into.length += line.length;
    line = '';
    block = false;
  };
  for (let item = type._start; item !== null && into.length < into.most; item = item.right) {
    if (item.deleted) continue;
    if (item.content instanceof Y.ContentString) {
      const parts = item.content.str.replace(CELL_OR_TABLE_END, '').split(BLOCK_END);
      parts.forEach((part, index) => {
        line += part;
        if (index < parts.length - 1) push();
      });
    } else if (item.content instanceof Y.ContentType) {
      push();
      const inner: Holder = item.content.type;
      block = inner instanceof Y.XmlElement && inner.nodeName === 'block' && inner._start === null;
      collect(inner, into, depth + 1);
    }
  }
  push();
}
