import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinBackward, toggleMark } from '@tiptap/pm/commands';
import { TextSelection } from '@tiptap/pm/state';
import type { Node } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { TABLE_COMMANDS } from '../table/commands.ts';
import { moveSomewhere, places, typeSomewhere } from './random-editor.ts';
import { pick, seeded } from './seeded.ts';
import type { Random } from './seeded.ts';
import { meet, TestPage } from './test-page.ts';
import { at, endOf, NINE, shown, type } from './test-table.ts';

const SEEDS = Number(process.env['SHEAF_TEST_UNDO_SEEDS'] ?? 60);
const STEPS = 12;

/** Deletes the last units of some words. */
function cut(page: TestPage, words: string, units: number): void {
  const end = endOf(page, words);
  page.dispatch(page.state.tr.delete(end - units, end));
}

/** Deletes the block at `index` of the document. */
function remove(page: TestPage, index: number): void {
  const { doc, tr } = page.state;
  const from = doc.children.slice(0, index).reduce((size, { nodeSize }) => size + nodeSize, 0);
  page.dispatch(tr.delete(from, from + doc.child(index).nodeSize));
}

test('FLOW-12: words that were deleted come back to their place, also where their block went and came back since', () => {
  for (const words of ['bef', 'befor', 'before']) {
    const page = new TestPage(10, NINE);
    cut(page, words, 3);
    const without = 'before'.replace(words, words.slice(0, -3));
    for (const _ of [1, 2]) {
      remove(page, 0);
      page.undo.undo();
      assert.equal(shown(page)[0], without);
    }
    for (const _ of [1, 2]) {
      page.undo.undo();
      assert.equal(shown(page)[0], 'before');
      page.undo.redo();
      assert.equal(shown(page)[0], without);
    }
    page.undo.undo();
    const fresh = new TestPage(99, Y.encodeStateAsUpdate(page.doc));
    assert.ok(fresh.state.doc.eq(page.state.doc));
  }
});

test('FLOW-12: so it is with what others typed in the block meanwhile', () => {
  const page = new TestPage(10, NINE);
  const other = new TestPage(20, NINE);
  cut(page, 'befo', 2);
  remove(page, 0);
  type(other, 'before', '!');
  meet(page, other);
  page.undo.undo();
  page.undo.undo();
  meet(page, other);
  for (const one of [page, other]) assert.equal(shown(one)[0], 'before!');
});

test('FLOW-12: two blocks are two again where they were joined, deleted as one and brought back', () => {
  const page = new TestPage(10, NINE);
  const { schema, tr } = page.state;
  page.dispatch(tr.insert(0, schema.node('paragraph', null, schema.text('first'))));
  at(page, 'first', (state, dispatch) => {
    const start = TextSelection.create(state.doc, 'first'.length + 3);
    return joinBackward(state.apply(state.tr.setSelection(start)), (joined) =>
      dispatch?.(joined.steps.reduce((all, step) => all.step(step), state.tr)),
    );
  });
  assert.equal(shown(page)[0], 'firstbefore');
  remove(page, 0);
  page.undo.undo();
  page.undo.undo();
  assert.deepEqual(shown(page).slice(0, 2), ['first', 'before']);
});

test('FLOW-12: a column that was deleted comes back to its place, also where its table went and came back since', () => {
  const page = new TestPage(10, NINE);
  const before = shown(page);
  at(page, 'b2', TABLE_COMMANDS.deleteColumn);
  const without = shown(page);
  remove(page, 1);
  page.undo.undo();
  assert.deepEqual(shown(page), without);
  page.undo.undo();
  assert.deepEqual(shown(page), before);
});

/** What somebody does by chance. */
const DEEDS: readonly ((page: TestPage, random: Random) => unknown)[] = [
  (page, random) => typeSomewhere(page, random, 'xyz'),
  moveSomewhere,
  (page, random) => page.run(selectSome(page, random) && toggleMark(page.state.schema.mark('bold').type)),
  (page, random) => selectSome(page, random) && page.dispatch(page.state.tr.deleteSelection()),
  (page, random) =>
    page.state.doc.childCount > 1 && remove(page, Math.floor(random() * page.state.doc.childCount)),
];

/** Selects some of a block's text. */
function selectSome(page: TestPage, random: Random): true {
  const { doc, tr } = page.state;
  const all = places(doc);
  const from = pick(random, all);
  const start = doc.resolve(from).start();
  const to = pick(
    random,
    all.filter((place) => place >= from && doc.resolve(place).start() === start),
  );
  page.dispatch(tr.setSelection(TextSelection.create(doc, from, to)));
  return true;
}

test(`FLOW-12: undo and redo lead back and forth through all that somebody did alone, ${SEEDS} times`, () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const random = seeded(seed);
    const page = new TestPage(3, NINE);
    const { schema, tr } = page.state;
    const texts = ['one two three', 'four five', 'six'];
    page.dispatch(
      tr.insert(
        0,
        texts.map((words) => schema.node('paragraph', null, schema.text(words))),
      ),
    );
    page.undo.clear();
    const states = [String(page.state.doc)];
    for (let step = 0; step < STEPS; step += 1) {
      pick(random, DEEDS)(page, random);
      if (page.undo.undoStack.length === states.length) states.push(String(page.state.doc));
    }
    const last = states.length - 1;
    const back = states.slice(0, last).toReversed();
    for (const _ of [1, 2]) {
      for (const state of back) {
        page.undo.undo();
        assert.equal(String(page.state.doc), state, `seed ${seed}`);
      }
      for (const state of states.slice(1)) {
        page.undo.redo();
        assert.equal(String(page.state.doc), state, `seed ${seed}`);
      }
    }
  }
});

test('FLOW-12: what a table held comes back into it, also where the next table was taken apart', () => {
  const page = new TestPage(10);
  const { schema } = page.state;
  const words = (text: string, bold = '') =>
    schema.node('paragraph', null, [
      ...(text === '' ? [] : [schema.text(text)]),
      ...(bold === '' ? [] : [schema.text(bold, [schema.mark('bold')])]),
    ]);
  const table = (...cells: Node[]) =>
    schema.node(
      'table',
      null,
      [cells.slice(0, 2), cells.slice(2)].map((row) =>
        schema.node(
          'tableRow',
          null,
          row.map((cell) => schema.node('tableCell', null, cell)),
        ),
      ),
    );
  const first = table(words('a.b.', 'c.'), words(''), words('d.e.'), words('f.'));
  const second = table(words(''), words(''), words('g.', 'h.i.'), words('j.k.'));
  const last = words('l.', 'm.n.');
  const { tr, doc } = page.state;
  page.dispatch(tr.replaceWith(0, doc.content.size, [first, second, last]));
  page.undo.clear();
  const states = [String(page.state.doc)];
  const step = (change: (tr: Transaction) => Transaction) => {
    page.dispatch(change(page.state.tr));
    states.push(String(page.state.doc));
  };
  const third = table(words('p.'), words('', 'q.'), words('', 'r.s.'), words('', 't.'));
  step((now) => now.replaceWith(0, first.nodeSize + second.nodeSize, [words('o.'), third]));
  const before = words('o.').nodeSize;
  step((now) => now.delete(before, before + third.nodeSize));
  step((now) => now.delete(0, before));
  for (const _ of [1, 2]) {
    for (const state of states.slice(0, -1).toReversed()) {
      page.undo.undo();
      assert.equal(String(page.state.doc), state);
    }
    for (const state of states.slice(1)) {
      page.undo.redo();
      assert.equal(String(page.state.doc), state);
    }
  }
});
