import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import { TextSelection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { placeOf } from '../binding/test-moves.ts';
import { meet, TestPage } from '../binding/test-page.ts';
import { toText } from './to-text.ts';

/** What a document comes to when all of it is made text. */
function madeText(markdown: string): string {
  const page = new TestPage(1);
  const wanted = readMarkdown(page.state.schema, markdown);
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, wanted.content));
  const { doc } = page.state;
  const all = TextSelection.between(doc.resolve(0), doc.resolve(doc.content.size));
  page.dispatch(page.state.tr.setSelection(all));
  assert.ok(page.run(toText));
  page.state.doc.check();
  return writeMarkdown(page.state.doc);
}

test('text of no kind stands in nothing, and where it stood on its line', () => {
  assert.equal(
    madeText('# alpha\n\n> - bravo\n> - charlie\n\n```\ndelta\n```\n'),
    'alpha\n\nbravo\n\ncharlie\n\ndelta\n',
  );
  for (const around of ['<div data-inset="2">', '<div align="center">']) {
    const [heading, text] = ['## alpha', 'alpha'].map((line) => `${around}\n\n${line}\n\n</div>\n`);
    assert.ok(heading !== undefined && text !== undefined);
    assert.equal(madeText(heading), text);
  }
});

const LIST = '- alpha\n  - bravo\n    - charlie\n  - delta\n- echo\n';

/** Pages that show a document, of which what is from one word to another is selected on the first. */
function selected(markdown: string, from: string, to: string): [TestPage, TestPage] {
  const page = new TestPage(10);
  const wanted = readMarkdown(page.state.schema, markdown);
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, wanted.content));
  const other = new TestPage(20, Y.encodeStateAsUpdate(page.doc));
  const selection = TextSelection.create(page.state.doc, placeOf(page, from), placeOf(page, to) + to.length);
  page.dispatch(page.state.tr.setSelection(selection));
  return [page, other];
}

test('an item that is made text is one no longer, at any depth, and those around it are', () => {
  const made = (from: string, to: string, markdown = LIST) => {
    const [page] = selected(markdown, from, to);
    assert.ok(page.run(toText));
    page.state.doc.check();
    return writeMarkdown(page.state.doc);
  };
  assert.equal(made('alpha', 'echo'), 'alpha\n\nbravo\n\ncharlie\n\ndelta\n\necho\n');
  assert.equal(made('alpha', 'alpha'), 'alpha\n\n- bravo\n  - charlie\n- delta\n- echo\n');
  assert.equal(made('bravo', 'bravo'), '- alpha\n\nbravo\n\n- charlie\n- delta\n- echo\n');
  assert.equal(made('charlie', 'charlie'), '- alpha\n  - bravo\n\ncharlie\n\n- delta\n- echo\n');
  assert.equal(made('bravo', 'delta'), '- alpha\n\nbravo\n\ncharlie\n\ndelta\n\n- echo\n');
  const numbered = '1. alpha\n   1. bravo\n2. charlie\n';
  assert.equal(made('alpha', 'alpha', numbered), 'alpha\n\n1. bravo\n2. charlie\n');
  assert.equal(made('bravo', 'bravo', numbered), '1. alpha\n\nbravo\n\n1. charlie\n');
  assert.equal(
    made('alpha', 'charlie', '- [ ] alpha\n  1. bravo\n     - charlie\n'),
    'alpha\n\nbravo\n\ncharlie\n',
  );
});

test('FLOW-8: what another types in an item, or in one within it, is there when it is made text, and when that is undone', () => {
  for (const to of ['alpha', 'charlie', 'echo']) {
    const [ada, ben] = selected(LIST, 'alpha', to);
    const before = writeMarkdown(ada.state.doc);
    ada.run(toText);
    const typed = ['alpha', 'bravo', 'charlie', 'delta', 'echo'];
    for (const word of typed) ben.dispatch(ben.state.tr.insertText('X', placeOf(ben, word) + word.length));
    meet(ada, ben);
    for (const page of [ada, ben]) {
      assert.deepEqual(
        writeMarkdown(page.state.doc).match(/[a-z]+X/g),
        typed.map((word) => `${word}X`),
      );
      assert.doesNotMatch(writeMarkdown(page.state.doc), /- alpha/);
    }
    ada.undo.undo();
    meet(ada, ben);
    for (const page of [ada, ben])
      assert.equal(writeMarkdown(page.state.doc).replaceAll('X', ''), before, `from alpha to ${to}`);
  }
});
