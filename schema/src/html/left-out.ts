import { readStyle } from './styles.ts';
import type { HtmlElement } from './tree.ts';

/**
 * Whether an element holds what other programs keep beside a page's text: comments of Word, and the mark that Word for the web
 * puts at the end of each paragraph.
 */
export function isLeftOut(element: HtmlElement): boolean {
  if (hasClass(element, /(?:^|\s)(?:msocomanchor|MsoCommentReference|EOP)(?:\s|$)/)) return true;
  const style = element.attribute('style');
  if (style === null || !style.includes('mso-')) return false;
  const read = readStyle(style);
  return read.get('mso-element') === 'comment-list' || read.get('mso-special-character') === 'comment';
}

/** Whether an element is a sign by which a page leads to its parts: beside headings, and from a note to where it stands. */
export function isWayThrough(element: HtmlElement): boolean {
  return hasClass(
    element,
    /(?:^|\s)(?:headerlink|hash-link|anchor-link|mw-editsection|mw-cite-backlink)(?:\s|$)/,
  );
}

function hasClass(element: HtmlElement, pattern: RegExp): boolean {
  const told = element.attribute('class');
  return told !== null && pattern.test(told);
}
