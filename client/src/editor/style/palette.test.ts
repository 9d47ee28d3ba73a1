import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LIGHT, PALETTE } from '@sheaf/schema';

const tokens = readFileSync(new URL('../../styles/tokens.css', import.meta.url), 'utf8');

/** The colours of a token: on light paper, and on dark. */
function token(name: string): readonly [string, string] {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(tokens) ?? [];
  assert.ok(light !== undefined && dark !== undefined, `There is no token ${name}.`);
  return [light, dark];
}

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)].toSorted((x, y) => y - x);
  return ((a ?? 0) + 0.05) / ((b ?? 0) + 0.05);
}

for (const [theme, index] of [
  ['light', 0],
  ['dark', 1],
] as const)
  test(`MARK-3: each colour of text can be read on each paper and each highlight, ${theme}`, () => {
    const texts = [...PALETTE.map((color) => `text-${color}`), 'ink', 'ink-2', 'accent'];
    const papers = [...PALETTE.map((color) => `mark-${color}`), 'paper', 'desk', 'raised'];
    for (const text of texts)
      for (const paper of papers) {
        const ratio = contrast(token(text)[index], token(paper)[index]);
        assert.ok(ratio >= 4.5, `${text} on ${paper}: ${ratio.toFixed(2)}`);
      }
  });

test('MARK-3: HTML for other programs has the colours of light paper', () => {
  for (const color of PALETTE) {
    assert.equal(LIGHT[color].text, token(`text-${color}`)[0]);
    assert.equal(LIGHT[color].mark, token(`mark-${color}`)[0]);
  }
});
