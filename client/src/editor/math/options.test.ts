import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderToString } from 'katex';
import { MATH_OPTIONS } from './options.ts';

/** What is drawn; '' where the page shows the source instead. */
function drawn(tex: string): string {
  try {
    return renderToString(tex, MATH_OPTIONS);
  } catch (error) {
    assert.ok(error instanceof Error);
    return '';
  }
}

test('MATH-2: a formula is drawn with MathML beside it, which says what it means', () => {
  const html = drawn('\\frac{a}{b} < \\sqrt{2}');
  assert.match(html, /<math[^>]*>.*<mfrac>.*<msqrt>/);
  assert.match(html, /aria-hidden="true"/);
});

test('MATH-3: no formula makes a page link, fetch or style, and none keeps it busy', () => {
  const hostile = [
    '\\href{javascript:alert(1)}{x}',
    '\\href{https://elsewhere.example}{x}',
    '\\url{https://elsewhere.example}',
    '\\includegraphics{https://elsewhere.example/x.png}',
    '\\htmlStyle{position:fixed}{x}',
    '\\htmlClass{a}{x}\\htmlId{b}{y}\\htmlData{c=d}{z}',
    '\\color{red;background:url(https://elsewhere.example)}x',
    '<img src=x onerror=alert(1)>',
    '\\text{<script>alert(1)</script>}',
    '\\def\\a{\\a\\a}\\a',
    '\\newcommand\\b{\\b}\\b',
    '\\rule{1e9em}{1e9em}',
    '{'.repeat(5_000),
    `x${'^{x'.repeat(300)}${'}'.repeat(300)}`,
  ];
  for (const tex of hostile) {
    const start = performance.now();
    const html = drawn(tex).replace(/<annotation[^>]*>.*?<\/annotation>|title="[^"]*"/gs, '');
    assert.doesNotMatch(html, /<a\b|href=|src=|<img|<script|url\(|position:fixed|\bid=/, tex.slice(0, 40));
    assert.ok(performance.now() - start < 2_000, tex.slice(0, 40));
  }
  assert.doesNotMatch(drawn('\\rule{999em}{1em}').replace(/<annotation.*?<\/annotation>/s, ''), /999/);
});
