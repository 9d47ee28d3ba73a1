import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@tiptap/pm/model';
import * as fc from 'fast-check';
import { awkwardDocument, SIGNS } from './awkward-document.ts';
import { documentSchema } from './extensions.ts';
import { randomDocument } from './random-document.ts';
import { readMarkdown } from './read-markdown.ts';
import { writeHtml } from './html/write-html.ts';
import { writeMarkdown } from './write-markdown.ts';

const schema = documentSchema();
const runs = Number(process.env['SHEAF_TEST_FUZZ_RUNS'] ?? 3_000);

const same = (doc: Node) => {
  const markdown = writeMarkdown(doc);
  const again = readMarkdown(schema, markdown);
  if (!again.eq(doc)) assert.fail(`${JSON.stringify(doc)}\n${markdown}\n${JSON.stringify(again)}`);
};

test('MD-1: what was written is read as the same document, for every block and mark', () => {
  fc.assert(fc.property(randomDocument(schema), same), { numRuns: Math.ceil(runs / 6) });
});

test('MD-1: also texts that look like Markdown, blanks, and marks that begin and end anywhere', () => {
  fc.assert(fc.property(awkwardDocument(schema), same), { numRuns: runs });
});

test('MD-3: any text is read as a valid document', () => {
  const any = fc
    .array(
      fc.oneof(
        fc.constantFrom(...SIGNS, '\n', '\n\n', '> ', '    ', '[^a]', '\n[^a]: ', '\n[^b]:'),
        fc.string(),
      ),
    )
    .map((all) => all.join(''));
  fc.assert(
    fc.property(any, (markdown) => readMarkdown(schema, markdown).check()),
    { numRuns: runs },
  );
});

test('MD-3: a tag that ends what nothing began takes nothing of what stands behind it', () => {
  for (const tag of ['</details>', '</table>', '</tr>', '</td>', '</summary>', '<summary>', '<td>', '<tr>'])
    for (const around of ['one\n\nTAG\n\ntwo', '- one\n\n  TAG\n\n  two', '> one\n>\n> TAG\n>\n> two']) {
      const doc = readMarkdown(schema, `${around.replace('TAG', tag)}\n\n# three`);
      doc.check();
      assert.match(doc.textContent, /^one.*two.*three$/, around.replace('TAG', tag));
    }
  // As GitHub's texts have it, which is no toggle of ours.
  const other = readMarkdown(
    schema,
    '<details open><summary>Why?</summary>\n\nSo.\n\n</details>\n\n# Behind',
  );
  assert.match(other.textContent, /Why\?.*So\.Behind$/);
});

test('MD-3: a text takes as long as it is, also of tags that nothing ends, or all the same end', () => {
  const open = (tag: string) => (count: number) => tag.repeat(count);
  for (const text of [
    open('<time datetime="2026-11-28">'),
    (count: number) => `${'<time datetime="2026-11-28">x'.repeat(count)}</time>`,
    (count: number) => `${'<span data-math>x'.repeat(count)}</span>`,
    open('<u>x'),
  ]) {
    // The processor's time and the better of two, for the machine does other things as well.
    const [short = 0, long = 0] = [1_500, 9_000].map((count) => {
      const markdown = text(count);
      const times = Array.from({ length: 2 }, () => {
        const begun = process.cpuUsage();
        readMarkdown(schema, markdown);
        return process.cpuUsage(begun).user / 1_000;
      });
      return Math.min(...times);
    });
    // Six times as long: six times the work, where what is quadratic does 36 times as much.
    assert.ok(long < 16 * short, `${text(1)}: ${String(short)} ms, then ${String(long)} ms`);
  }
});

test('MD-2: a document as people write it', () => {
  const markdown = [
    '# Launch plan\n',
    'We open **on the ninth**, _not_ before; <u>really</u>.\\\nSee [the list](https://example.org/list).\n',
    '- [ ] Restore drill\n- [x] Screen reader\n',
    '1. one\n2. two\n   - nested\n',
    '> A quote\n',
    '```sh\nnpm start\n```\n',
    '---\n',
  ].join('\n');
  assert.equal(writeMarkdown(readMarkdown(schema, markdown)), markdown);
});

test('MATH-4: formulas are read as Pandoc and GitHub write them, and prices are none', () => {
  const kinds = (markdown: string) => String(readMarkdown(schema, markdown));
  assert.match(kinds('so $x^2$ is'), /paragraph\("so ", math, " is"\)/);
  assert.match(kinds('$a_1$ and $b_1$'), /math, " and ", math/);
  for (const none of ['costs $5 and $6', 'a $ b $ c', '\\$x$', '`$x$`', '$x$5', '$$', 'a $x\ny$'])
    assert.doesNotMatch(kinds(none), /math/, none);
  for (const block of ['$$\nx^2\n$$', '$$x^2$$', '```math\nx^2\n```', 'text\n$$\nx^2\n$$\ntext'])
    assert.match(kinds(block), /codeBlock\("x\^2"\)/, block);
  assert.doesNotMatch(kinds('$$\nx'), /codeBlock/);
  assert.equal(
    writeMarkdown(readMarkdown(schema, 'so $x^2$\n\n$$\n\\frac{a}{b}\n$$\n')),
    'so $x^2$\n\n$$\n\\frac{a}{b}\n$$\n',
  );
});

test('CONTENTS-1: a table of contents is [TOC], and in HTML it leads to the headings', () => {
  const markdown = '# Title\n\n[TOC]\n\n## One & two\n\ntext\n';
  const doc = readMarkdown(schema, markdown);
  assert.equal(writeMarkdown(doc), markdown);
  const html = writeHtml(doc);
  assert.match(html, /<nav data-contents>\n<ul>\n<li[^>]*><a href="#h1">One &#38; two<\/a><\/li>\n<\/ul>/);
  assert.match(html, /<h2 id="h1" dir="auto">One/);
  assert.doesNotMatch(String(readMarkdown(schema, 'see [TOC] here and \\[TOC]')), /contents/);
});

test('ATOM-1: days and mentions are read as the same things, and what another page says of a time is left in its words', () => {
  const read = (markdown: string) => String(readMarkdown(schema, markdown));
  assert.match(read('on <time datetime="2026-11-28">2026-11-28</time>'), /paragraph\("on ", date\)/);
  assert.doesNotMatch(read('on <time datetime="2026-11-28">Saturday</time>'), /date\)/);
  assert.doesNotMatch(read('<time datetime="2026-13-01">2026-13-01</time>'), /date\)/);
  assert.match(read('<span data-mention="person">Ada</span>!'), /paragraph\(mention, "!"\)/);
});

test('MD-6: HTML is escaped, and holds no address that could run', () => {
  const link = schema.marks['link']?.create({ href: 'javascript:alert(1)' });
  assert.ok(link);
  const doc = schema.node('doc', null, [
    schema.node('paragraph', null, [schema.text('<script>"&', [link])]),
    schema.node('opaqueBlock', { ref: '"><script>', name: '<', words: '<img src=x onerror=alert(1)>' }),
  ]);
  const html = writeHtml(doc);
  assert.doesNotMatch(html, /<script|<img|javascript/);
  assert.match(html, /^<p dir="auto">&#60;script&#62;&#34;&#38;<\/p>/);
});
