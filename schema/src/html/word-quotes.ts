import { madeElement } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

/** The quotes that Word writes as paragraphs of a class, those that follow each other as one. */
export function withWordQuotes(nodes: readonly HtmlNode[]): readonly HtmlNode[] {
  if (!nodes.some(quotedOf)) return nodes;
  const found: HtmlNode[] = [];
  let open: HtmlNode[] | null = null;
  for (const node of nodes) {
    const quoted = quotedOf(node);
    if (quoted) {
      if (!open) found.push(madeElement('blockquote', {}, (open = [])));
      open.push(quoted);
    } else if (node.type === 'element' || /\S/.test(node.text)) {
      open = null;
      found.push(node);
    }
  }
  return found;
}

/** A paragraph of a quote, as it stands in one; null if a node is none. */
function quotedOf(node: HtmlNode): HtmlElement | null {
  if (node.type === 'text' || node.name !== 'p') return null;
  const { name, children } = node;
  if (!/^Mso(?:Intense)?Quote$/.test(node.attribute('class') ?? '')) return null;
  const attribute = (wanted: string) => (wanted === 'class' ? null : node.attribute(wanted));
  return { type: 'element', name, attribute, children };
}
