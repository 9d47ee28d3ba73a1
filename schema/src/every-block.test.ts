import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, kindsFor } from './every-block-for-tests.ts';
import { documentSchema } from './extensions.ts';
import { parseHtml } from './html/parse-html.ts';
import { writeHtml } from './html/write-html.ts';
import { readMarkdown } from './read-markdown.ts';
import { writeMarkdown } from './write-markdown.ts';

const schema = documentSchema();

for (const { name, kind } of kindsFor('Markdown'))
  test(`every block, Markdown: MD-1, MD-10: ${name} is written, and read as it was`, () => {
    const doc = readMarkdown(schema, kind.markdown);
    assert.ok(countOf(doc, kind) > 0, String(doc));
    assert.equal(writeMarkdown(doc), `${kind.markdown}\n`);
    assert.deepEqual(parseHtml(schema, writeHtml(doc)).toJSON(), doc.toJSON());
  });
