import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { meet, TestPage } from '../binding/test-page.ts';
import { pagesWithCode } from './test-code.ts';

const pages = (...ids: number[]) => pagesWithCode('let a', 'js', ...ids);

const shown = ({ state }: TestPage) => {
  const { attrs, textContent } = state.doc.child(1);
  return `${String(attrs['language'])}: ${textContent}`;
};

/** Where the code's block begins. */
const at = ({ state }: TestPage) => state.doc.child(0).nodeSize;

function choose(page: TestPage, language: string | null): void {
  page.dispatch(page.state.tr.setNodeAttribute(at(page), 'language', language));
}

function type(page: TestPage, words: string): void {
  page.dispatch(page.state.tr.insertText(words, at(page) + page.state.doc.child(1).nodeSize - 1));
}

/** All show this, and so does who opens the document now. */
function agree(all: readonly TestPage[], expected: string): void {
  meet(...all);
  for (const page of [...all, new TestPage(99, Y.encodeStateAsUpdate(all[0]?.doc ?? new Y.Doc()))])
    assert.equal(shown(page), expected);
}

test('CODE-4: another language is one step, and keeps what others type in the code meanwhile', () => {
  for (const ids of [
    [10, 20],
    [20, 10],
  ]) {
    const [ada, ben] = pages(...ids);
    assert.ok(ada && ben);
    const size = ada.flow.length;
    choose(ada, 'python');
    assert.equal(ada.flow.length, size);
    assert.equal(ada.updates.length, 1);
    type(ben, ' = ben');
    agree([ada, ben], 'python: let a = ben');
    type(ada, ' + ada');
    ada.undo.undo();
    ada.undo.undo();
    agree([ada, ben], 'js: let a = ben');
    ada.undo.redo();
    agree([ada, ben], 'python: let a = ben');
    ben.undo.undo();
    agree([ada, ben], 'python: let a');
    choose(ben, null);
    agree([ada, ben], 'null: let a');
  }
});

test('CODE-4: of two languages chosen at once one stays, with the words of both', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  choose(ada, 'go');
  choose(ben, 'rust');
  type(ada, '|ada|');
  type(ben, '|ben|');
  meet(ada, ben);
  assert.equal(shown(ada), shown(ben));
  for (const word of ['|ada|', '|ben|']) assert.equal(shown(ada).split(word).length, 2);
  assert.match(shown(ada), /^(?:go|rust): let a/);
});
