/** The colours that text and its background can have. A document holds their names; what they look like is the page's. */
export const PALETTE = ['gray', 'red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink'] as const;
/** The name of a colour. */
export type Color = (typeof PALETTE)[number];

/** The colour of a highlight where none is named, as in HTML's `mark`. */
export const HIGHLIGHT: Color = 'yellow';

/**
 * What the colours look like on light paper, for HTML that other programs read. The page's own are its tokens
 * `--text-…` and `--mark-…`; a test holds the light ones against these.
 */
export const LIGHT: Readonly<Record<Color, { readonly text: string; readonly mark: string }>> = {
  gray: { text: '#5f5b55', mark: '#eceae6' },
  red: { text: '#a3241d', mark: '#fde3e0' },
  orange: { text: '#8a4300', mark: '#fde8d3' },
  yellow: { text: '#6e5200', mark: '#fcefb4' },
  green: { text: '#1d6339', mark: '#ddf2e2' },
  blue: { text: '#1f4fb4', mark: '#e0eafc' },
  purple: { text: '#6a3aa6', mark: '#eee4fb' },
  pink: { text: '#97265f', mark: '#fce2ef' },
};

/** Whether `value` names a colour of the palette; CSS never does. */
export function isColor(value: unknown): value is Color {
  return PALETTE.some((color) => color === value);
}
