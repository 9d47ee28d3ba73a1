import type { Attrs } from '@tiptap/pm/model';
import { isCalloutKind, readIcon } from '../frame.ts';
import { alertOf } from '../markdown-alerts.ts';
import { entryOf } from '../names.ts';
import { HEADINGS, languageNamed } from './context.ts';
import { keepsBlanks, readStyle } from './styles.ts';
import { isBlank, textWithin, withoutBeginning } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

/** What holds the blocks within an element. */
interface ElementHolder {
  readonly type: string;
  readonly attrs: Attrs | null;
  /** What stands in it, where that is not all that the element has. */
  readonly children?: readonly HtmlNode[];
}

/** The emoji with which a callout of Notion's begins. */
const FIRST_SIGN = /^\s*([^\s\u00a0]{1,32})[\s\u00a0]+/;

/** What holds the blocks within an element; null if it holds none by itself. */
export function holderOf(element: HtmlElement): ElementHolder | null {
  const { name, children } = element;
  if (name === 'li') return { type: 'item', attrs: null };
  if (name === 'blockquote') return { type: 'blockquote', attrs: null };
  if (name === 'details') return { type: 'toggle', attrs: null };
  if (name === 'aside') {
    const icon = readIcon(FIRST_SIGN.exec(textWithin(element, 80))?.[1]);
    if (icon === null) return null;
    return {
      type: 'callout',
      attrs: { kind: 'note', icon },
      children: withoutBeginning(children, FIRST_SIGN),
    };
  }
  if (name !== 'div') return null;
  const [, alert] = /(?:^|\s)markdown-alert-(\w+)/.exec(element.attribute('class') ?? '') ?? [];
  const told = element.attribute('data-callout');
  const kind = told ?? (alert === undefined ? null : alertOf(`[!${alert.toUpperCase()}]`));
  if (!isCalloutKind(kind)) return null;
  const attrs = { kind, icon: readIcon(element.attribute('data-icon')) };
  return { type: 'callout', attrs, children: children.filter((node) => !isAlertTitle(node)) };
}

/** GitHub writes the kind of a callout above it as well. */
const isAlertTitle = (node: HtmlNode) =>
  node.type === 'element' && /(?:^|\s)markdown-alert-title(?:\s|$)/.test(node.attribute('class') ?? '');

/** The level of a heading here; null if an element is none. `docs`: Google Docs wrote it. */
export function headingLevel(element: HtmlElement, docs = false): number | null {
  const { name } = element;
  const known = entryOf(HEADINGS, name);
  if (known !== undefined) return known;
  const level = Number(element.attribute('aria-level') ?? 2);
  if (element.attribute('role') === 'heading') return Math.min(3, Math.max(1, Math.trunc(level) || 2));
  const styled = /^Mso(?:(Title)|(Subtitle)|Heading([1-9]))/.exec(element.attribute('class') ?? '');
  if (!styled) return docs && name === 'p' ? docsLevel(element) : null;
  return styled[1] ? 1 : styled[2] ? 2 : Math.min(3, Number(styled[3]));
}

/** How Google Docs shows titles and subtitles, which it writes as paragraphs; pt. */
const TITLE_SIZE = 26;
const SUBTITLE = { size: '15pt', color: '#666666' };

function docsLevel({ children }: HtmlElement): number | null {
  const words = children.filter((node) => !isBlank(node));
  const looks = words.map((node) => readStyle(node.type === 'element' ? node.attribute('style') : null));
  if (looks.length === 0) return null;
  const size = (look: ReadonlyMap<string, string>) => look.get('font-size') ?? '';
  if (
    looks.every((look) => /^\d+(?:\.\d+)?pt$/.test(size(look)) && Number.parseFloat(size(look)) >= TITLE_SIZE)
  )
    return 1;
  const isSubtitle = looks.every(
    (look) => size(look) === SUBTITLE.size && look.get('color') === SUBTITLE.color,
  );
  return isSubtitle ? 2 : null;
}

/** Of a list's item that is a task, whether it is done. */
export function checkOf(element: HtmlElement): boolean | null {
  const own = element.attribute('data-type') === 'taskItem' ? element.attribute('data-checked') : null;
  const told = own ?? (element.attribute('role') === 'checkbox' ? element.attribute('aria-checked') : null);
  return told === null ? null : told === 'true';
}

/** How a list counts where its styles say it. */
export function numberingOf(list: HtmlElement): string | null {
  const first = list.children.find((node) => node.type === 'element');
  const style = [list, first].flatMap((element) =>
    element?.type === 'element' ? [readStyle(element.attribute('style')).get('list-style-type') ?? ''] : [],
  );
  const ways: Readonly<Record<string, string>> = {
    'lower-alpha': 'a',
    'lower-latin': 'a',
    'upper-alpha': 'A',
    'upper-latin': 'A',
    'lower-roman': 'i',
    'upper-roman': 'I',
  };
  return style.map((way) => entryOf(ways, way)).find((way) => way !== undefined) ?? null;
}

/** Editors put code on the clipboard as a box that keeps blanks, in letters of one width. */
export function isCodeBox({ name }: HtmlElement, style: ReadonlyMap<string, string>): boolean {
  return (
    name === 'div' &&
    keepsBlanks(style.get('white-space')) === true &&
    /monospace|consolas|courier|menlo|monaco/.test(style.get('font-family') ?? '')
  );
}

/** The language that the code in an element names. */
export function languageOf(element: HtmlElement): string | null {
  const code = element.children.find((node) => node.type === 'element' && node.name === 'code');
  return code?.type === 'element' ? languageNamed(code) : null;
}
