import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from './extensions.ts';
import { parseHtml } from './html/parse-html.ts';
import { writeHtml } from './html/write-html.ts';
import { readMedia } from './media.ts';
import { readMarkdown } from './read-markdown.ts';
import { writeMarkdown } from './write-markdown.ts';

const schema = documentSchema();
const UPLOAD = `upload:${'0123456789abcdef'.repeat(4)}`;

test('MEDIA-1: what is not of the grammar counts as absent', () => {
  for (const src of [
    'blob:https://a/b',
    'data:image/png;base64,AA',
    'javascript:alert(1)',
    '/a.png',
    'upload:ab',
    7,
    null,
  ])
    assert.equal(readMedia('image', { src })['src'], null, String(src));
  assert.equal(readMedia('file', { src: 'https://example.org/a.exe' })['src'], null);
  assert.deepEqual(
    readMedia('image', { src: UPLOAD, alt: 'a\u2029b\nc', width: 0, height: 2.5, percent: 101, style: 'x' }),
    {
      src: UPLOAD,
      alt: 'a b c',
      caption: null,
      width: null,
      height: null,
      percent: null,
    },
  );
});

test('MD-2: an image as people write it, with what Markdown lacks in a comment', () => {
  const markdown = [
    '![A cat, asleep](https://example.org/cat.png)\n',
    `<!-- image: {"src":"${UPLOAD}","caption":"Under the table","percent":50} -->\n`,
    `![](<${UPLOAD.replace(':', '&#58;')}>)\n`,
    `<!-- file: {"src":"${UPLOAD}","name":"plan.pdf","bytes":12} -->\n`,
    `[plan.pdf](<${UPLOAD.replace(':', '&#58;')}>)\n`,
  ].join('\n');
  const doc = readMarkdown(schema, markdown);
  assert.deepEqual(
    doc.children.map(({ type }) => type.name),
    ['image', 'image', 'file'],
  );
  assert.equal(writeMarkdown(doc), markdown);
});

test('MD-3: words that somebody wrote where an image was told stay; an image among words is its words', () => {
  const doc = readMarkdown(
    schema,
    `<!-- image: {"src":"${UPLOAD}"} -->\n\nWords\n\nand ![a cat](https://example.org/c.png) too`,
  );
  assert.deepEqual(
    doc.children.map(({ type, textContent }) => `${type.name} ${textContent}`),
    ['image ', 'paragraph Words', 'paragraph and a cat too'],
  );
});

test('PASTE-8: an image of a page becomes an image, with its caption; signs within a text and other addresses do not', () => {
  const html =
    '<p>before <img src="https://example.org/a.png" alt="A" width="600" height="400"> after</p>' +
    '<figure><a href="https://example.org"><img src="http://example.org/b.png"></a><figcaption> A <b>caption</b></figcaption></figure>' +
    '<p><img src="https://example.org/smile.png" alt=":-)" width="16"><img src="data:image/png;base64,AA" alt="data"></p>';
  const doc = parseHtml(schema, html);
  assert.deepEqual(
    doc.children.map(({ type, textContent, attrs }) => [
      type.name,
      textContent,
      attrs['src'] ?? '',
      attrs['caption'] ?? '',
    ]),
    [
      ['paragraph', 'before', '', ''],
      ['image', '', 'https://example.org/a.png', ''],
      ['paragraph', 'after', '', ''],
      ['image', '', 'http://example.org/b.png', 'A caption'],
      ['paragraph', ':-)data', '', ''],
    ],
  );
});

test('MD-6: HTML of an image holds no address but one of http or https', () => {
  const doc = schema.node('doc', null, [
    schema.node('image', { src: 'javascript:alert(1)', alt: '"><script>' }),
    schema.node('image', { src: UPLOAD, caption: '<b>' }),
  ]);
  const html = writeHtml(doc);
  assert.ok(!html.includes('javascript:') && !html.includes('<script') && !html.includes('<b>'));
  assert.ok(!/<img[^>]* src=/.test(html));
});
