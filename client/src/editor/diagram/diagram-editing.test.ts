import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setBlockType } from '@tiptap/pm/commands';
import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import { DIAGRAM_LANGUAGE } from '@sheaf/schema';
import { parseHtml } from '@sheaf/schema/parse-html';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { writeHtmlPage } from '@sheaf/schema/write-html';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import * as Y from 'yjs';
import { meet, TestPage } from '../binding/test-page.ts';
import { pagesWithCode } from '../code/test-code.ts';
import { deleteBlocks, duplicateBlocks, moveBlocks } from '../block/block-commands.ts';

const SOURCE = 'flowchart LR\n  A --> B';

const pages = (...ids: number[]) => pagesWithCode(SOURCE, DIAGRAM_LANGUAGE, ...ids);

/** Each block: a diagram by its source behind `~`, others by their text. */
const blocks = ({ state }: TestPage) =>
  state.doc.children.map(({ attrs, textContent }) =>
    attrs['language'] === DIAGRAM_LANGUAGE ? `~${textContent}` : textContent,
  );

/** Puts the caret behind words. */
function caret(page: TestPage, words: string): void {
  let at = -1;
  page.state.doc.descendants((node, pos) => {
    const offset = node.isText ? (node.text?.indexOf(words) ?? -1) : -1;
    if (offset >= 0) at = pos + offset + words.length;
  });
  assert.ok(at >= 0, words);
  page.dispatch(page.state.tr.setSelection(TextSelection.create(page.state.doc, at)));
}

function type(page: TestPage, behind: string, words: string): void {
  caret(page, behind);
  page.dispatch(page.state.tr.insertText(words));
}

/** All show these blocks, and so does who opens the document now. */
function agree(all: readonly TestPage[], ...expected: string[]): void {
  meet(...all);
  for (const page of all) {
    assert.deepEqual(blocks(page), expected);
    assert.deepEqual(blocks(new TestPage(99, Y.encodeStateAsUpdate(page.doc))), expected);
    page.state.doc.check();
  }
}

const { schema } = new TestPage(9).state;
const { codeBlock, paragraph, heading } = schema.nodes;
assert.ok(codeBlock && paragraph && heading);

test('DIAGRAM-1, FLOW-8: what becomes a diagram, or is one no longer, keeps what another types in it meanwhile', () => {
  for (const ids of [
    [10, 20],
    [20, 10],
  ]) {
    const [ada, ben] = pages(...ids);
    assert.ok(ada && ben);
    const size = ada.flow.length;
    caret(ada, 'last');
    assert.ok(ada.run(setBlockType(codeBlock, { language: DIAGRAM_LANGUAGE })));
    caret(ada, 'flowchart');
    assert.ok(ada.run(setBlockType(heading, { level: 2 })));
    assert.equal(ada.flow.length, size);
    type(ben, 'last', ' --> C');
    type(ben, 'A --> B', ' --> D');
    agree([ada, ben], 'Title', `flowchart LR  A --> B --> D`, '~last --> C');
    assert.equal(ada.state.doc.child(1).type.name, 'heading');
    // Each takes back what is theirs, and nothing of the other's.
    ada.undo.undo();
    ada.undo.undo();
    agree([ada, ben], 'Title', `~${SOURCE} --> D`, 'last --> C');
    ben.undo.undo();
    agree([ada, ben], 'Title', `~${SOURCE}`, 'last --> C');
    ada.undo.redo();
    ben.undo.redo();
    agree([ada, ben], 'Title', `~${SOURCE} --> D`, '~last --> C');
  }
});

test('DIAGRAM-1, FLOW-12: a diagram that is deleted comes back as one by undo, with what another typed in it, once', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  caret(ada, 'A --> B');
  assert.ok(ada.run(deleteBlocks));
  type(ben, 'A --> B', '|Ben|');
  meet(ada, ben);
  assert.equal(blocks(ada).join().split('|Ben|').length, 2);
  ada.undo.undo();
  meet(ada, ben);
  for (const page of [ada, ben]) {
    assert.ok(blocks(page).some((block) => block.startsWith('~flowchart LR')));
    assert.equal(blocks(page).join().split('|Ben|').length, 2);
    assert.equal(blocks(page).join().split('flowchart').length, 2);
  }
  const [cay, dan] = pages(10, 20);
  assert.ok(cay && dan);
  for (const page of [cay, dan]) {
    caret(page, 'A --> B');
    assert.ok(page.run(deleteBlocks));
  }
  agree([cay, dan], 'Title', 'last');
  cay.undo.undo();
  dan.undo.undo();
  agree([cay, dan], 'Title', `~${SOURCE}`, 'last');
});

test('DIAGRAM-1: a copy of a diagram is a diagram of its own; one that two move is there once', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  caret(ada, 'A --> B');
  assert.ok(ada.run(duplicateBlocks));
  type(ben, 'A --> B', ' --> Ben');
  agree([ada, ben], 'Title', `~${SOURCE} --> Ben`, `~${SOURCE}`, 'last');
  ada.undo.undo();
  agree([ada, ben], 'Title', `~${SOURCE} --> Ben`, 'last');
  for (const page of [ada, ben]) {
    caret(page, 'A --> B');
    assert.ok(page.run(moveBlocks('down')));
  }
  agree([ada, ben], 'Title', 'last', `~${SOURCE} --> Ben`);
  // What a clipboard holds of it is pasted as a diagram: as it was copied, from HTML and from Markdown.
  let from = 0;
  for (const at of [0, 1]) from += ada.state.doc.child(at).nodeSize;
  const slice = NodeSelection.create(ada.state.doc, from).content();
  ada.dispatch(ada.state.tr.replaceWith(0, 0, slice.content));
  const copy = `~${SOURCE} --> Ben`;
  assert.equal(blocks(ada)[0], copy);
  const doc = schema.topNodeType.create(null, slice.content);
  const html = writeHtmlPage(doc, 'One');
  for (const read of [parseHtml(schema, html), readMarkdown(schema, writeMarkdown(doc))])
    assert.ok(read.eq(doc), String(read));
});
