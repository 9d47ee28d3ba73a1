import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toggleMark } from '@tiptap/pm/commands';
import { TextSelection } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { TABLE_COMMANDS } from '../table/commands.ts';
import { meet, TestPage } from './test-page.ts';
import { at, endOf, NINE, shown, tableOf, type } from './test-table.ts';

/** A document of which each block was written by several people, in several goes, with formatting. */
function written(): Uint8Array {
  const [ada, ben] = [new TestPage(3, tableOf(['a1', 'b1'], ['a2', 'b2'])), new TestPage(4)];
  meet(ada, ben);
  type(ada, 'before', ' one');
  meet(ada, ben);
  type(ben, 'before', ' two');
  type(ben, 'b1', ' words');
  const from = endOf(ben, 'before');
  ben.dispatch(ben.state.tr.setSelection(TextSelection.create(ben.state.doc, from, from + 3)));
  ben.run(toggleMark(ben.state.schema.mark('bold').type));
  meet(ada, ben);
  type(ada, 'behind', '!');
  return Y.encodeStateAsUpdate(ada.doc);
}

/** Deletes the block at `index` of the document. */
function remove(page: TestPage, index: number): void {
  const { state } = page;
  let from = 0;
  for (let before = 0; before < index; before += 1) from += state.doc.child(before).nodeSize;
  page.dispatch(state.tr.delete(from, from + state.doc.child(index).nodeSize));
}

const LINES = ['before two one', 'a1|b1 words', 'a2|b2', 'behind!'];

/** All show the same, which is what anybody reads, and receiving wrote nothing. */
function agree(all: readonly TestPage[], lines: readonly string[], context = ''): void {
  for (const page of all) page.updates.length = 0;
  meet(...all);
  for (const page of all) {
    assert.deepEqual(page.updates, []);
    assert.deepEqual(shown(page), lines, context);
    page.state.doc.check();
    assert.ok(page.state.doc.eq(new TestPage(99, Y.encodeStateAsUpdate(page.doc)).state.doc), context);
  }
}

const IDS = [
  [10, 20, 30],
  [30, 20, 10],
  [20, 30, 10],
] as const;

test('FLOW-21: a block or table that several delete at once and all bring back is there once', () => {
  for (const index of [0, 1, 2])
    for (const ids of IDS) {
      const all = ids.map((id) => new TestPage(id, written()));
      const marked = String(all[0]?.state.doc);
      for (const page of all) remove(page, index);
      meet(...all);
      for (const page of all) page.undo.undo();
      const context = `block ${index}, ids ${ids.join()}`;
      agree(all, LINES, context);
      assert.equal(String(all[0]?.state.doc), marked, context);
      // The next change of anybody leaves one, also in the flow.
      for (const page of all.slice(0, 2)) type(page, 'b2', '.');
      agree(
        all,
        LINES.map((line) => line.replace('b2', 'b2..')),
        context,
      );
      for (const word of ['before', 'b1', 'behind'])
        assert.equal(all[0]?.text.split(word).length, 2, `${word}, ${context}`);
    }
});

test('FLOW-21: so it is where each brings it back before seeing that the others deleted it', () => {
  for (const index of [0, 1])
    for (const [one, other] of IDS) {
      const [ada, ben] = [new TestPage(one, written()), new TestPage(other, written())];
      for (const page of [ada, ben]) {
        remove(page, index);
        page.undo.undo();
      }
      agree([ada, ben], LINES);
      // Who deletes it again deletes what both see.
      remove(ada, index);
      agree([ada, ben], index === 0 ? LINES.slice(1) : [LINES[0] ?? '', LINES[3] ?? '']);
      ada.undo.undo();
      agree([ada, ben], LINES);
    }
});

test('FLOW-21: blocks that several people bring back stand in the order in which they stood', () => {
  for (const [one, other] of IDS) {
    const [ada, ben] = [new TestPage(one, written()), new TestPage(other, written())];
    remove(ada, 0);
    remove(ben, 1);
    meet(ada, ben);
    assert.deepEqual(shown(ada), ['behind!']);
    ben.undo.undo();
    ada.undo.undo();
    agree([ada, ben], LINES);
  }
});

test('FLOW-12: what others typed meanwhile in what is brought back stands where they typed it', () => {
  for (const [one, other] of IDS) {
    const [ada, ben] = [new TestPage(one, written()), new TestPage(other, written())];
    remove(ada, 0);
    type(ben, 'before', ' more');
    meet(ada, ben);
    ada.undo.undo();
    agree(
      [ada, ben],
      LINES.map((line) => line.replace('before', 'before more')),
    );
  }
});

test('FLOW-12: undo and redo go back and forth through what was brought back, step by step', () => {
  const page = new TestPage(10, written());
  type(page, 'behind', ' x');
  type(page, 'behind x', ' y');
  const steps = [shown(page)];
  const step = (change: () => void) => {
    change();
    steps.push(shown(page));
  };
  step(() => remove(page, 2));
  step(() => remove(page, 1));
  step(() => at(page, 'before', (state, dispatch) => (dispatch?.(state.tr.insertText('.')), true)));
  for (let round = 0; round < 3; round += 1) {
    for (const lines of steps.slice(0, -1).toReversed()) {
      page.undo.undo();
      assert.deepEqual(shown(page), lines);
    }
    page.undo.undo();
    assert.deepEqual(shown(page).at(-1), 'behind x!');
    page.undo.undo();
    assert.deepEqual(shown(page).at(-1), 'behind!');
    page.undo.redo();
    assert.deepEqual(shown(page).at(-1), 'behind x!');
    for (const lines of steps) {
      page.undo.redo();
      assert.deepEqual(shown(page), lines);
    }
  }
  assert.equal(page.undo.undoStack.length, 5);
});

/** How many beginnings and ends of formatting the flow holds. */
function formattings(page: TestPage): number {
  let count = 0;
  for (let item = page.flow._start; item !== null; item = item.right)
    if (item.content instanceof Y.ContentFormat && !item.deleted) count += 1;
  return count;
}

test('FLOW-12: formatted text that goes and comes back again and again has its formatting once', () => {
  const page = new TestPage(10, written());
  const [marked, count] = [String(page.state.doc), formattings(page)];
  assert.equal(count, 2);
  for (let round = 0; round < 20; round += 1) {
    remove(page, 0);
    page.undo.undo();
    page.undo.redo();
    page.undo.undo();
    assert.equal(formattings(page), count);
  }
  assert.equal(String(page.state.doc), marked);
});

test('FLOW-12: formatting is taken back also where its text went and came back behind it', () => {
  const page = new TestPage(10, written());
  const plain = String(page.state.doc);
  const from = endOf(page, 'behind');
  page.dispatch(page.state.tr.addMark(from - 3, from, page.state.schema.mark('italic')));
  const marked = String(page.state.doc);
  remove(page, 2);
  page.undo.undo();
  for (const _ of [1, 2]) {
    assert.equal(String(page.state.doc), marked);
    page.undo.undo();
    assert.equal(String(page.state.doc), plain);
    page.undo.redo();
  }
});

test('FLOW-12: formatting that goes on behind a block goes on when that goes and comes back', () => {
  const page = new TestPage(10, written());
  const { schema, tr } = page.state;
  page.dispatch(tr.insert(0, schema.node('paragraph', null, schema.text('first words'))));
  // As other programs write it: from within the first block into the second.
  page.doc.transact(() => page.flow.format(3, 14, { italic: true }), 'network');
  const [marked, second] = [String(page.state.doc), String(page.state.doc.child(1))];
  for (const _ of [1, 2]) {
    remove(page, 0);
    page.undo.undo();
    assert.equal(String(page.state.doc), marked);
    page.undo.redo();
    assert.equal(String(page.state.doc.child(0)), second);
    page.undo.undo();
    assert.equal(String(page.state.doc), marked);
  }
});

/** A document that begins with code in JavaScript. */
function withCode(): Uint8Array {
  const page = new TestPage(9, written());
  const { schema, tr } = page.state;
  page.dispatch(tr.insert(0, schema.node('codeBlock', { language: 'js' }, schema.text('code'))));
  return Y.encodeStateAsUpdate(page.doc);
}

function setLanguage({ state }: TestPage, language: string): Transaction {
  return state.tr.setNodeAttribute(0, 'language', language);
}

test('FLOW-12: a change of a block is taken back also where the block went and came back behind it', () => {
  for (const times of [1, 2]) {
    const page = new TestPage(10, withCode());
    page.dispatch(setLanguage(page, 'css'));
    const language = () => page.state.doc.child(0).attrs['language'] as unknown;
    for (let round = 0; round < times; round += 1) {
      remove(page, 0);
      page.undo.undo();
      assert.equal(language(), 'css');
    }
    for (const _ of [1, 2]) {
      page.undo.undo();
      assert.equal(language(), 'js');
      page.undo.redo();
      assert.equal(language(), 'css');
    }
    // What somebody else made of it meanwhile stays.
    const other = new TestPage(20, Y.encodeStateAsUpdate(page.doc));
    other.dispatch(setLanguage(other, 'rust'));
    meet(page, other);
    page.undo.undo();
    assert.equal(language(), 'rust');
  }
});

test('FLOW-12: where others deleted what came back, undo goes on to what is still there', () => {
  const page = new TestPage(10, withCode());
  type(page, 'behind', ' x');
  page.dispatch(setLanguage(page, 'css'));
  remove(page, 0);
  page.undo.undo();
  const other = new TestPage(20, Y.encodeStateAsUpdate(page.doc));
  remove(other, 0);
  meet(page, other);
  assert.deepEqual(shown(page), ['before two one', 'a1|b1 words', 'a2|b2', 'behind x!']);
  page.undo.undo();
  assert.deepEqual(shown(page), LINES);
  page.undo.redo();
  assert.deepEqual(shown(page).at(-1), 'behind x!');
});

test('FLOW-12: what was written, deleted and brought back is taken back around what others typed in it', () => {
  const page = new TestPage(10, written());
  type(page, 'behind', ' new words');
  const end = endOf(page, 'new words');
  page.dispatch(page.state.tr.delete(end - 9, end));
  page.undo.undo();
  const other = new TestPage(20, Y.encodeStateAsUpdate(page.doc));
  for (const behind of ['ne', 'word']) type(other, behind, 'X');
  agree([page, other], ['before two one', 'a1|b1 words', 'a2|b2', 'behind neXw wordXs!']);
  page.undo.undo();
  agree([page, other], ['before two one', 'a1|b1 words', 'a2|b2', 'behindXX!']);
  page.undo.redo();
  agree([page, other], ['before two one', 'a1|b1 words', 'a2|b2', 'behind neXw wordXs!']);
});

test('FLOW-21: the words of a row that two delete at once and both bring back are there once', () => {
  for (const [one, other] of IDS) {
    const [ada, ben] = [new TestPage(one, NINE), new TestPage(other, NINE)];
    for (const page of [ada, ben]) at(page, 'b2', TABLE_COMMANDS.deleteRow);
    meet(ada, ben);
    for (const page of [ada, ben]) page.undo.undo();
    agree([ada, ben], ['before', 'a1|b1|c1', 'a2|b2|c2', 'a3|b3|c3', 'behind']);
    type(ben, 'b2', '!');
    agree([ada, ben], ['before', 'a1|b1|c1', 'a2|b2!|c2', 'a3|b3|c3', 'behind']);
  }
});

test('FLOW-11: what this version does not know comes back as it was, with what is in it', () => {
  const page = new TestPage(10, written());
  page.doc.transact(() => {
    const board = new Y.XmlElement('whiteboard');
    board.insert(0, [new Y.XmlText('drawn')]);
    board.setAttribute('layers', new Y.Map([['one', 1]]) as unknown as string);
    page.flow.insertEmbed(0, board);
  }, 'network');
  const stored = () => JSON.stringify(page.flow.toDelta()).replaceAll(/ moved=\\"[^"]*\\"/g, '');
  const before = stored();
  remove(page, 0);
  page.undo.undo();
  assert.equal(stored(), before);
  const board: unknown = page.flow.toDelta()[0]?.insert;
  assert.ok(board instanceof Y.XmlElement);
  const layers: unknown = board.getAttribute('layers');
  assert.deepEqual(layers instanceof Y.Map && layers.toJSON(), { one: 1 });
  page.dispatch(page.state.tr.delete(0, page.state.doc.content.size));
  page.undo.undo();
  assert.match(stored(), /drawn/);
  assert.deepEqual(shown(page), ['', ...LINES]);
});
