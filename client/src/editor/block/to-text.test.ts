import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import { TextSelection } from '@tiptap/pm/state';
import { TestPage } from '../binding/test-page.ts';
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
