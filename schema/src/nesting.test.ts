import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@tiptap/pm/model';
import * as fc from 'fast-check';
import { documentSchema } from './extensions.ts';
import { calloutOf, calloutWord, DEEPEST, OpenFrames, PLAIN, readFrame, readIcon } from './frame.ts';
import type { Frame } from './frame.ts';
import { beginsItem, blocksOf, documentOf } from './nesting.ts';
import { randomDocument } from './random-document.ts';

const schema = documentSchema();
const runs = Number(process.env['SHEAF_TEST_FUZZ_RUNS'] ?? 2_000);

test('FLOW-6: blocks and documents are inverse, for every document', () => {
  fc.assert(
    fc.property(randomDocument(schema), (doc) => {
      doc.check();
      const again = documentOf(schema, blocksOf(doc));
      assert.ok(again.eq(doc), `${String(doc)}\n${String(again)}`);
    }),
    { numRuns: runs },
  );
});

const frame: fc.Arbitrary<Frame> = fc.record({
  indent: fc.nat(4),
  opens: fc.constantFrom('', 'quote', 'quote quote', 'info', 'warning quote', 'quote note note'),
  list: fc.constantFrom(null, 'bullet' as const, 'ordered' as const, 'task' as const, 'toggle' as const),
  checked: fc.boolean(),
  start: fc.nat(3),
  numbering: fc.constantFrom(null, 'a'),
  apart: fc.boolean(),
  note: fc.constantFrom(null, null, 'a', 'b'),
});

test('FLOW-7: any row of frames comes to a valid document, and to the frames that are effective', () => {
  const leaf: fc.Arbitrary<Node> = fc.constantFrom(
    ...['paragraph', 'heading', 'codeBlock', 'horizontalRule'].flatMap(
      (name) => schema.nodes[name]?.create() ?? [],
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.record({ frame, node: leaf }), { minLength: 1, maxLength: 12 }), (blocks) => {
      const doc = documentOf(schema, blocks);
      doc.check();
      const open = new OpenFrames();
      const effective = blocks.map((block) => {
        const here = open.effective(block.frame, beginsItem(block.node));
        open.enter(here);
        return here;
      });
      assert.deepEqual(
        blocksOf(doc).map((block) => block.frame),
        effective,
      );
    }),
    { numRuns: runs },
  );
});

test('FLOW-7: a block as deep as a hostile peer likes is shown at the deepest that there is', () => {
  const node = schema.nodes['paragraph']?.create();
  assert.ok(node);
  const blocks = Array.from({ length: 500 }, (_, indent) => ({
    frame: { ...PLAIN, indent, list: 'bullet' as const },
    node,
  }));
  const doc = documentOf(schema, blocks);
  doc.check();
  assert.equal(Math.max(...blocksOf(doc).map((block) => block.frame.indent)), DEEPEST);
});

test('no blocks come to an empty paragraph', () => {
  assert.equal(String(documentOf(schema, [])), 'doc(paragraph)');
});

test('FLOW-23: the icon of a callout is one emoji, and no markup, word or row of them', () => {
  const opensOf = (quote: string) => readFrame({ quote }).opens;
  for (const icon of ['🎉', '👩🏽‍💻', '🇪🇺', '1️⃣', '❤️', '🏴󠁧󠁢󠁳󠁣󠁴󠁿']) {
    const word = calloutWord({ kind: 'info', icon });
    assert.equal(opensOf(`quote ${word}`), `quote ${word}`);
    assert.deepEqual(calloutOf(word), { kind: 'info', icon });
    const callout = schema.node('callout', { kind: 'info', icon }, [schema.node('paragraph')]);
    const [block] = blocksOf(schema.node('doc', null, [callout]));
    assert.equal(block?.frame.opens, word);
  }
  const hostile = [
    '',
    'a',
    '1',
    '🎉🎉',
    '<b>',
    '"',
    '🎉:🎉',
    '🎉\u200d',
    `🎉${'\u200d🎉'.repeat(40)}`,
    'javascript',
  ];
  for (const icon of hostile) {
    assert.equal(readIcon(icon), null, icon);
    assert.equal(opensOf(`info:${icon}`), '', icon);
  }
});
