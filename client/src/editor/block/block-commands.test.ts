import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, BLOCK_END, blocksOf, CONTENT_FIELD } from '@sheaf/schema';
import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { places, token, tokensOf, typeSomewhere } from '../binding/random-editor.ts';
import { pick, seeded } from '../binding/seeded.ts';
import { meet, TestPage } from '../binding/test-page.ts';
import { deleteBlocks, duplicateBlocks, levelsAt, moveBlocks, moveTo } from './block-commands.ts';
import { selectionAt, unitAfter, unitAt } from './rows.ts';

/** A flow with a title and blocks, each of attributes and a text. */
function stored(...blocks: [attributes: Record<string, unknown>, text: string][]): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const flow = doc.getText(CONTENT_FIELD);
  for (const [attributes, text] of [[{ kind: 'heading', level: 1 }, 'Title'] as const, ...blocks]) {
    const element = new Y.XmlElement<Record<string, string | number | boolean>>(BLOCK);
    // A test writes what no typed program would.
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value as string);
    flow.insertEmbed(flow.length, element);
    flow.insert(flow.length, text + BLOCK_END);
  }
  return Y.encodeStateAsUpdate(doc);
}

/** The document as a reader sees its structure: two spaces for each level, and what each block begins. */
function outline({ state }: TestPage): string[] {
  return blocksOf(state.doc).map(({ frame: { indent, opens, list, start }, node }) => {
    const begins =
      opens.replaceAll('quote', '>') +
      (list === null ? '' : { bullet: '-', ordered: `${start}.`, task: '[]', toggle: '+' }[list]);
    return `${'  '.repeat(indent)}${begins === '' ? '' : `${begins} `}${node.textContent}`;
  });
}

function putCaret(page: TestPage, text: string, to = text): void {
  const place = (words: string) => {
    const block = blocksOf(page.state.doc).find(({ node }) => node.textContent === words);
    assert.ok(block, words);
    return block.pos + 1 + words.length;
  };
  page.dispatch(page.state.tr.setSelection(TextSelection.create(page.state.doc, place(text), place(to))));
}

const NESTED = stored(
  [{}, 'one'],
  [{ list: 'bullet' }, 'a'],
  [{ list: 'bullet', indent: 1 }, 'a1'],
  [{ list: 'bullet', indent: 1 }, 'a2'],
  [{ list: 'bullet' }, 'b'],
  [{ list: 'bullet' }, 'c'],
  [{}, 'two'],
);

test('a block moves past its neighbours with what stands in it, and out of its list at the edge', () => {
  const page = new TestPage(2, NESTED);
  const go = (text: string, direction: 'up' | 'down') => {
    putCaret(page, text);
    const done = page.run(moveBlocks(direction));
    return done ? outline(page).slice(1) : null;
  };
  assert.deepEqual(go('a', 'down'), ['one', '- b', '- a', '  - a1', '  - a2', '- c', 'two']);
  assert.equal(page.state.selection.$from.parent.textContent, 'a');
  assert.deepEqual(go('a', 'up'), ['one', '- a', '  - a1', '  - a2', '- b', '- c', 'two']);
  assert.deepEqual(go('a2', 'down'), ['one', '- a', '  - a1', '- a2', '- b', '- c', 'two']);
  assert.deepEqual(go('a1', 'up'), ['one', '- a1', '- a', '- a2', '- b', '- c', 'two']);
  assert.deepEqual(go('two', 'up'), ['one', '- a1', '- a', '- a2', '- b', 'two', '- c']);
  assert.equal(go('one', 'up'), null, 'the title stays first');
  assert.equal(go('Title', 'down'), null);
  assert.equal(go('c', 'down'), null);
});

test('a list that is counted from another number keeps it, whichever item is its first', () => {
  const page = new TestPage(
    2,
    stored([{ list: 'ordered', start: 5 }, 'x'], [{ list: 'ordered' }, 'y'], [{}, 'z']),
  );
  putCaret(page, 'x');
  page.run(moveBlocks('down'));
  assert.deepEqual(outline(page).slice(1), ['5. y', '1. x', 'z']);
  page.run(moveBlocks('up'));
  assert.deepEqual(outline(page).slice(1), ['5. x', '1. y', 'z']);
  page.run(deleteBlocks);
  assert.deepEqual(outline(page).slice(1), ['5. y', 'z']);
});

test('several selected blocks are moved, copied and deleted as one', () => {
  const page = new TestPage(2, NESTED);
  putCaret(page, 'b', 'c');
  page.run(moveBlocks('up'));
  assert.deepEqual(outline(page).slice(1), ['one', '- b', '- c', '- a', '  - a1', '  - a2', 'two']);
  page.run(duplicateBlocks);
  assert.deepEqual(outline(page).slice(1, 6), ['one', '- b', '- c', '- b', '- c']);
  page.run(deleteBlocks);
  assert.deepEqual(outline(page).slice(1), ['one', '- b', '- c', '- a', '  - a1', '  - a2', 'two']);
});

test('what is deleted from within an item on leaves the item', () => {
  const page = new TestPage(2, NESTED);
  putCaret(page, 'a2', 'b');
  page.run(deleteBlocks);
  assert.deepEqual(outline(page).slice(1), ['one', '- a', '  - a1', '- c', 'two']);
});

test('FLOW-8: words typed in the neighbours of a block that is moved between them stay where they are', () => {
  for (const typistFirst of [true, false]) {
    const mover = new TestPage(2, NESTED);
    const typist = new TestPage(3, NESTED);
    for (const text of ['a', 'b', 'c', 'one']) {
      putCaret(typist, text);
      typist.dispatch(typist.state.tr.insertText(`+${text}`));
    }
    const { doc } = mover.state;
    const [from, to] = [7, 5];
    mover.dispatch(moveTo(mover.state, unitAt(blocksOf(doc), from), { index: to, indent: 0 }));
    meet(...(typistFirst ? [typist, mover] : [mover, typist]));
    const wanted = ['one+one', '- a+a', '  - a1', '  - a2', 'two', '- b+b', '- c+c'];
    assert.deepEqual(outline(mover).slice(1), wanted);
    assert.deepEqual(outline(typist).slice(1), wanted);
  }
});

test('FLOW-8: after any moves two people have one document, valid, and no word is twice by a move', () => {
  const seed = Number(process.env['SHEAF_FUZZ_SEED'] ?? 41);
  for (let round = 0; round < 40; round += 1) {
    const random = seeded(seed * 1_000 + round);
    const pages = [new TestPage(2, NESTED), new TestPage(3, NESTED)];
    let words = 0;
    for (let step = 0; step < 12; step += 1) {
      const page = pick(random, pages);
      typeSomewhere(page, random, token((words += 1)));
      const spots = places(page.state.doc);
      page.dispatch(page.state.tr.setSelection(TextSelection.create(page.state.doc, pick(random, spots))));
      page.run(moveBlocks(pick(random, ['up', 'down'])));
      const rows = blocksOf(page.state.doc);
      const unit = unitAt(rows, Math.floor(random() * rows.length));
      const index = Math.floor(random() * (rows.length + 1));
      const levels = levelsAt(page.state.doc, unit, index);
      if (levels && random() < 0.5) {
        const indent = pick(random, [levels.least, levels.most]);
        const before = tokensOf(page.text).sort();
        page.dispatch(moveTo(page.state, unit, { index, indent }));
        assert.deepEqual(tokensOf(page.text).sort(), before, `seed ${seed}, round ${round}`);
      }
      if (random() < 0.3) meet(...pages);
      page.state.doc.check();
    }
    meet(...pages);
    assert.deepEqual(
      pages[0]?.state.doc.toJSON(),
      pages[1]?.state.doc.toJSON(),
      `seed ${seed}, round ${round}`,
    );
    const found = new Set(tokensOf(pages[0]?.text ?? ''));
    assert.equal(found.size, words, `seed ${seed}, round ${round}: words were lost`);
  }
});

test('a divider that is selected is moved, duplicated and deleted by itself, and stays selected', () => {
  const page = new TestPage(2, stored([{}, 'a'], [{}, 'b'], [{}, 'c']));
  const divider = page.state.schema.node('horizontalRule');
  const select = () => {
    const found = blocksOf(page.state.doc).find(({ node }) => node.isLeaf);
    assert.ok(found);
    page.dispatch(page.state.tr.setSelection(selectionAt(page.state.doc, found)));
  };
  const rows = () => blocksOf(page.state.doc).map(({ node }) => (node.isLeaf ? '---' : node.textContent));
  const selected = () => {
    const { selection, doc } = page.state;
    assert.ok(selection instanceof NodeSelection);
    return blocksOf(doc).findIndex(({ pos }) => pos === selection.from);
  };
  page.dispatch(page.state.tr.insert(blocksOf(page.state.doc)[2]?.pos ?? 0, divider));
  assert.deepEqual(rows(), ['Title', 'a', '---', 'b', 'c']);
  select();
  page.run(moveBlocks('down'));
  page.run(moveBlocks('down'));
  assert.deepEqual(rows(), ['Title', 'a', 'b', 'c', '---']);
  assert.equal(selected(), 4);
  page.run(moveBlocks('up'));
  page.run(duplicateBlocks);
  assert.deepEqual(rows(), ['Title', 'a', 'b', '---', '---', 'c']);
  assert.equal(selected(), 4);
  page.run(deleteBlocks);
  assert.deepEqual(rows(), ['Title', 'a', 'b', '---', 'c']);
  select();
  page.run(deleteBlocks);
  assert.deepEqual(rows(), ['Title', 'a', 'b', 'c']);
});

test('blocks that are dragged are found again behind what others did, and not guessed at', () => {
  const content = stored([{}, 'one'], [{}, 'two'], [{}, 'three'], [{}, 'four']);
  const cases: readonly [string, (other: TestPage) => Transaction, ReturnType<typeof unitAfter>][] = [
    ['typed within', ({ state }) => state.tr.insertText('!', end(state, 'two')), { first: 2, end: 4 }],
    ['split above', ({ state }) => state.tr.split(end(state, 'one') - 1), { first: 3, end: 5 }],
    ['deleted above', ({ state }) => state.tr.delete(...around(state, 'one')), { first: 1, end: 3 }],
    ['deleted below', ({ state }) => state.tr.delete(...around(state, 'four')), { first: 2, end: 4 }],
    ['deleted', ({ state }) => state.tr.delete(...around(state, 'three')), null],
    ['put between', ({ state }) => state.tr.split(end(state, 'two')), null],
  ];
  for (const [name, change, expected] of cases) {
    const [page, other] = [new TestPage(3, content), new TestPage(4, content)];
    other.dispatch(change(other));
    meet(page, other);
    assert.ok(page.shown, name);
    assert.deepEqual(unitAfter(page.shown, { first: 2, end: 4 }), expected, name);
  }
});

function around({ doc }: TestPage['state'], text: string): [from: number, to: number] {
  const block = blocksOf(doc).find(({ node }) => node.textContent === text);
  assert.ok(block, text);
  return [block.pos, block.pos + block.node.nodeSize];
}

const end = (state: TestPage['state'], text: string) => around(state, text)[1] - 1;
