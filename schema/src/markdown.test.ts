import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@tiptap/pm/model';
import * as fc from 'fast-check';
import { documentSchema } from './extensions.ts';
import { randomDocument } from './random-document.ts';
import { readMarkdown } from './read-markdown.ts';
import { writeHtml } from './write-html.ts';
import { writeMarkdown } from './write-markdown.ts';

const schema = documentSchema();
const runs = Number(process.env['SHEAF_TEST_FUZZ_RUNS'] ?? 3_000);

const same = (doc: Node) => {
  const markdown = writeMarkdown(doc);
  const again = readMarkdown(schema, markdown);
  assert.ok(again.eq(doc), `${JSON.stringify(doc)}\n${markdown}\n${JSON.stringify(again)}`);
};

test('MD-1: what was written is read as the same document, for every block and mark', () => {
  fc.assert(fc.property(randomDocument(schema), same), { numRuns: runs });
});

/** Texts that mean something to Markdown, or that it would drop or change. */
const signs = [
  ...[
    '1. ',
    '2)',
    '# ',
    '## ',
    ' #',
    '- ',
    '+',
    '---',
    '===',
    '`',
    '``',
    '```',
    '|',
    '_',
    '__',
    '*',
    '**',
    '~~',
    '[',
  ],
  ...[
    ']',
    '[ ] ',
    '[x]',
    '](',
    '(',
    ')',
    '!',
    '<',
    '>',
    '<b>',
    '</u>',
    '<br>',
    '<!-- a -->',
    '&',
    '&amp;',
    '&nbsp;',
  ],
  ...[
    '\\',
    ' ',
    '  ',
    '\t',
    '\u00a0',
    '\u3000',
    '👍🏽',
    'مرحبا',
    'a',
    'b c',
    'é',
    ':',
    'http://a.b',
    '.',
    '"',
    "'",
    '\u200f',
  ],
];
const text = fc
  .array(fc.constantFrom(...signs), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));
const mark = fc.constantFrom(
  ...['bold', 'italic', 'underline', 'strike', 'code'].flatMap((name) => schema.marks[name]?.create() ?? []),
  ...['https://a.b/(c', 'https://a.b/<"> \\&amp;c', 'mailto:a@b.c'].flatMap(
    (href) => schema.marks['link']?.create({ href }) ?? [],
  ),
);
const marks = fc
  .array(mark, { maxLength: 3 })
  .map((all) => all.reduce((set, one) => one.addToSet(set), schema.text('a').marks));
const piece: fc.Arbitrary<Node> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(text, marks).map(([words, on]) => schema.text(words, on)) },
  { weight: 1, arbitrary: marks.map((on) => schema.node('hardBreak', null, [], [...on])) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(text, text, marks)
      .map(([name, words, on]) => schema.node('opaqueInline', { ref: '1:2', name, words }, [], [...on])),
  },
);
const line = fc.array(piece, { maxLength: 5 });
const block = fc.oneof(
  line.map((content) => schema.node('paragraph', null, content)),
  line.map((content) => schema.node('heading', { level: 2 }, content)),
  fc.array(fc.constantFrom(...signs, '\n'), { maxLength: 6 }).map((parts) => {
    const code = parts.join('');
    return schema.node('codeBlock', { language: null }, code === '' ? [] : [schema.text(code)]);
  }),
  fc.tuple(text, text).map(([name, words]) => schema.node('opaqueBlock', { ref: '3:4', name, words })),
);
const nested = fc.tuple(line, fc.array(block, { maxLength: 2 }), fc.nat(3)).map(([first, rest, kind]) => {
  const content = [schema.node('paragraph', null, first), ...rest];
  if (kind === 0) return schema.node('blockquote', null, content);
  if (kind === 1) return schema.node('taskList', null, [schema.node('taskItem', { checked: true }, content)]);
  return schema.node(kind === 2 ? 'bulletList' : 'orderedList', null, [
    schema.node('listItem', null, content),
  ]);
});

test('MD-1: also texts that look like Markdown, blanks, and marks that begin and end anywhere', () => {
  const docs = fc.array(fc.oneof(block, nested), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(docs, (content) => same(schema.node('doc', null, content))),
    { numRuns: runs },
  );
});

test('MD-3: any text is read as a valid document', () => {
  const any = fc
    .array(fc.oneof(fc.constantFrom(...signs, '\n', '\n\n', '> ', '    '), fc.string()))
    .map((all) => all.join(''));
  fc.assert(
    fc.property(any, (markdown) => readMarkdown(schema, markdown).check()),
    { numRuns: runs },
  );
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
