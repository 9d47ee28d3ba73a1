import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitBlock } from '@tiptap/pm/commands';
import { TextSelection } from '@tiptap/pm/state';
import { agree, lines, move, pages, placeOf, type } from './test-moves.ts';
import { meet } from './test-page.ts';
import type { TestPage } from './test-page.ts';

const IDS = [
  [10, 20, 30],
  [30, 20, 10],
  [20, 30, 10],
];

/** Deletes a word within a block. */
function erase(page: TestPage, word: string): void {
  const from = placeOf(page, word);
  page.dispatch(page.state.tr.delete(from, from + word.length));
}

test('FLOW-22: a part of a block that several delete and all bring back is there once, at once', () => {
  for (const ids of IDS) {
    const all = pages(...ids);
    const [ada, ben] = all;
    assert.ok(ada && ben);
    for (const page of all) erase(page, 'words');
    meet(...all);
    for (const page of all) page.undo.undo();
    agree(all, 'title', 'one', 'two words', 'three', 'four');
    // Whoever writes next leaves one, also in the flow.
    type(ben, 'two words', '!');
    agree(all, 'title', 'one', 'two words!', 'three', 'four');
    assert.equal(ada.text.match(/words/g)?.length, 1);
  }
});

test('FLOW-22: so are parts that overlap, whether each sees the others before or after', () => {
  for (const ids of IDS)
    for (const seen of [true, false]) {
      const all = pages(...ids);
      const [ada, ben, eve] = all;
      assert.ok(ada && ben && eve);
      erase(ada, 'two wor');
      erase(ben, 'o words');
      erase(eve, ' ');
      if (seen) meet(...all);
      for (const page of all) page.undo.undo();
      agree(all, 'title', 'one', 'two words', 'three', 'four');
      type(eve, 'one', '!');
      agree(all, 'title', 'one!', 'two words', 'three', 'four');
      assert.match(ada.text, /\ntwo words\n/);
      // What is there can be deleted, and does not come back.
      erase(ben, 'wo word');
      agree(all, 'title', 'one!', 'ts', 'three', 'four');
    }
});

test('FLOW-22: who deletes what is shown deletes what is not shown of it', () => {
  for (const ids of IDS) {
    const all = pages(...ids);
    const [ada, ben] = all;
    assert.ok(ada && ben);
    for (const page of all) {
      erase(page, 'words');
      page.undo.undo();
    }
    meet(...all);
    erase(ada, 'words');
    agree(all, 'title', 'one', 'two ', 'three', 'four');
    assert.doesNotMatch(ada.text, /words/);
    ada.undo.undo();
    agree(all, 'title', 'one', 'two words', 'three', 'four');
  }
});

test('FLOW-22: typing that its author undoes and redoes while another moves the block is there once, in the block', () => {
  for (const ids of IDS) {
    const [ada, ben, eve] = pages(...ids);
    assert.ok(ada && ben && eve);
    type(ada, 'one', ' more');
    meet(ada, ben, eve);
    for (let round = 0; round < 3; round += 1) {
      ada.undo.undo();
      ada.undo.redo();
    }
    move(ben, 'one more', 3);
    agree([ada, ben, eve], 'title', 'two words', 'three', 'one more', 'four');
    type(eve, 'four', '!');
    agree([ada, ben, eve], 'title', 'two words', 'three', 'one more', 'four!');
    assert.equal(ada.text.match(/more/g)?.length, 1);
  }
});

test('FLOW-22: so is it when several move the block, before and after', () => {
  for (const ids of IDS) {
    const [ada, ben, eve] = pages(...ids);
    assert.ok(ada && ben && eve);
    type(ada, 'one', ' more');
    meet(ada, ben, eve);
    move(ben, 'one more', 3);
    move(eve, 'one more', 4);
    ada.undo.undo();
    ada.undo.redo();
    meet(ada, ben);
    move(ada, 'one more', 1);
    erase(ben, 'one');
    ben.undo.undo();
    meet(ada, ben, eve);
    const all = lines(ada).join('|');
    assert.equal(all.match(/one/g)?.length, 1, all);
    assert.equal(all.match(/more/g)?.length, 1, all);
    type(eve, 'title', '!');
    agree([ada, ben, eve], ...lines(eve));
    assert.deepEqual([ada.text.match(/one/g)?.length, ada.text.match(/more/g)?.length], [1, 1], ada.text);
  }
});

test('FLOW-22: a block in which a third types, which two delete and both bring back, has each word once', () => {
  for (const ids of IDS) {
    const all = pages(...ids);
    const [ada, ben, eve] = all;
    assert.ok(ada && ben && eve);
    for (const page of [ada, ben]) {
      const from = placeOf(page, 'two words') - 1;
      page.dispatch(page.state.tr.delete(from, from + 'two words'.length + 2));
    }
    const at = placeOf(eve, 'words');
    eve.dispatch(eve.state.tr.insertText('typed ', at));
    meet(...all);
    for (const page of [ada, ben]) page.undo.undo();
    meet(...all);
    const words = (page: TestPage) =>
      lines(page)
        .join(' ')
        .match(/two|words|typed/g)
        ?.toSorted();
    for (const page of all) assert.deepEqual(words(page), ['two', 'typed', 'words'], lines(page).join('|'));
    type(eve, 'title', '!');
    agree(all, ...lines(eve));
    for (const page of all) assert.deepEqual(words(page), ['two', 'typed', 'words'], lines(page).join('|'));
  }
});

test('FLOW-22: what is told of text that is gone is told no more, and one letter costs as much as a page', () => {
  const [ada] = pages(10);
  assert.ok(ada);
  const told = () => Object.keys(ada.flow.getAttributes()).length;
  for (let round = 0; round < 20; round += 1) {
    erase(ada, 'words');
    ada.undo.undo();
    assert.ok(told() <= 2, `${told()}`);
  }
});

test('FLOW-22: whatever the flow claims of what was brought back, it is shown', () => {
  const [ada] = pages(10);
  assert.ok(ada);
  const before = lines(ada);
  const values = [7, [], [1], ['a', 1, 1], [1, 2, 3, -1], [1, 2, 1e15], [1, 1e15, 5], null, { length: 3 }];
  for (const [at, value] of values.entries())
    ada.doc.transact(() => ada.flow.setAttribute(`again:1:${at}`, value as unknown as string), 'network');
  ada.doc.transact(() => ada.flow.setAttribute('again:1:2', [1, 2, 9] as unknown as string), 'network');
  ada.doc.transact(() => ada.flow.setAttribute('again:x', [1, 2, 9] as unknown as string), 'network');
  assert.equal(lines(ada).length, before.length);
  ada.state.doc.check();
  agree([ada], ...lines(ada));
});

test('FLOW-22: where the text of one block changes, another shows what counts now', () => {
  const all = pages(20, 10, 30, 40);
  const [ada, ben, carl, dora] = all;
  assert.ok(ada && ben && carl && dora);
  for (const page of [ada, ben]) erase(page, 'words');
  carl.dispatch(carl.state.tr.setSelection(TextSelection.create(carl.state.doc, placeOf(carl, 'words'))));
  carl.run(splitBlock);
  ada.undo.undo();
  meet(ada, dora);
  meet(ben, carl);
  ben.undo.undo();
  // Before the split and behind it is one word each; the first counts.
  agree([ada, ben, carl], 'title', 'one', 'two words', '', 'three', 'four');
  // Who knows of no other takes a letter from that: nothing but a text changes, and the other has it still.
  const from = placeOf(dora, 'words');
  dora.dispatch(dora.state.tr.delete(from + 4, from + 5));
  agree(all, 'title', 'one', 'two word', 's', 'three', 'four');
});
