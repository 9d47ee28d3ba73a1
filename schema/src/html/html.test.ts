import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@tiptap/pm/model';
import * as fc from 'fast-check';
import { awkwardDocument } from '../awkward-document.ts';
import { documentSchema } from '../extensions.ts';
import { randomDocument } from '../random-document.ts';
import { parseHtml } from './parse-html.ts';
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

test('MD-10: also blanks, signs, and marks that begin and end anywhere', () => {
  fc.assert(fc.property(awkwardDocument(schema), same), { numRuns: 5 * runs });
});
