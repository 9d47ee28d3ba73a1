import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, BLOCK_END, CONTENT_FIELD, documentOf, documentSchema } from '@sheaf/schema';
import { EditorState } from '@tiptap/pm/state';
import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { FlowModel } from './flow-model.ts';
import { pick, seeded } from './seeded.ts';
import { storedBlocks } from './shown.ts';
import type { StoredBlock } from './shown.ts';
import { isWhole, writeChange } from './write.ts';
import { writeTyped } from './write-typed.ts';

const schema = documentSchema();
const FORMATS = [
  { bold: true },
  { italic: true },
  { bold: null },
  { 'from-later': 7 },
  { 'from-later': null },
];

/** Blocks of text with formats, some of which no version knows yet, line breaks, days and what is deleted. */
function written(random: () => number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const flow = doc.getText(CONTENT_FIELD);
  for (let block = 0; block < 4; block += 1) {
    const element = new Y.XmlElement(BLOCK);
    flow.insertEmbed(flow.length, element);
    if (block === 3) element.setAttribute('kind', 'code');
    flow.insert(flow.length, `words\nof block ${block}`);
    if (block === 1) flow.insertEmbed(flow.length, { type: 'date', date: '2026-11-30' });
    flow.insert(flow.length, BLOCK_END);
  }
  for (let edit = 0; edit < 8; edit += 1) {
    const at = Math.floor(random() * (flow.length - 6));
    if (random() < 0.7) flow.format(at, 4, pick(random, FORMATS));
    else if (
      !flow
        .toString()
        .slice(at, at + 3)
        .includes(BLOCK_END)
    )
      flow.delete(at, 1);
  }
  return Y.encodeStateAsUpdate(doc);
}

interface Opened {
  readonly doc: Y.Doc;
  readonly model: FlowModel;
  readonly shown: Node;
  readonly blocks: readonly StoredBlock[];
}

/** That document as somebody has it who writes the same as everybody here. */
function opened(content: Uint8Array): Opened {
  const doc = new Y.Doc();
  doc.clientID = 7;
  Y.applyUpdate(doc, content);
  const flow = doc.getText(CONTENT_FIELD);
  flow._searchMarker = null;
  const model = new FlowModel(flow, schema);
  const shown = documentOf(schema, model.entries);
  return { doc, model, shown, blocks: storedBlocks(model.entries, shown, 0) };
}

/** Has `insert` put into a block; what is asked of the writers is told to `write`. */
function typeInto(
  { doc, model, shown, blocks }: Opened,
  { index, offset, insert }: { index: number; offset: number; insert: readonly Node[] },
  write: 'typed' | 'change',
): boolean {
  const block = blocks[index];
  assert.ok(block?.entry.type === 'block');
  const { entry, frame, node, pos } = block;
  const { tr } = EditorState.create({ doc: shown });
  const from = pos + 1 + offset;
  tr.replaceWith(from, from, insert);
  const is = tr.doc.nodeAt(pos);
  assert.ok(is);
  let isDone = true;
  doc.transact(() => {
    const range = { from, to: from, end: from + insert.reduce((sum, { nodeSize }) => sum + nodeSize, 0) };
    if (write === 'typed') isDone = writeTyped(model, { was: { entry, node, pos }, is, range });
    else writeChange({ model, before: [block], after: [{ frame, node: is, pos }], maps: tr.mapping.maps });
  });
  return isDone;
}

test('text that is typed is written as every change is, wherever it goes', () => {
  let typed = 0;
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = seeded(seed);
    const content = written(random);
    const { blocks } = opened(content);
    for (const [index, { node, entry }] of blocks.entries()) {
      if (entry.type !== 'block' || !node.isTextblock || !isWhole(entry)) continue;
      for (let offset = 0; offset <= node.content.size; offset += 1) {
        const [ours, theirs] = [opened(content), opened(content)];
        const beside = node.childBefore(offset).node?.marks ?? [];
        const marks = node.type.spec.code ? [] : pick(random, [beside, [], [schema.mark('italic')]]);
        const insert = [schema.text(pick(random, ['x', 'words ', `a${BLOCK_END}b`]), marks)];
        assert.ok(typeInto(ours, { index, offset, insert }, 'typed'));
        typeInto(theirs, { index, offset, insert }, 'change');
        const where = `seed ${seed}, block ${index}, offset ${offset}`;
        assert.deepEqual(Y.encodeStateAsUpdate(ours.doc), Y.encodeStateAsUpdate(theirs.doc), where);
        typed += 1;
      }
    }
  }
  assert.ok(typed > 2_000, `${typed}`);
});

test('a text of two kinds and what is no text is left to who writes every change', () => {
  const content = written(seeded(3));
  const before = Y.encodeStateAsUpdate(opened(content).doc);
  for (const insert of [
    [schema.text('a'), schema.text('b', [schema.mark('underline')])],
    [schema.nodes['hardBreak']?.create() ?? schema.text('')],
  ]) {
    const page = opened(content);
    assert.equal(typeInto(page, { index: 0, offset: 2, insert }, 'typed'), false);
    assert.deepEqual(Y.encodeStateAsUpdate(page.doc), before);
  }
});
