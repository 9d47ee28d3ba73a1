import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@tiptap/pm/model';
import * as fc from 'fast-check';
import { awkwardDocument } from '../awkward-document.ts';
import { documentSchema } from '../extensions.ts';
import { randomDocument } from '../random-document.ts';
import { parseHtml } from './parse-html.ts';
import { readHtml } from './read-html.ts';
import { madeElement } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';
import { writeHtml } from './write-html.ts';

const schema = documentSchema();
const runs = Number(process.env['SHEAF_TEST_FUZZ_RUNS'] ?? 300);

const same = (doc: Node) => {
  const html = writeHtml(doc);
  const again = parseHtml(schema, html);
  if (!again.eq(doc)) assert.fail(`${JSON.stringify(doc)}\n${html}\n${JSON.stringify(again)}`);
};

test('MD-10: what was written as HTML is read as the same document, for every block and mark', () => {
  fc.assert(fc.property(randomDocument(schema), same), { numRuns: runs });
});

test('MATH-6, MD-10: formulas that are drawn as MathML are read as the same formulas, and no others', () => {
  let drawn = 0;
  // One that means nothing stays its source.
  const draw = (tex: string, display: boolean) => {
    drawn += 1;
    return tex.includes('$') ? null : `<math${display ? ' display="block"' : ''}><mi>x</mi></math>`;
  };
  fc.assert(
    fc.property(randomDocument(schema), (doc) => {
      const html = writeHtml(doc, draw);
      assert.ok(parseHtml(schema, html).eq(doc), html);
    }),
    { numRuns: runs },
  );
  assert.ok(drawn > 0);
});

test('MD-10: also blanks, signs, and marks that begin and end anywhere', () => {
  fc.assert(fc.property(awkwardDocument(schema), same), { numRuns: 5 * runs });
});

/** Parts of pages that stand in each other in ways that no schema allows. */
const PARTS =
  '<ul>|</ul>|<ol start=7>|<li>|</li>|<p>|</p>|<div>|</div>|<table>|<tr>|<td colspan=3 rowspan=9>|<th>|</td>|</table>|<h1>|<h6>|<pre>|</pre>|<code>' +
  '|<blockquote>|</blockquote>|<details>|<summary>|</details>|<div data-callout=note>|<b style="font-weight:400">|</b>|<a href=//x>|</a>|<br>|<hr>|<dl><dd>' +
  '|<input type=checkbox>|<img alt=alt>|<figure data-opaque=1>|</figure>|<span data-opaque=1>|</span>|<!--|-->|<o:p>|words| |\n|&nbsp;|\u2029|\u001F' +
  '|<p style="mso-list:l0 level4 lfo1">|<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">iv)</span>|<center>|<sub>|<mark>|<script>|</script>' +
  '|<p style="mso-list:l1 level2 lfo1;margin-left:1in">|<p class=MsoListParagraph>|<p class=MsoQuote>|☐ |[x] |<div class=ListContainerWrapper>|<li data-aria-level=2>' +
  '|<col style=display:none>|<tr style=display:none>|<td style=display:none>|<td colspan=2 style=mso-ignore:colspan>|<dl>|<dt>|<q>|<aside>🌱 |\uEC03|\uEC02' +
  '|<b id=docs-internal-guid-1>|<span style=mso-tab-count:2>|<span style=mso-spacerun:yes>|<!-- notionvc: 1 -->|<style>.xl65{font-weight:700}</style>|<td class=xl65>' +
  '|<aside data-footnote=a>|</aside>|<sup data-footnote=a>|</sup>|<a href="#f" id=r>|<a href="#r" id=f>|1|</a>';

test('MD-11: any HTML is read as a valid document', () => {
  const any = fc.array(fc.constantFrom(...PARTS.split('|')), { maxLength: 40 }).map((all) => all.join(''));
  fc.assert(
    fc.property(any, (html) => parseHtml(schema, html).check()),
    { numRuns: 5 * runs },
  );
});

test('MD-11: a page as deep as anybody likes, or a table as wide, loses its structure and no words', () => {
  for (const open of [
    '<div>',
    '<ul><li>',
    '<ul>',
    '<p style="mso-list:l0 level1 lfo1">a<p><i><b>',
    '<dl><dd>',
    '<blockquote>',
    '<b>',
    '<details>',
    '<table><tr><td>',
  ]) {
    const doc = parseHtml(schema, `${open.repeat(3_000)}words`);
    doc.check();
    assert.equal(doc.textContent.replaceAll('a', ''), 'words', open);
  }
  const doc = parseHtml(schema, `<table>${'<tr><td colspan=1000 rowspan=65534>w'.repeat(300)}</table>`);
  doc.check();
  assert.equal(doc.textContent.length, 300);
});

/** A page of which is counted how often its text is read. */
function counted(node: HtmlNode, read: { count: number }): HtmlNode {
  if (node.type === 'element')
    return { ...node, children: node.children.map((child) => counted(child, read)) };
  return {
    type: 'text',
    get text() {
      read.count += 1;
      return node.text;
    },
  };
}

test('MD-11: each text of a page is read a few times, however deep it stands', () => {
  const texts = Array.from({ length: 500 }, (): HtmlNode => ({ type: 'text', text: 'words ' }));
  // With each, how much is read of it at each depth to see what it is: of what might be a formula as much as one may be long.
  for (const [name, attributes, reads] of [
    ['div', {}, 0],
    ['time', { datetime: '2026-11-28' }, 2],
    ['span', { 'data-math': '' }, 334],
    ['span', { 'data-mention': 'person' }, 334],
    ['o:p', {}, 1],
    ['aside', {}, 14],
    ['li', { 'data-aria-level': '1' }, 8],
    ['td', { class: 'xl65' }, 1],
  ] as const) {
    let page: HtmlElement = madeElement('p', {}, texts);
    for (let depth = 0; depth < 100; depth += 1) page = madeElement(name, attributes, [page]);
    const read = { count: 0 };
    const doc = readHtml(schema, [counted(page, read)]);
    assert.equal(doc.textContent.length, 'words '.length * texts.length - 1, name);
    assert.ok(read.count <= 2 * texts.length + 100 * reads, `${name}: ${String(read.count)}`);
  }
});

test('MATH-5: formulas of other pages come as formulas where those tell their TeX: KaTeX, MathML, Wikipedia', () => {
  const read = (html: string) => parseHtml(schema, html);
  const math = (tex: string, attributes = '') =>
    `<math${attributes}><semantics><mi>x</mi><annotation encoding="application/x-tex">${tex}</annotation></semantics></math>`;
  const katex = `<span class="katex"><span class="katex-mathml">${math('x &lt; 2')}</span><span class="katex-html" aria-hidden="true">x2</span></span>`;
  assert.equal(String(read(`<p>so ${katex} is</p>`)), 'doc(paragraph("so ", math, " is"))');
  assert.equal(read(`<p>${katex}</p>`).firstChild?.firstChild?.attrs['math'], 'x < 2');
  assert.equal(String(read(math('x^2', ' display="block"'))), 'doc(codeBlock("x^2"))');
  const wikipedia =
    `<span style="display: none;">${math('{\\displaystyle x}')}</span>` +
    '<img class="mwe-math-fallback-image-inline" alt="{\\displaystyle x^{2}}" src="x.svg">';
  assert.equal(read(`<p>${wikipedia}</p>`).firstChild?.firstChild?.attrs['math'], 'x^{2}');
  assert.equal(read(`<p>${wikipedia}</p>`).firstChild?.childCount, 1);
  assert.equal(String(read('<p>a<math></math>b</p>')), 'doc(paragraph("ab"))');
});

test('MATH-5: MathML that does not tell its TeX, as MathJax writes it, comes as the TeX that it means', () => {
  const tex = (mathml: string) => {
    const { firstChild: block } = parseHtml(schema, `<p>so <math>${mathml}</math></p>`);
    return block?.lastChild?.attrs['math'];
  };
  for (const [mathml, wanted] of [
    ['<mi>x</mi>', 'x'],
    ['<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac>', '\\frac{a + 1}{2}'],
    ['<msup><mi>e</mi><mrow><mo>−</mo><mi>x</mi></mrow></msup>', 'e^{- x}'],
    ['<msubsup><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow><mi>i</mi><mn>2</mn></msubsup>', '{( x )}_{i}^{2}'],
    ['<msqrt><mi>x</mi><mo>%</mo></msqrt><mroot><mi>y</mi><mn>3</mn></mroot>', '\\sqrt{x \\%} \\sqrt[3]{y}'],
    ['<munderover><mo>∑</mo><mn>0</mn><mi>n</mi></munderover><mi>k</mi>', '∑_{0}^{n} k'],
    ['<munder><mo>lim</mo><mi>n</mi></munder><mi>sin</mi><mo>\u2061</mo><mi>n</mi>', '\\lim_{n} \\sin n'],
    ['<mover accent="true"><mi>v</mi><mo>→</mo></mover><mi>speed</mi>', '\\vec{v} \\mathrm{speed}'],
    [
      '<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>',
      '\\begin{matrix} 1 & 2 \\end{matrix}',
    ],
    ['<mfenced open="{"><mi>a</mi><mi>b</mi></mfenced><mtext>if so</mtext>', '\\{a , b) \\text{if so}'],
    ['<semantics><mi>q</mi><annotation-xml><ci>q</ci></annotation-xml></semantics>', 'q'],
  ] as const)
    assert.equal(tex(mathml), wanted, mathml);
  for (const other of [
    '<math href="https://example.org"><mi>a</mi></math>',
    '<math>a</math>',
    '<math><mtext><table><mglyph><style><img src=x></style></mglyph></table></mtext></math>',
  ])
    assert.equal(String(parseHtml(schema, `<p>so ${other}</p>`)).includes('math'), false, other);
  const drawn =
    '<mjx-container display="true"><mjx-math aria-hidden="true"><mjx-mi>drawn</mjx-mi></mjx-math>' +
    '<mjx-assistive-mml><math display="block"><mi>x</mi></math></mjx-assistive-mml></mjx-container>';
  assert.equal(String(parseHtml(schema, drawn)), 'doc(codeBlock("x"))');
  const deep = parseHtml(schema, `<math>${'<mrow>'.repeat(3_000)}<mi>x`);
  assert.equal(deep.firstChild?.firstChild?.attrs['math'], '\\text{x}');
});

test('PASTE-1, MARK-6: how far a text stands in comes from Word, Google Docs and LibreOffice as steps', () => {
  const steps = (html: string) => {
    const found: number[] = [];
    parseHtml(schema, html).descendants(({ attrs }) => {
      if (typeof attrs['inset'] === 'number') found.push(attrs['inset']);
    });
    return found;
  };
  assert.deepEqual(steps('<p class=MsoNormal style="margin-left:.5in">a</p>'), [1]);
  assert.deepEqual(
    steps('<p dir="ltr" style="line-height:1.38;margin-left: 72pt;margin-top:0pt">a</p>'),
    [2],
  );
  assert.deepEqual(steps('<h2 style="margin-left: 1.25cm; text-indent: 0cm">a</h2>'), [1]);
  assert.deepEqual(steps('<div dir="rtl"><p style="margin-right:36pt;margin-left:90pt">a</p></div>'), [1]);
  assert.deepEqual(steps('<p style="margin-left:-36pt">a</p><p style="margin-left:8px">a</p>'), [0, 0]);
  assert.deepEqual(steps('<p style="margin-left:99999in">a</p><p style="margin-left:50%">a</p>'), [8, 0]);
  assert.deepEqual(steps('<ul><li><p style="margin-left:36pt">a</p></li></ul>'), [0]);
  assert.deepEqual(steps('<p data-inset="9">a</p><p data-inset="3">a</p>'), [0, 3]);
});
