import { madeElement } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

/** What holds a line of text. */
const LINE = /^(?:p|h[1-6]|li|td|th|summary)$/;

/**
 * What Notion puts on a clipboard, as HTML means it: a break of a line in the source is one, and lists that go on in each other's
 * numbers are one list.
 */
export function notionPage(nodes: readonly HtmlNode[], inLine = false): HtmlNode[] {
  const found: HtmlNode[] = [];
  for (const node of nodes) {
    if (node.type === 'text') found.push(...(inLine ? linesOf(node.text) : [node]));
    else if (node.name === 'pre') found.push(node);
    else {
      const at = found.findLastIndex((one) => one.type === 'element' || /\S/.test(one.text));
      const before = found[at];
      const page = pageOf(node, inLine || LINE.test(node.name));
      if (before && goesOn(before, node)) found[at] = joined(before, page);
      else found.push(page);
    }
  }
  return found;
}

function linesOf(text: string): HtmlNode[] {
  if (!/\S/.test(text)) return [{ type: 'text', text }];
  const lines = text.split('\n').map((line): HtmlNode => ({ type: 'text', text: line }));
  return lines.flatMap((line, index) => (index === 0 ? [line] : [madeElement('br', {}, []), line]));
}

function pageOf(element: HtmlElement, inLine: boolean): HtmlElement {
  const { name, attribute } = element;
  let children: readonly HtmlNode[] | null = null;
  return {
    type: 'element',
    name,
    attribute,
    get children() {
      return (children ??= notionPage(element.children, inLine));
    },
  };
}

function goesOn(before: HtmlNode, list: HtmlElement): before is HtmlElement {
  if (before.type === 'text' || before.name !== 'ol' || list.name !== 'ol') return false;
  const items = before.children.filter((node) => node.type === 'element').length;
  return Number(list.attribute('start')) === Number(before.attribute('start') ?? 1) + items;
}

function joined(before: HtmlElement, after: HtmlElement): HtmlElement {
  const { name, attribute } = before;
  return { type: 'element', name, attribute, children: [...before.children, ...after.children] };
}
