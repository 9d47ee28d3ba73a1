import { textWithin, withoutBeginning } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

/** A box to tick as a sign; in an item of a list also as Markdown writes it, which Notion leaves in its items. */
const SIGN = /^\s*(?:(☐)|[☑☒])[\s\u00a0]*/;
const ITEM_SIGN = /^\s*(?:(☐|\[ \])|☑|☒|\[[xX]\])(?:[\s\u00a0]+|$)/;

/** A paragraph as we write it, which would say that it is a task. */
const isOurs = (node: HtmlNode) =>
  node.type === 'element' && node.name === 'p' && node.attribute('dir') === 'auto';

/**
 * Of a paragraph or an item of another program that begins with a box to tick: whether it is ticked, and what is behind the box;
 * null if it has none.
 */
export function boxOf(element: HtmlElement): { checked: boolean; children: readonly HtmlNode[] } | null {
  if (isOurs(element) || element.children.some(isOurs)) return null;
  const sign = element.name === 'li' ? ITEM_SIGN : SIGN;
  // A sign and blanks around it are no longer.
  const [found, open] = sign.exec(textWithin(element, 40)) ?? [];
  if (found === undefined) return null;
  return { checked: open === undefined, children: withoutBeginning(element.children, sign) };
}
