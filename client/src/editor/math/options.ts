/** Sizes that a formula asks for are cut to this, em; and so many macros are expanded. */
const LARGEST_EM = 30;
const MOST_EXPANSIONS = 1_000;

/** A longer formula is shown as its source, UTF-16 units. */
export const LONGEST_DRAWN = 10_000;

/** How KaTeX draws a formula: for eyes and, as MathML, for screen readers; it may neither fetch nor link nor style. */
export const MATH_OPTIONS = {
  output: 'htmlAndMathml',
  trust: false,
  strict: 'ignore',
  maxSize: LARGEST_EM,
  maxExpand: MOST_EXPANSIONS,
} as const;
