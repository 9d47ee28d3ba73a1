import type { Token } from 'markdown-it';

/** HTML that means something within Markdown (SPEC MD-2). */
export type InlineTag =
  | { readonly type: 'break' }
  | { readonly type: 'open' | 'close'; readonly mark: string }
  | { readonly type: 'opaque'; readonly element: string; readonly ref: string; readonly name: string };

const MARKS: Readonly<Record<string, string>> = {
  strong: 'bold',
  b: 'bold',
  em: 'italic',
  i: 'italic',
  u: 'underline',
  ins: 'underline',
  del: 'strike',
  s: 'strike',
  code: 'code',
};

/** Reads a tag; null if it means nothing, and is text. */
export function readTag(html: string): InlineTag | null {
  if (/^<br\s*\/?>$/i.test(html)) return { type: 'break' };
  const simple = /^<(\/?)(\w+)>$/.exec(html);
  const element = simple?.[2]?.toLowerCase() ?? '';
  const mark = Object.hasOwn(MARKS, element) ? MARKS[element] : undefined;
  if (mark !== undefined) return { type: simple?.[1] === '/' ? 'close' : 'open', mark };
  const opaque = /^<(figure|span) data-opaque="([^"]*)" data-name="([^"]*)">$/.exec(html);
  const [, kind, ref, name] = opaque ?? [];
  if (kind === undefined || ref === undefined || name === undefined) return null;
  return { type: 'opaque', element: kind, ref: decode(ref), name: decode(name) };
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
