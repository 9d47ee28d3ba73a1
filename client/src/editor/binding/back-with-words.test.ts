import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitBlock } from '@tiptap/pm/commands';
import { TextSelection } from '@tiptap/pm/state';
import { agree, pages, placeOf, type } from './test-moves.ts';
import { meet } from './test-page.ts';
import type { TestPage } from './test-page.ts';

const IDS = [
  [10, 20, 30],
  [30, 20, 10],
  [20, 30, 10],
];

/** Deletes the blocks from one that begins with a text to the one that another is. */
function remove(page: TestPage, from: string, to: string): void {
  page.dispatch(page.state.tr.delete(placeOf(page, from) - 1, placeOf(page, to) + to.length + 1));
}

/** Where each of three types in `two words`: at its start, in it, and at its end. */
const OFFSETS = [0, 'two '.length, 'two words'.length];

test('FLOW-12: what others type in a block before they see that it went stands in it when it is brought back', () => {
  for (const ids of IDS)
    for (const seen of [true, false])
      for (const offset of OFFSETS) {
        const all = pages(...ids);
        const [ada, ben] = all;
        assert.ok(ada && ben);
        remove(ada, 'two words', 'two words');
        ben.dispatch(ben.state.tr.insertText('TYPED', placeOf(ben, 'two words') + offset));
        if (seen) meet(ada, ben);
        ada.undo.undo();
        // Who brings it back without having seen it has it behind what comes back.
        const at = seen ? offset : 'two words'.length;
        const line = `${'two words'.slice(0, at)}TYPED${'two words'.slice(at)}`;
        agree(all, 'title', 'one', line, 'three', 'four');
        // Back and forth.
        ada.undo.redo();
        agree(all, 'title', 'one', 'TYPED', 'three', 'four');
        ada.undo.undo();
        agree(all, 'title', 'one', line, 'three', 'four');
        type(ben, 'one', '!');
        agree(all, 'title', 'one!', line, 'three', 'four');
      }
});

test('FLOW-12: so it is where several blocks come back, where parts of two do, and where a join is taken back', () => {
  for (const ids of IDS) {
    const deletions: readonly ((page: TestPage) => unknown)[] = [
      (page) => remove(page, 'one', 'three'),
      (page) => page.dispatch(page.state.tr.delete(placeOf(page, 'ne'), placeOf(page, 'ree'))),
      (page) => page.dispatch(page.state.tr.join(placeOf(page, 'two words') - 1)),
    ];
    for (const deletion of deletions)
      for (const early of [true, false]) {
        const all = pages(...ids);
        const [ada, ben] = all;
        assert.ok(ada && ben);
        deletion(ada);
        if (early) ada.undo.undo();
        for (const text of ['one', 'two words', 'three']) type(ben, text, text.toUpperCase());
        if (!early) ada.undo.undo();
        agree(all, 'title', 'oneONE', 'two wordsTWO WORDS', 'threeTHREE', 'four');
      }
  }
});

test('FLOW-12: so it is where two bring the block back, each before seeing the other', () => {
  for (const ids of IDS) {
    const all = pages(...ids);
    const [ada, ben, eve] = all;
    assert.ok(ada && ben && eve);
    for (const page of [ada, ben]) remove(page, 'two words', 'two words');
    type(eve, 'two words', '!');
    for (const page of [ada, ben]) page.undo.undo();
    agree(all, 'title', 'one', 'two words!', 'three', 'four');
    type(ben, 'one', '.');
    agree(all, 'title', 'one.', 'two words!', 'three', 'four');
    assert.match(ada.text, /\ntwo words!\n/);
  }
});

test('FLOW-12: what comes back is what it was where this page wrote last right before it', () => {
  for (const ids of IDS)
    for (const until of ['line 0', 'ine 1', 'three', 'ree']) {
      const all = pages(...ids);
      const [ada] = all;
      assert.ok(ada);
      const end = placeOf(ada, 'two words') + 'two words'.length;
      ada.dispatch(ada.state.tr.setSelection(TextSelection.create(ada.state.doc, end)));
      for (const line of ['line 0', 'line 1']) {
        assert.ok(ada.run(splitBlock));
        ada.dispatch(ada.state.tr.insertText(line));
      }
      // Yjs makes one item of this and of what comes back behind it.
      ada.dispatch(ada.state.tr.insertText('<', placeOf(ada, 'two words')));
      ada.dispatch(ada.state.tr.delete(placeOf(ada, 'two words'), placeOf(ada, until)));
      ada.undo.undo();
      agree(all, 'title', 'one', '<two words', 'line 0', 'line 1', 'three', 'four');
      assert.equal(ada.text, 'title\none\n<two words\nline 0\nline 1\nthree\nfour\n');
    }
});
