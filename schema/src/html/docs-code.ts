import { madeElement } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

/** The signs between which Google Docs keeps a block of code: private ones, which no text has. */
const BEGIN = '\uEC03';
const END = '\uEC02';

/** What Google Docs wrote, with its blocks of code as such: it writes them as paragraphs between two signs. */
export function withDocsCode(nodes: readonly HtmlNode[]): readonly HtmlNode[] {
  const found: HtmlNode[] = [];
  let open: { nodes: HtmlNode[]; lines: string[] } | null = null;
  for (const node of nodes) {
    const line = node.type === 'element' && node.name === 'p' ? linesOf(node) : null;
    if (line?.trimStart().startsWith(BEGIN) === true) {
      found.push(...(open?.nodes ?? []));
      open = { nodes: [], lines: [] };
    }
    if (!open) {
      found.push(node);
      continue;
    }
    open.nodes.push(node);
    if (line !== null) open.lines.push(line);
    if (line?.includes(END) !== true) continue;
    const text = open.lines
      .join('\n')
      .replaceAll(/[\uEC02\uEC03]/g, '')
      .replaceAll('\u00a0', ' ');
    found.push(madeElement('pre', {}, [{ type: 'text', text }]));
    open = null;
  }
  return [...found, ...(open?.nodes ?? [])];
}

function linesOf(paragraph: HtmlElement): string {
  let text = '';
  const waiting: HtmlNode[] = [paragraph];
  for (let next = waiting.pop(); next; next = waiting.pop())
    if (next.type === 'text') text += next.text;
    else if (next.name === 'br') text += '\n';
    else waiting.push(...next.children.toReversed());
  return text;
}
