import type { Fragment, Node } from '@tiptap/pm/model';
import { writeTsv } from './table/tsv.ts';

/** What stands before an item, by the name of its list; as Markdown has it, which mails, terminals and people read. */
const BULLET = '- ';

/**
 * What is copied, as text: cells of a table as spreadsheets take them, a line for each item of a list behind its number or sign, an empty
 * one between blocks, days and names as they are read.
 */
export function copiedLines(content: Fragment): string {
  if (content.firstChild?.isInline) return content.textBetween(0, content.size, '', leafWords);
  return writeTsv(content, leafWords) || blocksIn(content).join('\n\n');
}

/** Each block as text; what holds items is one. */
function blocksIn(content: Fragment): string[] {
  const [first] = content.content;
  // Some items of a list that are copied come without it.
  if (first && isItem(first)) return [content.content.map((item) => itemWords(item, BULLET)).join('\n')];
  return content.content.flatMap((node) => {
    if (node.isTextblock) return [node.textBetween(0, node.content.size, '', leafWords)];
    if (node.isLeaf) return [leafWords(node)].filter((words) => words !== '');
    const { type, attrs } = node;
    if (type.name === 'table')
      return [writeTsv(node.content, leafWords) || blocksIn(node.content).join('\n')];
    if (type.name !== 'orderedList') return blocksIn(node.content);
    const start = Number(attrs['start'] ?? 1);
    return [node.children.map((item, index) => itemWords(item, `${start + index}. `)).join('\n')];
  });
}

function isItem({ type }: Node): boolean {
  return type.name === 'listItem' || type.name === 'taskItem';
}

/** An item: its words behind the sign, and all else in it as far in as they are. */
function itemWords(item: Node, sign: string): string {
  const { checked } = item.attrs;
  const box = typeof checked === 'boolean' ? `[${checked ? 'x' : ' '}] ` : '';
  const lines = blocksIn(item.content).join('\n').split('\n');
  return sign + box + lines.join(`\n${' '.repeat(sign.length)}`);
}

function leafWords(leaf: Node): string {
  return leaf.type.name === 'hardBreak' ? '\n' : (leaf.type.spec.leafText?.(leaf) ?? '');
}
