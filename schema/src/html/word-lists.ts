import { readStyle } from './styles.ts';
import { madeElement, textWithin } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

/** Word's lists are no deeper. */
const DEEPEST_LEVEL = 9;

interface Item {
  readonly level: number;
  /** The attributes of an ordered list that begins with it; null for bullets. */
  readonly ordered: Readonly<Record<string, string>> | null;
  readonly element: HtmlElement;
}

/**
 * The lists that Word writes as paragraphs with `mso-list`, each with its sign as text before it, as lists of HTML.
 * What is between stays as it is.
 */
export function withWordLists(nodes: readonly HtmlNode[]): readonly HtmlNode[] {
  if (!nodes.some((node) => itemOf(node))) return nodes;
  const found: HtmlNode[] = [];
  let items: Item[] = [];
  const flush = () => {
    if (items.length > 0) found.push(...listsOf(items, 1));
    items = [];
  };
  for (const node of nodes) {
    const item = itemOf(node);
    if (item) items.push(item);
    else if (node.type === 'element' || items.length === 0 || /\S/.test(node.text)) {
      flush();
      found.push(node);
    }
  }
  flush();
  return found;
}

function itemOf(node: HtmlNode): Item | null {
  if (node.type === 'text') return null;
  const list = readStyle(node.attribute('style')).get('mso-list');
  const level = Number(/\blevel(\d)\b/.exec(list ?? '')?.[1] ?? 0);
  if (level < 1 || level > DEEPEST_LEVEL) return null;
  return { level, ordered: countingOf(signOf(node)), element: withoutStyle(node) };
}

/** The paragraph of an item, which is one by where it stands now. */
function withoutStyle(element: HtmlElement): HtmlElement {
  const { name, children } = element;
  const attribute = (wanted: string) => (wanted === 'style' ? null : element.attribute(wanted));
  return { type: 'element', name, attribute, children };
}

/** The sign before the text of an item: it stands in an element that Word asks to ignore. */
function signOf(node: HtmlElement): string {
  const waiting: HtmlElement[] = [node];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (isSign(next)) return textWithin(next).trim();
    for (const child of next.children) if (child.type === 'element') waiting.push(child);
  }
  return '';
}

/** Whether an element holds the sign of an item, which the list's own stands for. */
export function isSign(element: HtmlElement): boolean {
  return readStyle(element.attribute('style')).get('mso-list') === 'ignore';
}

function countingOf(sign: string): Readonly<Record<string, string>> | null {
  const [, count] = /^\(?(\d{1,9}|[a-z]{1,4})[.)]/i.exec(sign) ?? [];
  if (count === undefined) return null;
  if (/^\d/.test(count)) return count === '1' ? {} : { start: String(Number(count)) };
  const roman = /^[ivx]{1,4}$/i.test(count);
  const type = roman ? 'i' : 'a';
  return { type: count === count.toUpperCase() ? type.toUpperCase() : type };
}

/** Lists of these items, of which those that are deeper than `level` stand in the one before them. */
function listsOf(items: readonly Item[], level: number): HtmlElement[] {
  const lists: { name: string; attributes: Readonly<Record<string, string>>; items: HtmlElement[] }[] = [];
  for (let at = 0; at < items.length;) {
    const item = items[at];
    if (!item) break;
    let end = at + 1;
    while ((items[end]?.level ?? 0) > level) end += 1;
    const own = item.level <= level;
    const deeper = listsOf(items.slice(own ? at + 1 : at, end), level + 1);
    const name = item.ordered && own ? 'ol' : 'ul';
    let last = lists.at(-1);
    if (!last || (last.name !== name && own))
      lists.push((last = { name, attributes: (own && item.ordered) || {}, items: [] }));
    last.items.push(madeElement('li', {}, own ? [item.element, ...deeper] : deeper));
    at = end;
  }
  return lists.map((list) => madeElement(list.name, list.attributes, list.items));
}
