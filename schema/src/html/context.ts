import { formatOfTag } from '../mark-tags.ts';
import { entryOf } from '../names.ts';
import { readAlignment } from '../traits.ts';
import type { Alignment } from '../traits.ts';
import { nearestMarkColor, nearestTextColor } from './colors.ts';
import { isBold, keepsBlanks } from './styles.ts';
import type { HtmlElement } from './tree.ts';

/** The level that each heading has here. */
export const HEADINGS: Readonly<Record<string, number>> = { h1: 1, h2: 2, h3: 3, h4: 3, h5: 3, h6: 3 };
/** Elements that say by another name what one of ours says. */
const LIKE: Readonly<Record<string, string>> = {
  kbd: 'code',
  samp: 'code',
  tt: 'code',
  cite: 'em',
  dfn: 'em',
  var: 'em',
};

/** What holds for the text within an element. */
export interface Context {
  readonly formats: Readonly<Record<string, unknown>>;
  readonly exact: boolean;
  readonly align: Alignment | null;
  readonly rightToLeft: boolean;
  readonly heading: boolean;
  /** The language that a box around code names. */
  readonly language: string | null;
  /** How many steps text stands in by the elements around it. */
  readonly inset: number;
  /** Whether Google Docs wrote it. */
  readonly docs: boolean;
  /** Whether a task that is done strikes its words through. */
  readonly done: boolean;
  readonly depth: number;
}

/** What holds where nothing is said. */
export const OUTSIDE: Context = {
  formats: {},
  exact: false,
  align: null,
  rightToLeft: false,
  heading: false,
  language: null,
  inset: 0,
  docs: false,
  done: false,
  depth: 0,
};

/** What holds within an element, by its name, its attributes and its styles. */
export function within(
  element: HtmlElement,
  style: ReadonlyMap<string, string>,
  outer: Context,
  block: boolean,
): Context {
  const direction = element.attribute('dir')?.toLowerCase() ?? style.get('direction') ?? null;
  const rightToLeft = direction === 'rtl' || (outer.rightToLeft && direction === null);
  const docs = outer.docs || element.attribute('id')?.startsWith('docs-internal-guid') === true;
  return {
    formats: isLinkLook(element) ? outer.formats : formatsWithin(element, style, { ...outer, docs }, block),
    exact: keepsBlanks(style.get('white-space')) ?? outer.exact,
    align: block ? alignmentOf(element, style, { ...outer, rightToLeft }) : outer.align,
    rightToLeft,
    heading: outer.heading,
    language: languageNamed(element) ?? outer.language,
    inset: outer.inset + (element.name === 'dd' ? 1 : 0),
    docs,
    done: outer.done || (docs && element.name === 'li' && element.attribute('aria-checked') === 'true'),
    depth: outer.depth + 1,
  };
}

/** Whether an element around a link says how Word shows links. */
const isLinkLook = (element: HtmlElement) => element.attribute('class')?.startsWith('MsoHyperlink') === true;

/** Google Docs has no code in a line, but a look for it. */
const isDocsCode = (style: ReadonlyMap<string, string>) =>
  style.get('color') === '#188038' && style.get('font-family')?.includes('roboto mono') === true;

/** The language that an element names for the code in it. */
export function languageNamed(element: HtmlElement): string | null {
  const classes = element.attribute('class') ?? '';
  return /(?:^|\s)(?:language-|lang-|highlight-source-)([\w+#.-]{1,40})(?:\s|$)/.exec(classes)?.[1] ?? null;
}

function alignmentOf(
  element: HtmlElement,
  style: ReadonlyMap<string, string>,
  { align, rightToLeft }: Context,
): Alignment | null {
  const own = readAlignment(element.attribute('data-align'));
  if (own !== null) return own;
  const told = style.get('text-align') ?? element.attribute('align')?.toLowerCase();
  const start = rightToLeft ? 'right' : 'left';
  if (element.name === 'center' || told === 'center') return 'center';
  if (told === 'justify' || told === 'end') return told;
  if (told === 'left' || told === 'right') return told === start ? null : 'end';
  return told === 'start' ? null : align;
}

function formatsWithin(
  element: HtmlElement,
  style: ReadonlyMap<string, string>,
  outer: Context,
  block: boolean,
): Context['formats'] {
  const name = entryOf(LIKE, element.name) ?? element.name;
  const format = formatOfTag(name, element.attribute);
  if (!format && style.size === 0 && name !== 'font') return outer.formats;
  const formats: Record<string, unknown> = { ...outer.formats };
  if (format) formats[format[0]] = format[1];
  const set = (key: string, on: boolean | null) => {
    if (on === true) formats[key] = true;
    else if (on === false) delete formats[key];
  };
  if (!outer.heading && entryOf(HEADINGS, name) === undefined) set('bold', isBold(style.get('font-weight')));
  const slant = style.get('font-style');
  if (slant !== undefined) set('italic', /^(?:italic|oblique)/.test(slant));
  const line = style.get('text-decoration-line') ?? style.get('text-decoration');
  if (line !== undefined) {
    const linked = formats['link'] !== undefined;
    if (/underline/.test(line) && !linked) formats['underline'] = true;
    if (/line-through/.test(line) && !outer.done) formats['strike'] = true;
    if (line.startsWith('none') && format && /^(?:underline|strike)$/.test(format[0]))
      delete formats[format[0]];
  }
  if (outer.docs && isDocsCode(style)) formats['code'] = true;
  // Google Sheets shows so that a cell is a link.
  if (element.attribute('data-sheets-hyperlink') !== null) delete formats['underline'];
  const raised = block ? undefined : style.get('vertical-align');
  if (raised === 'sub' || raised === 'super') formats['script'] = raised;
  if (!block) Object.assign(formats, colorsOf(element, style, { heading: outer.heading, formats }));
  return formats;
}

/** Colours that a person chose: not those of a link, of a heading or of code, which their program chose. */
function colorsOf(
  element: HtmlElement,
  style: ReadonlyMap<string, string>,
  { heading, formats }: Pick<Context, 'heading' | 'formats'>,
): Record<string, string> {
  const found: Record<string, string> = {};
  if (element.attribute('data-color') !== null || formats['code'] === true) return found;
  const text = nearestTextColor(style.get('color') ?? element.attribute('color')?.toLowerCase());
  if (text !== null && !heading && formats['link'] === undefined) found['color'] = text;
  const background = style.get('mso-highlight') ?? style.get('background-color') ?? style.get('background');
  const mark = nearestMarkColor(background);
  if (mark !== null && !heading) found['highlight'] = mark;
  return found;
}
