import type { Attrs, Mark } from '@tiptap/pm/model';
import { isSafeLink } from './links.ts';
import { readFormat } from './marks.ts';
import { entryOf } from './names.ts';
import type { MarkName } from './names.ts';
import { HIGHLIGHT, isColor, LIGHT } from './palette.ts';

/** An element of HTML, as it begins. */
export interface Tag {
  readonly element: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What makes it look so in programs that do not know the attributes: a constant, never what a document holds. */
  readonly style?: string;
}

const bare = (element: string) => (): Tag => ({ element, attributes: {} });
const suggestion =
  (element: string) =>
  ({ id, author, time, set }: Attrs): Tag => ({
    element,
    attributes: {
      'data-suggestion': String(id),
      'data-author': String(author),
      'data-time': String(time),
      ...(set === undefined ? {} : { 'data-set': JSON.stringify(set) }),
    },
  });

const TAGS: Readonly<Record<MarkName, (attrs: Attrs) => Tag>> = {
  bold: bare('strong'),
  italic: bare('em'),
  underline: bare('u'),
  strike: bare('s'),
  code: bare('code'),
  script: ({ position }) => ({ element: position === 'sub' ? 'sub' : 'sup', attributes: {} }),
  highlight: ({ color }) => {
    const known = isColor(color) ? color : HIGHLIGHT;
    const attributes = known === HIGHLIGHT ? {} : { 'data-color': known };
    return { element: 'mark', attributes, style: `background-color:${LIGHT[known].mark}` };
  },
  color: ({ color }) =>
    isColor(color)
      ? { element: 'span', attributes: { 'data-color': color }, style: `color:${LIGHT[color].text}` }
      : { element: 'span', attributes: {} },
  link: ({ href }) => ({
    element: 'a',
    attributes: isSafeLink(href) ? { href, rel: 'noopener noreferrer nofollow' } : {},
  }),
  insertion: suggestion('ins'),
  deletion: suggestion('del'),
  formatting: suggestion('span'),
};

/** A mark as an element of HTML; {@link formatOfTag} reads it. */
export function tagOf(mark: Mark): Tag {
  const tag = entryOf(TAGS, mark.type.name);
  if (!tag) throw new Error(`HTML has no ${mark.type.name}.`);
  return tag(mark.attrs);
}

/** A format of text: its name, and what it holds. */
export type Format = readonly [key: string, value: unknown];
/** Reads an attribute of an element; null if it has none of that name. */
export type ReadAttribute = (name: string) => string | null;

const PLAIN: Readonly<Record<string, Format>> = {
  strong: ['bold', true],
  b: ['bold', true],
  em: ['italic', true],
  i: ['italic', true],
  u: ['underline', true],
  ins: ['underline', true],
  s: ['strike', true],
  del: ['strike', true],
  strike: ['strike', true],
  code: ['code', true],
  sub: ['script', 'sub'],
  sup: ['script', 'super'],
};
const SUGGESTING: Readonly<Record<string, string>> = {
  ins: 'insertion',
  del: 'deletion',
  span: 'formatting',
};

/** The format that an element of HTML stands for by itself, whatever its styles; null if that is none. */
export function formatOfTag(element: string, attribute: ReadAttribute): Format | null {
  const id = attribute('data-suggestion');
  const kind = id === null ? undefined : entryOf(SUGGESTING, element);
  if (kind !== undefined) return [`${kind}:${String(id)}`, suggestionOf(attribute)];
  const color = attribute('data-color');
  if (element === 'mark') return ['highlight', isColor(color) ? color : HIGHLIGHT];
  if (element === 'span') return isColor(color) ? ['color', color] : null;
  if (element === 'a') {
    const href = attribute('href');
    return isSafeLink(href) ? ['link', { href }] : null;
  }
  return entryOf(PLAIN, element) ?? null;
}

function suggestionOf(attribute: ReadAttribute): unknown {
  const set = parseJson(attribute('data-set'));
  const time = attribute('data-time');
  return { author: attribute('data-author'), time: time === null ? null : Number(time), set };
}

/** What JSON says; null if it is none. */
export function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    // Anybody may write anything there; what is no JSON says nothing.
    return null;
  }
}

/** The attributes of the mark `name` that an element stands for; false if it stands for another, or for none. */
export function attrsOfTag(name: MarkName, element: string, attribute: ReadAttribute): Attrs | false {
  const format = formatOfTag(element, attribute);
  const read = format && readFormat(format[0], format[1]);
  return read?.name === name ? read.attrs : false;
}
