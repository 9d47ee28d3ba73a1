import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** A colour on light paper, and on dark: `#rrggbb`. */
export type Themed = readonly [light: string, dark: string];

/** The themes, as places in {@link Themed}. */
export const THEMES = [
  ['light', 0],
  ['dark', 1],
] as const;

/** The tokens of tokens.css that are one opaque colour, by their names; `more`: for who asks for more contrast. */
export function colourTokens(wanted: 'usual' | 'more' = 'usual'): ReadonlyMap<string, Themed> {
  const [usual = '', more = ''] = read('tokens.css').split('@media (prefers-contrast: more)');
  assert.ok(more !== '', 'tokens.css has nothing for more contrast.');
  const rule = /--([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));/g;
  const tokens = coloursIn(usual, rule);
  return wanted === 'usual' ? tokens : new Map([...tokens, ...coloursIn(more, rule)]);
}

/** The backgrounds that a cell of a table may have, by their names. */
export function cellColours(): ReadonlyMap<string, Themed> {
  const rule = /\[data-background='(\w+)'\] \{\s*--cell: light-dark\((#\w{6}), (#\w{6})\);/g;
  return coloursIn(read('../editor/prose.css'), rule);
}

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}

function coloursIn(text: string, rule: RegExp): ReadonlyMap<string, Themed> {
  const found = new Map<string, Themed>();
  for (const [, name = '', light, dark, both] of text.matchAll(rule))
    found.set(name, [light ?? both ?? '', dark ?? both ?? '']);
  assert.ok(found.size > 0, `There are no colours of ${rule.source}.`);
  return found;
}

/** Linear red, green and blue, 0 to 1. */
function linear(hex: string): readonly [number, number, number] {
  const part = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

/** How two colours differ in luminance (WCAG 2.2, "contrast ratio"): 1 to 21. */
export function contrast(one: string, other: string): number {
  const luminance = (hex: string): number => {
    const [red, green, blue] = linear(hex);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** `color-mix(in srgb, colour share, onto)`. In oklab, as styles mix, the result differs by a step or two in each channel. */
export function mixed(colour: string, share: number, onto: string): string {
  const part = (at: number): string => {
    const [a, b] = [colour, onto].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16));
    return Math.round((a ?? 0) * share + (b ?? 0) * (1 - share))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(1)}${part(3)}${part(5)}`;
}

/** How much of a colour a style mixes in, 0 to 1: the percentage that `rule` finds in the file. */
export function washIn(file: string, rule: RegExp): number {
  const [, percent] = rule.exec(read(file)) ?? [];
  assert.ok(percent !== undefined, `${file} has no ${rule.source}.`);
  return Number(percent) / 100;
}
