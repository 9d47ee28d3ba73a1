import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from './extensions.ts';
import { parseHtml } from './html/parse-html.ts';
import { writeHtml } from './html/write-html.ts';
import { readMarkdown } from './read-markdown.ts';
import { writeMarkdown } from './write-markdown.ts';

const schema = documentSchema();
const markdown = (text: string) => readMarkdown(schema, text);
const html = (text: string) => parseHtml(schema, text);

const WRITTEN = [
  'Water boils[^boil] at 100 °C[^place].\n',
  '## After[^boil]\n',
  '[^boil]: At sea level.\n\n    Higher up it is less:\n\n    - 5,000 m: 83 °C\n',
  '[^place]: In Celsius[^boil].\n',
].join('\n');

test('NOTE-7: footnotes are read and written as Pandoc and GitHub have them, with all that stands in them', () => {
  const doc = markdown(WRITTEN);
  doc.check();
  assert.equal(
    String(doc),
    'doc(paragraph("Water boils", footnoteReference, " at 100 °C", footnoteReference, "."), ' +
      'heading("After", footnoteReference), ' +
      'footnote(paragraph("At sea level."), paragraph("Higher up it is less:"), bulletList(listItem(paragraph("5,000 m: 83 °C")))), ' +
      'footnote(paragraph("In Celsius", footnoteReference, ".")))',
  );
  assert.equal(writeMarkdown(doc), WRITTEN);
  assert.equal(writeMarkdown(markdown('a[^1]\n[^1]: b\nc\n\n    d')), 'a[^1]\n\n[^1]: b c\n\n    d\n');
  assert.equal(writeMarkdown(markdown('a[^1]\n\n[^1]:\n    b')), 'a[^1]\n\n[^1]: b\n');
  assert.equal(String(markdown('[^1]:')), 'doc(footnote(paragraph))');
});

test('NOTE-7: what refers to nothing in a text is text, and so is what only looks like a footnote', () => {
  for (const none of [
    'a[^1]',
    'set `[^1]`\n\n[^1]: b',
    'a\\[^1]\n\n[^1]: b',
    '[^a b]: c',
    '[^]: c',
    '    [^1]: c',
  ])
    assert.doesNotMatch(String(markdown(none)), /footnoteReference/, none);
  assert.equal(String(markdown('regular: [^abc]')), 'doc(paragraph("regular: [^abc]"))');
  assert.equal(writeMarkdown(markdown('[^1] text')), '\\[^1\\] text\n');
});

test('NOTE-7: a label that can be no id gets one of its own, and a note within something else stands behind it', () => {
  const doc = markdown(
    'a[^ä] b[^note-1]\n\n> q[^2]\n>\n> [^2]: two\n\n- [^3]: three\n\n[^ä]: one\n\n[^note-1]: other',
  );
  doc.check();
  const ids: unknown[] = [];
  const references: unknown[] = [];
  doc.descendants((node) => {
    if (node.type.name === 'footnote') ids.push(node.attrs['id']);
    if (node.type.name === 'footnoteReference') references.push(node.attrs['footnote']);
  });
  assert.deepEqual(ids, ['2', '3', 'note-1', 'note-2']);
  assert.deepEqual(references, ['note-1', 'note-2', '2']);
  assert.match(String(doc), /blockquote\(paragraph\("q", footnoteReference\)\), footnote/);
});

test('NOTE-7: a reference without its note is written so that it stays one', () => {
  const reference = schema.node('footnoteReference', { footnote: 'gone' });
  const doc = schema.node('doc', null, [schema.node('paragraph', null, [schema.text('a'), reference])]);
  assert.equal(writeMarkdown(doc), 'a[^gone]\n\n<!-- footnotes: ["gone"] -->\n');
  assert.ok(markdown(writeMarkdown(doc)).eq(doc));
  assert.ok(html(writeHtml(doc)).eq(doc));
});

test('NOTE-7: a text takes as long as it is, also of thousands of signs that begin a reference', () => {
  for (const sign of ['[^', '[^a', '[^a]', '[^a]: ', '\n[^a]: b']) {
    const [short = 0, long = 0] = [2_000, 12_000].map((count) => {
      const text = sign.repeat(count);
      const begun = process.cpuUsage();
      markdown(text);
      return process.cpuUsage(begun).user / 1_000;
    });
    assert.ok(
      long < 16 * Math.max(short, 5),
      `${JSON.stringify(sign)}: ${String(short)} ms, then ${String(long)} ms`,
    );
  }
});

test('NOTE-8: HTML gives references their numbers, leads to each note and back, and is read as it was', () => {
  const doc = markdown(WRITTEN);
  const written = writeHtml(doc);
  assert.match(
    written,
    /boils<sup data-footnote="boil" id="fnref-boil"><a href="#fn-boil" role="doc-noteref">1<\/a><\/sup>/,
  );
  assert.match(written, /After<sup data-footnote="boil"><a href="#fn-boil" role="doc-noteref">1<\/a><\/sup>/);
  assert.match(
    written,
    /<aside data-footnote="place" id="fn-place" role="doc-footnote" dir="auto">\n<a href="#fnref-place" role="doc-backlink">2<\/a>\n<p/,
  );
  assert.ok(html(written).eq(doc), String(html(written)));
});

/* As each program writes them: forms that were read in what others publish of Word, Google Docs' export, LibreOffice,
 * Pandoc, GitHub and Wikipedia; nothing here was copied on a clipboard of ours. */
const FOREIGN: Readonly<Record<string, string>> = {
  Word: `<p class=MsoNormal>One<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference><span style='mso-special-character:footnote'>[1]</span></span></a> two.</p>
    <div style='mso-element:footnote-list'><br clear=all><hr align=left size=1 width="33%">
    <div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1" title=""><span class=MsoFootnoteReference>[1]</span></a> The <b>note</b>.</p><p>More.</p></div></div>`,
  'Google Docs': `<p><span>One</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup><span> two.</span></p><hr>
    <div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span>&nbsp;The </span><b>note</b><span>.</span></p><p>More.</p></div>`,
  LibreOffice: `<p>One<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a> two.</p>
    <div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a> The <b>note</b>.</p><p>More.</p></div>`,
  Pandoc: `<p>One<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a> two.</p>
    <section class="footnotes" role="doc-endnotes"><hr><ol><li id="fn1"><p>The <b>note</b>.</p><p>More.<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section>`,
  GitHub: `<p>One<sup><a href="#user-content-fn-1" id="user-content-fnref-1" data-footnote-ref aria-describedby="footnote-label">1</a></sup> two.</p>
    <section data-footnotes class="footnotes"><h2 id="footnote-label">Footnotes</h2><ol><li id="user-content-fn-1"><p>The <b>note</b>.</p><p>More. <a href="#user-content-fnref-1" data-footnote-backref>↩</a></p></li></ol></section>`,
  Wikipedia: `<p>One<sup id="cite_ref-1" class="reference"><a href="#cite_note-1">[1]</a></sup> two.</p>
    <ol class="references"><li id="cite_note-1"><span class="mw-cite-backlink"><b><a href="#cite_ref-1">^</a></b></span> <p>The <b>note</b>.</p><p>More.</p></li></ol>`,
};

for (const [program, page] of Object.entries(FOREIGN))
  test(`NOTE-9: footnotes as ${program} writes them come as footnotes`, () => {
    const doc = html(page);
    doc.check();
    assert.equal(
      String(doc),
      'doc(paragraph("One", footnoteReference, " two."), footnote(paragraph("The ", bold("note"), "."), paragraph("More.")))',
    );
    const [body, note] = [doc.child(0), doc.child(1)];
    assert.equal(body.child(1).attrs['footnote'], note.attrs['id']);
    assert.deepEqual(body.child(1).marks, []);
  });

test('NOTE-9: a table of contents, whose headings lead back to it, holds no footnotes; nor do links of one direction', () => {
  const contents = '<p><a href="#s1" id="t1">1</a></p><h2 id="s1"><a href="#t1">1</a> One</h2>';
  for (const page of [
    contents,
    '<p><a href="#x" id="y">1</a></p><p id="x">text</p>',
    '<p id="x"><a href="#x">1</a></p>',
  ])
    assert.doesNotMatch(String(html(page)), /footnote/, page);
});

test('NOTE-9: two references to one note keep its words once, and thousands take as long as they are', () => {
  const twice = html(
    '<p>a<sup><a id="r1" href="#n">1</a></sup> b<sup><a id="r2" href="#n">1</a></sup></p><ol><li id="n">note <a href="#r1">↩</a> <a href="#r2">↩</a></li></ol>',
  );
  assert.equal(
    String(twice),
    'doc(paragraph("a", footnoteReference, " b", footnoteReference), footnote(paragraph("note")))',
  );
  const many = (count: number) => {
    const each = (write: (at: number) => string) =>
      Array.from({ length: count }, (_, at) => write(at)).join('');
    const text = each((at) => `<a id="r${String(at)}" href="#n${String(at)}">1</a>`);
    const page = `<p>${text}</p><ol>${each((at) => `<li id="n${String(at)}"><a href="#r${String(at)}">1</a>x</li>`)}</ol>`;
    const begun = process.cpuUsage();
    assert.equal(html(page).childCount, count + 1);
    return process.cpuUsage(begun).user / 1_000;
  };
  const [short, long] = [many(500), many(3_000)];
  assert.ok(long < 16 * Math.max(short, 5), `${String(short)} ms, then ${String(long)} ms`);
});
