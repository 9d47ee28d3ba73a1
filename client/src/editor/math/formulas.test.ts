import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderToString } from 'katex';
import { documentSchema, nodeOfAtom } from '@sheaf/schema';
import { parseHtml } from '@sheaf/schema/parse-html';
import { writeHtmlPage } from '@sheaf/schema/write-html';
import { drawMathMl } from './mathml.ts';
import { LONGEST_DRAWN, MATH_OPTIONS } from './options.ts';

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

/** Formulas that want more than to be read. */
const HOSTILE = [
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

test('MATH-3: no formula makes a page link, fetch or style, and none keeps it busy', () => {
  for (const tex of HOSTILE) {
    const start = performance.now();
    const html = drawn(tex).replace(/<annotation[^>]*>.*?<\/annotation>|title="[^"]*"/gs, '');
    assert.doesNotMatch(html, /<a\b|href=|src=|<img|<script|url\(|position:fixed|\bid=/, tex.slice(0, 40));
    assert.ok(performance.now() - start < 2_000, tex.slice(0, 40));
  }
  assert.doesNotMatch(drawn('\\rule{999em}{1em}').replace(/<annotation.*?<\/annotation>/s, ''), /999/);
});

test('MATH-6: a page that is taken away has formulas as MathML alone, which is read as the same formulas', () => {
  const schema = documentSchema();
  const formulas = ['\\frac{a}{b} < \\sqrt{2}', 'x\\text{"é"}\n\t+ y'];
  const [inline = '', block = ''] = formulas;
  const math = (tex: string) => nodeOfAtom(schema, { type: 'math', tex });
  const code = (tex: string) => schema.node('codeBlock', { language: 'math' }, [schema.text(tex)]);
  const doc = schema.node('doc', null, [
    schema.node('paragraph', null, [
      schema.text('So '),
      math(inline),
      schema.text(' and '),
      math('\\frac{1}{'),
    ]),
    code(block),
    code('\\nothing{'),
  ]);
  const html = writeHtmlPage(doc, 'Formulas', drawMathMl);
  assert.match(
    html,
    /<span data-math="[^"]*" dir="ltr"><math [^>]*><semantics><mrow><mfrac>.*<\/math><\/span>/,
  );
  assert.match(html, /<div data-math="[^"]*" dir="ltr"><math [^>]*display="block">/);
  assert.equal(html.split('<math').length - 1, 2, 'what means nothing stays its source');
  assert.doesNotMatch(html, /class="katex|<style|<script|stylesheet|style=/);
  assert.ok(parseHtml(schema, html).eq(doc), html);
});

test('MATH-3, MATH-6: no formula makes a page that is taken away link, fetch, style or run', () => {
  for (const tex of [...HOSTILE, 'x'.repeat(LONGEST_DRAWN + 1)]) {
    const start = performance.now();
    const html = (drawMathMl(tex, true) ?? '').replace(/<annotation[^>]*>.*?<\/annotation>/gs, '');
    assert.match(html, /^(?:<math [^]*<\/math>)?$/);
    assert.doesNotMatch(
      html,
      /<a\b|href=|src=|<img|<script|url\(|style=|class=|\bid=|\bon/,
      tex.slice(0, 40),
    );
    assert.ok(performance.now() - start < 2_000, tex.slice(0, 40));
  }
});
