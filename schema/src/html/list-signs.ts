/** How an item of an ordered list counts. */
export interface Count {
  /** As in HTML's `type`; null are numbers. */
  readonly type: string | null;
  readonly number: number;
}

const ROMAN: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10, l: 50, c: 100, d: 500, m: 1_000 };
const ROMAN_NUMBER = /^(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$/;

/**
 * What the sign before an item may count, likeliest first: "2." and "1.2" and "Step 2:" two, "b)" and "(b)" two, "i." one or nine. Empty for a bullet,
 * also for one that is a letter of a font of signs.
 */
export function countsOf(sign: string): readonly Count[] {
  const [, digits] = /(\d{1,9})[^\p{L}\p{N}]*$/u.exec(sign) ?? [];
  if (digits !== undefined) return [{ type: null, number: Number(digits) }];
  const [, letters] = /(?:^|[^\p{L}\p{N}])([a-z]{1,4}|[A-Z]{1,4})[.)][^\p{L}\p{N}]*$/u.exec(sign) ?? [];
  if (letters === undefined) return [];
  const small = letters.toLowerCase();
  const isSmall = letters === small;
  const found: Count[] = [];
  if (ROMAN_NUMBER.test(small)) found.push({ type: isSmall ? 'i' : 'I', number: romanOf(small) });
  // Behind "z" come "aa", "bb".
  if (/^(.)\1*$/.test(small))
    found.push({ type: isSmall ? 'a' : 'A', number: small.charCodeAt(0) - 96 + 26 * (small.length - 1) });
  return found.toSorted((one, other) => one.number - other.number);
}

function romanOf(letters: string): number {
  const values = [...letters].map((letter) => ROMAN[letter] ?? 0);
  return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0);
}

/** The count that follows `before` in its list; null if none of `counts` does. */
export function following(before: Count, counts: readonly Count[]): Count | null {
  return counts.find(({ type, number }) => type === before.type && number === before.number + 1) ?? null;
}
