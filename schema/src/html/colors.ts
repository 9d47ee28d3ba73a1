import type { Color } from '../palette.ts';

/** Colours that programs name in words. */
const NAMED: Readonly<Record<string, string>> = {
  red: 'ff0000',
  darkred: '8b0000',
  maroon: '800000',
  orange: 'ffa500',
  yellow: 'ffff00',
  olive: '808000',
  lime: '00ff00',
  green: '008000',
  darkgreen: '006400',
  teal: '008080',
  aqua: '00ffff',
  cyan: '00ffff',
  blue: '0000ff',
  purple: '800080',
  fuchsia: 'ff00ff',
  magenta: 'ff00ff',
};
/** The hue, in degrees of OKLCH, at which each colour ends and the next begins. */
const HUES: readonly (readonly [end: number, color: Color])[] = [
  [12, 'pink'],
  [45, 'red'],
  [78, 'orange'],
  [115, 'yellow'],
  [192, 'green'],
  [277, 'blue'],
  [325, 'purple'],
  [360, 'pink'],
];
/** What is greyer than this has no colour: it is how a page's text and background look. */
const TEXT_CHROMA = 0.06;
const MARK_CHROMA = 0.028;
/** Darker text is a page's ink, lightness from 0 to 1. */
const TEXT_LIGHTNESS = 0.33;

/** The colour of the palette that comes nearest to a text's; null if it is black, white, grey or not to be read. */
export function nearestTextColor(css: string | undefined): Color | null {
  const found = read(css);
  return found && found.chroma >= TEXT_CHROMA && found.lightness >= TEXT_LIGHTNESS
    ? colorOf(found.hue)
    : null;
}

/** The colour of the palette that comes nearest to a background. */
export function nearestMarkColor(css: string | undefined): Color | null {
  const found = read(css);
  return found && found.chroma >= MARK_CHROMA ? colorOf(found.hue) : null;
}

function colorOf(hue: number): Color | null {
  return HUES.find(([end]) => hue < end)?.[1] ?? null;
}

function read(css: string | undefined): { lightness: number; chroma: number; hue: number } | null {
  const rgb = css === undefined ? null : readRgb(css);
  return rgb && toOklch(rgb);
}

type Rgb = readonly [red: number, green: number, blue: number];

function readRgb(css: string): Rgb | null {
  const hex = Object.hasOwn(NAMED, css) ? NAMED[css] : /^#([\da-f]{3}|[\da-f]{6})$/.exec(css)?.[1];
  if (hex !== undefined) {
    const step = hex.length === 3 ? 1 : 2;
    const part = (index: number) => {
      const digits = hex.slice(index * step, index * step + step);
      return Number.parseInt(step === 1 ? digits + digits : digits, 16);
    };
    return [part(0), part(1), part(2)];
  }
  const parts = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+%?))?\s*\)$/.exec(css);
  if (!parts || (parts[4] !== undefined && Number.parseFloat(parts[4]) === 0)) return null;
  return [Number(parts[1]), Number(parts[2]), Number(parts[3])];
}

/** sRGB as lightness, chroma and hue in degrees (Björn Ottosson, "A perceptual color space", public domain). */
function toOklch(rgb: Rgb): { lightness: number; chroma: number; hue: number } {
  const [r, g, b] = rgb.map((part) => {
    const value = Math.min(part, 255) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  if (r === undefined || g === undefined || b === undefined) return { lightness: 0, chroma: 0, hue: 0 };
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const lightness = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const beta = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  const hue = (Math.atan2(beta, a) * 180) / Math.PI;
  return { lightness, chroma: Math.hypot(a, beta), hue: hue < 0 ? hue + 360 : hue };
}
