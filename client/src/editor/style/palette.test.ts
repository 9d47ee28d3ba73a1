import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIGHT, PALETTE } from '@sheaf/schema';
import { colourTokens, contrast, THEMES } from '../../styles/colours-for-tests.ts';

const tokens = colourTokens();

/** The colours of a token: on light paper, and on dark. */
function token(name: string) {
  const found = tokens.get(name);
  assert.ok(found, `There is no token ${name}.`);
  return found;
}

for (const [theme, index] of THEMES)
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
