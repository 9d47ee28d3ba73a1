import type { Token } from 'markdown-it';
import { formatOfTag } from './mark-tags.ts';
import type { Format, ReadAttribute } from './mark-tags.ts';
import { readAlignment, readInsetWord } from './traits.ts';
import type { Alignment } from './traits.ts';

/** HTML that means something within Markdown (SPEC MD-2). */
export type InlineTag =
  | { readonly type: 'break' }
  | { readonly type: 'open'; readonly element: string; readonly format: Format }
  | { readonly type: 'close'; readonly element: string }
  | { readonly type: 'opaque'; readonly element: string; readonly ref: string; readonly name: string }
  | { readonly type: 'atom'; readonly element: string; readonly attribute: ReadAttribute };

/** The elements that can stand for a mark. */
const MARKING = /^(?:strong|b|em|i|u|ins|del|s|code|sub|sup|mark|span)$/;

/** Reads a tag; null if it means nothing, and is text. */
export function readTag(html: string): InlineTag | null {
  const closing = /^<\/(\w+)>$/.exec(html);
  const ended = closing?.[1]?.toLowerCase() ?? '';
  if (closing) return MARKING.test(ended) ? { type: 'close', element: ended } : null;
  const [, name, inside] = /^<(\w+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>$/.exec(html) ?? [];
  if (name === undefined || inside === undefined) return null;
  const element = name.toLowerCase();
  if (element === 'br') return { type: 'break' };
  const attributes = new Map<string, string>();
  for (const [, key, value] of inside.matchAll(/([\w-]+)(?:="([^"]*)")?/g))
    if (key !== undefined) attributes.set(key.toLowerCase(), decode(value ?? ''));
  const ref = attributes.get('data-opaque');
  if (ref !== undefined && (element === 'figure' || element === 'span'))
    return { type: 'opaque', element, ref, name: attributes.get('data-name') ?? '' };
  if (element === 'time' || ['data-mention', 'data-math', 'data-footnote'].some((key) => attributes.has(key)))
    return { type: 'atom', element, attribute: (key) => attributes.get(key) ?? null };
  const format = MARKING.test(element) ? formatOfTag(element, (key) => attributes.get(key) ?? null) : null;
  return format && { type: 'open', element, format };
}

/** What HTML around blocks says of them (SPEC MD-2). */
export type BlockTag =
  | { readonly type: 'align'; readonly element: string; readonly align: Alignment | null }
  | { readonly type: 'inset'; readonly element: string; readonly inset: number }
  | { readonly type: 'close'; readonly element: string }
  | {
      readonly type:
        'suggestions' | 'marks' | 'list' | 'icon' | 'image' | 'file' | 'embed' | 'footnotes' | 'comments';
      readonly value: string;
    };

/** Reads a paragraph that is one tag or comment; null if it is text. */
export function readBlockTag(content: string): BlockTag | null {
  const [, element, align] = /^<(div|p) align="?(left|center|right|justify)"?>$/.exec(content) ?? [];
  if (element !== undefined)
    return { type: 'align', element, align: readAlignment(align === 'right' ? 'end' : align) };
  const [, steps] = /^<div data-inset="(\d)">$/.exec(content) ?? [];
  if (steps !== undefined) return { type: 'inset', element: 'div', inset: readInsetWord(steps) };
  const [, closed] = /^<\/(div|p)>$/.exec(content) ?? [];
  if (closed !== undefined) return { type: 'close', element: closed };
  const [, told, value] = /^<!-- (\w+): ([^\n]*) -->$/.exec(content) ?? [];
  const type = (
    ['list', 'icon', 'suggestions', 'marks', 'image', 'file', 'embed', 'footnotes', 'comments'] as const
  ).find((one) => one === told);
  return type !== undefined && value !== undefined ? { type, value } : null;
}

/** The text of tokens, whatever their marks. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ type, content }) => (type === 'softbreak' ? ' ' : content)).join('');
}

/** Text in which signs stand as numbers. */
function decode(text: string): string {
  return text.replace(/&#(\d{1,7});/g, (whole, digits: string) => {
    const code = Number(digits);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
