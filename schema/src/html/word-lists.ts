import { isNumbering } from '../frame.ts';
import { headingLevel, numberingOf } from './element-kinds.ts';
import { countsOf, following } from './list-signs.ts';
import type { Count } from './list-signs.ts';
import { marginOf, readStyle } from './styles.ts';
import { boxOf } from './task-boxes.ts';
import { madeElement, textWithin } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

/** Word's lists are no deeper. */
const DEEPEST_LEVEL = 9;
/** Word's own step between levels, and how far places may differ that look the same, pt. */
const STEP = 36;
const NEAR = 3;
/** What shows something, or begins a line, without having text. */
const SHOWN = /^(?:p|div|ul|ol|li|h[1-6]|img|br|hr|table|input|iframe|math|figure)$/;

/** A paragraph of a list, wherever it stands, which names its level. */
interface Item {
  readonly type: 'item';
  readonly level: number;
  /** What its sign may count; empty for bullets. */
  readonly counts: readonly Count[];
  /** Of a task, whether it is done. */
  readonly checked: boolean | null;
  /** How far its text stands in, pt. */
  readonly margin: number;
  readonly content: readonly HtmlNode[];
}

/** A paragraph that goes on in an item. */
interface More {
  readonly type: 'more';
  readonly margin: number;
  readonly element: HtmlElement;
}

/** An item with what stands in it. */
interface Holder {
  readonly item: Item;
  readonly content: (HtmlNode | Holder)[];
}

/**
 * The lists that programs write item by item, as lists of HTML: Word's paragraphs with `mso-list` and a sign as text before
 * them, Outlook's items which have a level beside their list, those of Word for the web, each a list of its own, and paragraphs
 * that begin with a box to tick. Paragraphs between that stand in as far as an item's text belong to it. What is else between
 * stays as it is, and ends the list.
 */
export function withWordLists(nodes: readonly HtmlNode[]): readonly HtmlNode[] {
  if (!nodes.some((node) => itemsOf(node))) return nodes;
  const found: HtmlNode[] = [];
  let run: (Item | More)[] = [];
  const flush = () => {
    if (run.length > 0) found.push(...listsOf(held(run)));
    run = [];
  };
  for (const node of nodes) {
    const items = itemsOf(node);
    if (items) run.push(...items);
    else if (run.length === 0) found.push(node);
    else if (!isNothing(node)) {
      const more = moreOf(node, run);
      if (more) run.push(more);
      else {
        flush();
        found.push(node);
      }
    }
  }
  flush();
  return found;
}

/** Whether an element holds the sign of an item, which the list's own stands for. */
export function isSign(element: HtmlElement): boolean {
  return readStyle(element.attribute('style')).get('mso-list') === 'ignore';
}

/** The items that an element is, or holds and nothing else; null if it is none of these. */
function itemsOf(node: HtmlNode): Item[] | null {
  if (node.type === 'text') return null;
  if (isList(node)) return itemsOfList(node);
  const { name } = node;
  if (name === 'div' && /(?:^|\s)ListContainerWrapper(?:\s|$)/.test(node.attribute('class') ?? ''))
    return all(node.children, (child) =>
      child.type === 'element' && isList(child) ? itemsOfList(child) : null,
    );
  // A numbered heading is a heading.
  if (name === 'li' || headingLevel(node) !== null) return null;
  const level = levelOf(node);
  if (level !== null) {
    const sign = signOf(node);
    const content = [withoutLevel(node)];
    const checked = sign === '☐' ? false : /^[☑☒]$/.test(sign) ? true : null;
    return [{ type: 'item', level, counts: countsOf(sign), checked, margin: placeOf(node, level), content }];
  }
  const box = name === 'p' ? boxOf(node) : null;
  if (!box) return null;
  const content = [{ ...withoutLevel(node), children: box.children }];
  return [{ type: 'item', level: 1, counts: [], checked: box.checked, margin: placeOf(node, 0), content }];
}

const isList = ({ name }: HtmlElement) => name === 'ul' || name === 'ol';

/** The items of a list of which each names its level. */
function itemsOfList(list: HtmlElement, depth = 1): Item[] | null {
  if (depth > DEEPEST_LEVEL) return null;
  const told = list.attribute('type') ?? numberingOf(list);
  const type = isNumbering(told) && told !== '1' ? told : null;
  let number = Number(list.attribute('start') ?? 1) - 1;
  return all(list.children, (node) => {
    if (node.type === 'text') return null;
    if (node.name !== 'li') return isList(node) ? itemsOfList(node, depth + 1) : null;
    const level = levelOf(node);
    if (level === null) return null;
    number += 1;
    const counts: Count[] = list.name === 'ol' ? [{ type, number }] : [];
    const margin = STEP * level;
    return [{ type: 'item', level, counts, checked: null, margin, content: node.children }];
  });
}

/** What `read` finds in each node; null if it finds nothing in one of them that shows something. */
function all(nodes: readonly HtmlNode[], read: (node: HtmlNode) => Item[] | null): Item[] | null {
  const found: Item[] = [];
  for (const node of nodes) {
    const items = read(node);
    if (!items && !isNothing(node)) return null;
    found.push(...(items ?? []));
  }
  return found.length > 0 ? found : null;
}

function levelOf(element: HtmlElement): number | null {
  const list = readStyle(element.attribute('style')).get('mso-list');
  const level = Number(/\blevel(\d)\b/.exec(list ?? '')?.[1] ?? element.attribute('data-aria-level') ?? 0);
  return Number.isInteger(level) && level >= 1 && level <= DEEPEST_LEVEL ? level : null;
}

/** How far a paragraph of a list stands in; where only its class says it, by its level. */
function placeOf(element: HtmlElement, level: number): number {
  const style = readStyle(element.attribute('style'));
  const told = style.has('margin-left') || style.has('margin-right') || style.has('margin-inline-start');
  return told ? marginOf(style, isRightToLeft(element)) : STEP * level;
}

const isRightToLeft = (element: HtmlElement) => element.attribute('dir')?.toLowerCase() === 'rtl';
const isListed = (element: HtmlElement) =>
  /^MsoList(?:Paragraph|Continue)/.test(element.attribute('class') ?? '');

/** A paragraph that goes on in the run before it: it stands in as far as an item of that. */
function moreOf(node: HtmlNode, run: readonly (Item | More)[]): More | null {
  if (node.type === 'text' || node.name !== 'p' || headingLevel(node) !== null) return null;
  const listed = isListed(node);
  const margin = placeOf(node, listed ? 1 : 0);
  if (margin <= 0) return null;
  const fits = run.some((one) => Math.abs(one.margin - margin) <= NEAR);
  return fits || listed ? { type: 'more', margin, element: node } : null;
}

/** Nothing that a page would show. */
function isNothing(node: HtmlNode): boolean {
  const waiting: HtmlNode[] = [node];
  for (let next = waiting.pop(); next; next = waiting.pop())
    if (next.type === 'text') {
      if (/\S/.test(next.text)) return false;
    } else if (SHOWN.test(next.name)) return false;
    else waiting.push(...next.children);
  return true;
}

/** The paragraph of an item, which is one by where it stands now. */
function withoutLevel(element: HtmlElement): HtmlElement {
  const { name, children } = element;
  const attribute = (wanted: string) => {
    const told = element.attribute(wanted);
    return wanted === 'style' ? (told?.replace(/(^|;)\s*mso-list\s*:[^;]*/gi, '$1') ?? null) : told;
  };
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

/** The items of a run in each other: each in the last one before it that is of a lower level. */
function held(run: readonly (Item | More)[]): Holder[] {
  const top: Holder[] = [];
  const open: Holder[] = [];
  for (const one of run) {
    if (one.type === 'more') {
      const near = open.findLastIndex(({ item }) => item.margin <= one.margin + NEAR);
      open.splice(Math.max(near, 0) + 1);
      open.at(-1)?.content.push(one.element);
      continue;
    }
    while ((open.at(-1)?.item.level ?? 0) >= one.level) open.pop();
    const holder: Holder = { item: one, content: [...one.content] };
    (open.at(-1)?.content ?? top).push(holder);
    open.push(holder);
  }
  return top;
}

const isHolder = (one: HtmlNode | Holder): one is Holder => 'item' in one;

/** A list as it is made. */
interface OpenList {
  readonly name: 'ol' | 'ul';
  readonly start: Count | null;
  readonly items: HtmlNode[];
  last: Count | null;
}

/** Items as lists of HTML, a new one where the kind changes or the numbers do not go on. */
function listsOf(content: readonly (HtmlNode | Holder)[]): HtmlNode[] {
  const found: (HtmlNode | OpenList)[] = [];
  for (const one of content) {
    if (!isHolder(one)) {
      found.push(one);
      continue;
    }
    const { counts, checked } = one.item;
    const name = counts.length > 0 ? 'ol' : 'ul';
    const before = found.at(-1);
    let list = before && 'items' in before && before.name === name ? before : null;
    const count = (list?.last && following(list.last, counts)) ?? counts[0] ?? null;
    if (!list || (count && list.last && following(list.last, [count]) === null))
      found.push((list = { name, start: count, items: [], last: null }));
    list.last = count;
    const task = checked === null ? {} : { role: 'checkbox', 'aria-checked': String(checked) };
    list.items.push(madeElement('li', task, listsOf(one.content)));
  }
  return found.map((one) => ('items' in one ? madeElement(one.name, countingOf(one.start), one.items) : one));
}

function countingOf(start: Count | null): Readonly<Record<string, string>> {
  if (!start) return {};
  return {
    ...(start.type && { type: start.type }),
    ...(start.number !== 1 && { start: String(start.number) }),
  };
}
