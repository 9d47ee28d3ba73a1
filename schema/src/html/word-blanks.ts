import type { Context } from './context.ts';
import { countsOf } from './list-signs.ts';
import { textWithin } from './tree.ts';
import type { HtmlElement } from './tree.ts';
import { isSign } from './word-lists.ts';

/** More of them are cut, as no line has more. */
const MOST_TABS = 32;
const MOST_BLANKS = 200;

/**
 * The text that an element of Word stands for, which shows tabs and blanks by others that a browser keeps; null if it is none of
 * these. The sign of an item is none, the list's own stands for it; a heading has its number.
 */
export function wordBlanksOf(
  element: HtmlElement,
  style: ReadonlyMap<string, string>,
  { heading }: Context,
): string | null {
  if (isSign(element)) {
    const sign = heading ? textWithin(element).trim() : '';
    return countsOf(sign).length > 0 ? `${sign} ` : '';
  }
  const tabs = /^(\d{1,3})\b/.exec(style.get('mso-tab-count') ?? '')?.[1];
  if (tabs !== undefined) return '\t'.repeat(Math.min(Number(tabs), MOST_TABS));
  if (style.get('mso-spacerun') !== 'yes') return null;
  const text = textWithin(element, MOST_BLANKS);
  return /^[\s\u00a0]*$/.test(text) ? ' '.repeat(Math.min(text.length, MOST_BLANKS)) : null;
}
