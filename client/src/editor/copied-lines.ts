import type { Fragment, Node, ResolvedPos, Slice } from '@tiptap/pm/model';
import { writeTsv } from './table/tsv.ts';

/** What stands before an item, unless it is a number; as Markdown has it, which mails, terminals and people read. */
const BULLET = '- ';

/** Where content begins in the document: a position within its first node, and the depth of what it stands in. */
interface Begin {
  readonly $from: ResolvedPos;
  readonly depth: number;
}

/**
 * What is copied, as text: cells of a table as spreadsheets take them, a line for each item of a list behind its number or sign, an empty
 * one between blocks, days and names as they are read; a part of one block is its words. `$from`: where the slice begins, if that is text.
 */
export function copiedLines({ content, openStart, openEnd }: Slice, $from: ResolvedPos | null): string {
  let inner = content;
  let depth = 0;
  // What is wholly around it is not selected.
  for (; inner.childCount === 1 && depth < Math.min(openStart, openEnd); depth += 1) {
    const { firstChild } = inner;
    if (!firstChild || firstChild.isTextblock) break;
    inner = firstChild.content;
  }
  const begin = $from && $from.depth === openStart ? { $from, depth } : null;
  return writeTsv(inner, leafWords) || blocksIn(inner, begin).join('\n\n');
}

/** Each block as text; what holds items is one. */
function blocksIn(content: Fragment, begin: Begin | null = null): string[] {
  const [first] = content.content;
  if (first?.isInline) return [content.textBetween(0, content.size, '', leafWords)];
  // Some items of a list come without it.
  if (first && isItem(first)) {
    const list = begin ? begin.$from.node(begin.depth) : null;
    return [itemsIn(content, list?.type.name === 'orderedList' ? list : null, begin)];
  }
  return content.content.flatMap((node, index) => {
    const within = begin && index === 0 ? { ...begin, depth: begin.depth + 1 } : null;
    if (node.isTextblock) return [node.textBetween(0, node.content.size, '', leafWords)];
    if (node.isLeaf) return [leafWords(node)].filter((words) => words !== '');
    const { name } = node.type;
    if (name === 'table') return [writeTsv(node.content, leafWords) || blocksIn(node.content).join('\n')];
    return name === 'orderedList' ? [itemsIn(node.content, node, within)] : blocksIn(node.content, within);
  });
}

function isItem({ type }: Node): boolean {
  return type.name === 'listItem' || type.name === 'taskItem';
}

/** Items, those of a numbered list (`ordered`) with their numbers. */
function itemsIn(content: Fragment, ordered: Node | null, begin: Begin | null): string {
  const number = Number(ordered?.attrs['start'] ?? 1) + (begin?.$from.index(begin.depth) ?? 0);
  const sign = (index: number) => (ordered ? `${number + index}. ` : BULLET);
  return content.content
    .map((item, index) => {
      const within = begin && index === 0 ? { ...begin, depth: begin.depth + 1 } : null;
      return itemWords(item, sign(index), within);
    })
    .join('\n');
}

/** An item: its words behind the sign, and all else in it as far in as they are. */
function itemWords(item: Node, sign: string, begin: Begin | null): string {
  const { checked } = item.attrs;
  const box = typeof checked === 'boolean' ? `[${checked ? 'x' : ' '}] ` : '';
  const lines = blocksIn(item.content, begin).join('\n').split('\n');
  return sign + box + lines.join(`\n${' '.repeat(sign.length)}`);
}

function leafWords(leaf: Node): string {
  return leaf.type.name === 'hardBreak' ? '\n' : (leaf.type.spec.leafText?.(leaf) ?? '');
}
