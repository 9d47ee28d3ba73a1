import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transaction } from '@tiptap/pm/state';
import { lines, pages } from './binding/test-moves.ts';
import { meet } from './binding/test-page.ts';
import type { TestPage } from './binding/test-page.ts';
import { putAtom } from './atom/put-atom.ts';
import { stillMeant } from './meant.ts';
import type { Meant } from './meant.ts';

/** `two words` of the pages that tests begin with. */
const WORDS: Meant = { from: 13, to: 22 };

/** What of {@link WORDS} is meant after changes, as text. */
function meantAfter(...changes: readonly ((tr: Transaction) => unknown)[]): string[] {
  const [page] = pages(10);
  assert.ok(page);
  const { tr } = page.state;
  for (const change of changes) change(tr);
  return stillMeant([WORDS], tr.mapping.maps).map(({ from, to }) => tr.doc.textBetween(from, to));
}

test('what is meant is what was chosen and is still there, and nothing that was put before, between or behind', () => {
  assert.deepEqual(meantAfter(), ['two words']);
  assert.deepEqual(
    meantAfter((tr) => tr.insertText('X', 5)),
    ['two words'],
  );
  for (const edge of [WORDS.from, WORDS.to])
    assert.deepEqual(
      meantAfter((tr) => tr.insertText('X', edge)),
      ['two words'],
    );
  assert.deepEqual(
    meantAfter(
      (tr) => tr.insertText('XY', 17),
      (tr) => tr.insertText('Z', 15),
    ),
    ['tw', 'o ', 'words'],
  );
  assert.deepEqual(
    meantAfter((tr) => tr.delete(15, 18)),
    ['tw', 'ords'],
  );
  assert.deepEqual(
    meantAfter((tr) => tr.insertText('X', 15, 18)),
    ['tw', 'ords'],
  );
  assert.deepEqual(
    meantAfter((tr) => tr.delete(5, 30)),
    [],
  );
});

/** Makes a formula of what is meant. */
function formula(page: TestPage, [first, ...others]: readonly Meant[]): void {
  assert.ok(first);
  page.dispatch(putAtom(page.state, first, { type: 'math', tex: 'x' }, others));
}

test('MATH-7: a formula takes the words of which it was made, and what another types among them stays, once', () => {
  for (const ids of [
    [10, 20],
    [20, 10],
  ])
    for (const arrives of ['before', 'behind']) {
      const [ada, ben] = pages(...ids);
      assert.ok(ada && ben);
      ben.dispatch(ben.state.tr.insertText('TYPED', WORDS.from + 4));
      if (arrives === 'before') meet(ada, ben);
      const maps = ada.shown?.mapping.maps ?? [];
      formula(ada, stillMeant([WORDS], maps));
      meet(ada, ben);
      for (const page of [ada, ben]) {
        const [before, after] = [lines(page).slice(0, 2), lines(page).slice(3)];
        assert.deepEqual([...before, ...after], ['title', 'one', 'three', 'four']);
        assert.match(
          lines(page)[2] ?? '',
          arrives === 'before' ? /^\$x\$TYPED$/ : /^(?:\$x\$TYPED|TYPED\$x\$)$/,
        );
      }
      ada.undo.undo();
      meet(ada, ben);
      for (const page of [ada, ben]) {
        assert.match(lines(page)[2] ?? '', /^two (?:TYPEDwords|wordsTYPED)$/);
      }
    }
});
