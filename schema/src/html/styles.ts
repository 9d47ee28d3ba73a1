import { entryOf } from '../names.ts';

/** Longer styles are not read, UTF-16 units. */
const STYLE_LENGTH = 4_000;
const DECLARATION = /(?:^|;)\s*([-a-z]{1,40})\s*:\s*((?:[^;"'(]|"[^"]*"|'[^']*'|\([^)]*\)){0,400})/gi;

/** Reads a style attribute: what it says by property, in small letters. It is only looked at, never applied. */
export function readStyle(style: string | null): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (style === null || style.length > STYLE_LENGTH) return found;
  for (const [, property, value] of style.matchAll(DECLARATION))
    if (property !== undefined && value !== undefined)
      found.set(
        property.toLowerCase(),
        value
          .replace(/!\s*important\s*$/i, '')
          .trim()
          .toLowerCase(),
      );
  return found;
}

/** Whether a weight of letters is bold; null if it says neither. */
export function isBold(weight: string | undefined): boolean | null {
  if (weight === undefined) return null;
  if (weight === 'bold' || weight === 'bolder') return true;
  if (weight === 'normal' || weight === 'lighter') return false;
  const number = /^\d{1,4}$/.test(weight) ? Number(weight) : Number.NaN;
  return Number.isNaN(number) ? null : number >= 600;
}

/** Points in each of the units in which programs write how far a text stands in. */
const POINTS: Readonly<Record<string, number>> = {
  pt: 1,
  px: 0.75,
  in: 72,
  cm: 72 / 2.54,
  mm: 72 / 25.4,
  pc: 12,
};

/** How far a text stands in by its style, pt; 0 if that does not say it. */
export function marginOf(style: ReadonlyMap<string, string>, rightToLeft: boolean): number {
  const told = style.get('margin-inline-start') ?? style.get(rightToLeft ? 'margin-right' : 'margin-left');
  const [, number, unit = ''] = /^(\d{0,5}(?:\.\d{1,6})?)([a-z]{2})$/.exec(told ?? '') ?? [];
  return Number(number ?? 0) * (entryOf(POINTS, unit) ?? 0);
}

/** Whether blanks count; null if it is not said. */
export function keepsBlanks(whiteSpace: string | undefined): boolean | null {
  if (whiteSpace === undefined) return null;
  if (/^(?:pre|pre-wrap|break-spaces)$/.test(whiteSpace)) return true;
  return /^(?:normal|nowrap|pre-line)$/.test(whiteSpace) ? false : null;
}
