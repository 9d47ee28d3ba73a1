import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTENT_FIELD } from '@sheaf/schema';
import { TextSelection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import type { AnchoredRange } from './flow-binding.ts';
import { agree, lines, move, pages, stored, TEXTS, type } from './test-moves.ts';
import { meet, TestPage } from './test-page.ts';

test('FLOW-21: words that only one of the copies has stay: what was typed before a move, and after it', () => {
  const [ada, ben, eve] = pages(10, 20, 30);
  assert.ok(ada && ben && eve);
  type(ada, 'two words', ' before');
  move(ada, 'two words before', 1);
  type(ada, 'two words before', ' after');
  move(ben, 'two words', 4);
  type(ben, 'two words', ' and more');
  meet(ada, ben, eve);
  type(eve, 'one', '!');
  agree([ada, ben, eve], 'title', ' before after', 'one!', 'three', 'four', 'two words and more');
});

test('FLOW-21: so do words that two of the copies have and the one that counts has not: once, whoever comes when', () => {
  const [ada, cay, ben, eve] = pages(10, 15, 20, 30);
  assert.ok(ada && cay && ben && eve);
  type(ada, 'two words', ' before');
  cay.receive(Y.encodeStateAsUpdate(ada.doc));
  move(ada, 'two words before', 1);
  move(cay, 'two words before', 3);
  move(ben, 'two words', 4);
  // What Eve leaves of Ada's copy is a block of its own when she sees Cay's.
  meet(ada, ben, eve);
  type(eve, 'one', '!');
  meet(eve, cay);
  type(cay, 'three', '?');
  const words = (page: TestPage) =>
    lines(page)
      .join()
      .match(/before/g)?.length;
  meet(ada, ben, cay, eve);
  for (const page of [ada, ben, cay, eve]) assert.deepEqual([words(page), lines(page).length], [1, 6]);
});

test('FLOW-21: words that have come away from their block are once there when two move them who saw others of them', () => {
  for (const ids of [
    [10, 20, 30, 40, 50],
    [50, 40, 30, 20, 10],
  ]) {
    const [ada, ben, eve, cay, dan] = pages(...ids);
    assert.ok(ada && ben && eve && cay && dan);
    move(ada, 'one', 4);
    type(ben, 'one', 'Ben');
    type(eve, 'one', 'Eve');
    for (const page of [ada, eve]) dan.receive(Y.encodeStateAsUpdate(page.doc));
    meet(ada, ben, eve);
    cay.receive(Y.encodeStateAsUpdate(ada.doc));
    const away = lines(cay).find((line) => /Ben/.test(line)) ?? '';
    assert.match(away, /^(?:BenEve|EveBen)$/);
    // For Dan there is no word of Ben's: the block has another first character, and another name.
    move(dan, 'Eve', 3);
    move(cay, away, 2);
    meet(ada, ben, eve, cay, dan);
    type(ada, 'title', '!');
    meet(ada, ben, eve, cay, dan);
    for (const page of [ada, dan]) {
      assert.deepEqual(
        lines(page)
          .join('')
          .match(/Ben|Eve/g)
          ?.toSorted(),
        ['Ben', 'Eve'],
        String(ids),
      );
      assert.deepEqual(page.text.match(/Ben|Eve/g)?.toSorted(), ['Ben', 'Eve'], String(ids));
    }
  }
});

test('FLOW-21: what another typed in a block whose move is taken back, and which both then move, is there once', () => {
  const [ada, ben, cay] = pages(10, 20, 30);
  assert.ok(ada && ben && cay);
  move(ada, 'one', 4);
  meet(ada, ben, cay);
  type(ben, 'one', ' of Ben');
  meet(ada, ben, cay);
  ada.undo.undo();
  assert.deepEqual(lines(ada), ['title', 'one', 'two words', 'three', 'four', ' of Ben']);
  move(ada, ' of Ben', 2);
  move(cay, 'one of Ben', 1);
  agree([ada, ben, cay], 'title', 'one of Ben', 'two words', 'three', 'four');
});

test('FLOW-22: what two moved one after another is once there, and can be written in, also where only the second move has come', () => {
  for (const loose of [true, false]) {
    const start = new Y.Doc();
    Y.applyUpdate(start, stored(...TEXTS, ...(loose ? [] : ['loose'])));
    if (loose) start.getText(CONTENT_FIELD).insert(start.getText(CONTENT_FIELD).length, 'loose');
    const [ada, ben, cay] = [10, 20, 30].map((id) => new TestPage(id, Y.encodeStateAsUpdate(start)));
    assert.ok(ada && ben && cay);
    move(ada, 'loose', 1);
    meet(ada, ben);
    move(ben, 'loose', 3);
    for (const update of ben.updates) cay.receive(update);
    // The block from which Ada took the words is there, until she says so.
    const rest = loose ? [] : [''];
    assert.deepEqual(lines(cay), ['title', 'one', 'two words', 'loose', 'three', 'four', ...rest]);
    assert.deepEqual(lines(new TestPage(99, Y.encodeStateAsUpdate(cay.doc))), lines(cay));
    type(cay, 'four', '!');
    type(cay, 'loose', ' no more');
    agree([ada, ben, cay], 'title', 'one', 'two words', 'loose no more', 'three', 'four!');
  }
});

test('FLOW-22: and so where the words themselves come last', () => {
  const [ada, ben, cay] = pages(10, 20, 30);
  assert.ok(ada && ben && cay);
  type(ada, 'one', ' new');
  const typed = ada.updates.splice(0);
  // All that is moved are those words, as a block of their own.
  const at = ada.state.doc.child(0).nodeSize + 1 + 'one'.length;
  ada.dispatch(ada.state.tr.split(at));
  move(ada, ' new', 1);
  meet(ada, ben);
  move(ben, ' new', 3);
  for (const update of [...ben.updates, ...typed]) cay.receive(update);
  assert.deepEqual(lines(cay), ['title', 'one', 'two words', ' new', 'three', 'four']);
  agree([ada, ben, cay], 'title', 'one', 'two words', ' new', 'three', 'four');
});

test('FLOW-22: words of a block that two move, and one of them joins with another, are there once', () => {
  for (const [one, other] of [
    [10, 20],
    [20, 10],
  ]) {
    const [ada, ben] = pages(one ?? 0, other ?? 0);
    assert.ok(ada && ben);
    move(ada, 'two words', 4);
    move(ben, 'two words', 1);
    const end = ada.state.doc.content.size - ada.state.doc.child(4).nodeSize;
    ada.dispatch(ada.state.tr.join(end));
    assert.deepEqual(lines(ada), ['title', 'one', 'three', 'fourtwo words']);
    meet(ada, ben);
    for (const page of [ada, ben])
      assert.equal(lines(page).join().match(/words/g)?.length, 1, `${one}, ${other}: ${lines(page).join()}`);
    type(ben, 'title', '!');
    agree([ada, ben], ...lines(ben));
    assert.equal(ada.text.match(/words/g)?.length, 1);
  }
});

test('FLOW-14: a caret and a range in a block that another moves go along, however often, so who types there goes on in it', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  const caretIn = (page: TestPage) => page.state.selection.$head.parent.textContent;
  const at = () => {
    let found = -1;
    ben.state.doc.descendants((node, pos) => {
      if (node.isText && node.text?.includes('words') === true) found = pos + node.text.indexOf('words');
    });
    return found;
  };
  ben.dispatch(ben.state.tr.setSelection(TextSelection.create(ben.state.doc, at() + 5)));
  const range = ben.binding.range(at(), at() + 5);
  const wordsOf = (of: AnchoredRange) => {
    const found = ben.binding.resolveRange(of);
    return found && ben.state.doc.textBetween(found.from, found.to);
  };
  move(ada, 'two words', 4);
  meet(ada, ben);
  assert.deepEqual([caretIn(ben), wordsOf(range)], ['two words', 'words']);
  ben.dispatch(ben.state.tr.insertText('!'));
  assert.deepEqual(lines(ben), ['title', 'one', 'three', 'four', 'two words!']);
  const second = ben.binding.range(at(), at() + 5);
  meet(ada, ben);
  for (const index of [1, 3]) {
    move(ada, 'two words!', index);
    meet(ada, ben);
    assert.deepEqual([caretIn(ben), wordsOf(range)], ['two words!', 'words']);
    assert.equal(wordsOf(second), 'words');
  }
  // Whatever an anchor claims, it leads somewhere or nowhere.
  for (const first of [7, {}, { client: 1, clock: 1e15 }, { client: '1', clock: -1 }])
    assert.doesNotThrow(() => ben.binding.resolve({ ...range.from, first }));
});

test('FLOW-21: what somebody deletes in a block that another moves is gone from what is left, and no word comes back twice', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  move(ada, 'two words', 1);
  move(ben, 'two words', 4);
  const at = ben.state.doc.content.size - 'two words'.length - 1;
  ben.dispatch(ben.state.tr.delete(at, at + 4));
  agree([ada, ben], 'title', 'one', 'three', 'four', 'words');
});
