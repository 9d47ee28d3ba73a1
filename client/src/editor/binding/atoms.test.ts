import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK_END, nodeOfAtom } from '@sheaf/schema';
import type { Atom } from '@sheaf/schema';
import { getTextContentFromNodes } from '@tiptap/core';
import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { copiedLines } from '../copied-lines.ts';
import { insertAtom, insertBlock, wordsForAtoms } from '../atom/insert.ts';
import { putAtom } from '../atom/put-atom.ts';
import { COMMANDS } from './random-editor.ts';
import { seeded } from './seeded.ts';
import { meet, TestPage } from './test-page.ts';

const ADA: Atom = { type: 'person', name: 'Ada' };
const DAY: Atom = { type: 'date', date: '2026-11-28' };
const SQUARE: Atom = { type: 'math', tex: 'x^2 | \\$5' };
const PLAN: Atom = { type: 'document', document: 'plan', title: 'Launch plan' };

function pages(...ids: number[]): TestPage[] {
  const [first, ...others] = ids;
  const page = new TestPage(first ?? 1);
  page.dispatch(page.state.tr.insertText('one two'));
  return [page, ...others.map((id) => new TestPage(id, Y.encodeStateAsUpdate(page.doc)))];
}

function caret(page: TestPage, at: number, to = at): void {
  page.dispatch(page.state.tr.setSelection(TextSelection.create(page.state.doc, at, to)));
}

const words = ({ state }: TestPage) => state.doc.textBetween(0, state.doc.content.size, '|');
const embeds = ({ flow }: TestPage) =>
  flow
    .toDelta()
    .flatMap(({ insert }: { insert: unknown }) => (insert?.constructor === Object ? [insert] : []));

test('ATOM-1: a day, a person and a document are one unit each, stored as they are', () => {
  const [ada] = pages(1);
  assert.ok(ada);
  caret(ada, 5);
  for (const atom of [ADA, DAY, SQUARE, PLAN]) assert.ok(ada.run(insertAtom(atom)));
  assert.equal(words(ada), 'one @Ada2026-11-28$x^2 | \\$5$Launch plantwo');
  assert.deepEqual(embeds(ada), [
    { mention: 'person', name: 'Ada' },
    { date: '2026-11-28' },
    { math: 'x^2 | \\$5' },
    { mention: 'document', document: 'plan', title: 'Launch plan' },
  ]);
  assert.ok(new TestPage(9, Y.encodeStateAsUpdate(ada.doc)).state.doc.eq(ada.state.doc));
  ada.undo.undo();
  assert.equal(words(ada), 'one @Ada2026-11-28$x^2 | \\$5$two');
  ada.undo.redo();
  assert.equal(words(ada), 'one @Ada2026-11-28$x^2 | \\$5$Launch plantwo');
});

test('ATOM-1: an atom takes marks, and keeps them and itself where its block is split, moved and turned', () => {
  const [ada, ben] = pages(1, 2);
  assert.ok(ada && ben);
  caret(ada, 5);
  ada.run(insertAtom(ADA));
  const bold = ada.state.schema.marks['bold'];
  assert.ok(bold);
  ada.dispatch(ada.state.tr.addMark(5, 6, bold.create()));
  meet(ada, ben);
  for (const name of ['splitText', 'move', 'heading', 'bullet', 'quote']) {
    caret(ben, 5);
    ben.run(COMMANDS[name]?.(ben.state, seeded(3)) ?? (() => false));
    meet(ada, ben);
    const found: string[] = [];
    ada.state.doc.descendants((node) => {
      if (node.type.name === 'mention') found.push(node.marks.map(({ type }) => type.name).join());
    });
    assert.deepEqual(found, ['bold'], name);
  }
});

test('ATOM-1: what two people do at one atom: deleting wins over nothing, and two who change a day both have their day', () => {
  const [ada, ben] = pages(1, 2);
  assert.ok(ada && ben);
  caret(ada, 5);
  ada.run(insertAtom(DAY));
  meet(ada, ben);
  const change = (page: TestPage, date: string) =>
    page.dispatch(putAtom(page.state, { from: 5, to: 6 }, { type: 'date', date }));
  change(ada, '2027-01-01');
  change(ben, '2027-02-02');
  meet(ada, ben);
  assert.match(words(ada), /^one (?:2027-01-012027-02-02|2027-02-022027-01-01)two$/);
  assert.equal(words(ada), words(ben));
  // Words typed beside an atom that goes stay.
  ada.dispatch(ada.state.tr.delete(5, 6));
  ben.dispatch(ben.state.tr.insertText('T1E', 6));
  meet(ada, ben);
  assert.match(words(ada), /T1E/);
});

test('ATOM-1: code in which somebody else puts a person is shown as a paragraph, and the name is not lost', () => {
  const [ada, ben] = pages(1, 2);
  assert.ok(ada && ben);
  caret(ada, 5);
  ada.run(insertAtom(ADA));
  caret(ben, 5);
  ben.run(COMMANDS['code']?.(ben.state, seeded(1)) ?? (() => false));
  meet(ada, ben);
  for (const page of [ada, ben]) {
    assert.equal(words(page), 'one @Adatwo');
    assert.equal(page.state.doc.firstChild?.type.name, 'paragraph');
  }
  ben.dispatch(ben.state.tr.insertText('!', 1));
  meet(ada, ben);
  assert.equal(words(ada), '!one @Adatwo');
});

test('ATOM-1: before a block becomes code its days and mentions become their words', () => {
  const [ada] = pages(1);
  assert.ok(ada);
  caret(ada, 5);
  for (const atom of [ADA, DAY]) ada.run(insertAtom(atom));
  assert.ok(ada.run(wordsForAtoms));
  assert.ok(!ada.run(wordsForAtoms));
  assert.deepEqual(embeds(ada), []);
  assert.equal(ada.text, 'one @Ada2026-11-28two\n');
});

test('FLOW-11: a thing of a newer version in a text is kept, also where its block is moved; what is no atom is none', () => {
  const page = new TestPage(1);
  page.dispatch(page.state.tr.insertText('title'));
  const things = [
    { date: '2026-02-30' },
    { date: 7 },
    { mention: 'person', name: '' },
    { mention: 'person', name: 'a\nb' },
    { mention: 'document', document: 'x' },
    { mention: 'group', name: 'all' },
    { poll: { question: 'Which?' } },
  ];
  page.doc.transact(() => {
    page.flow.insert(page.flow.length, `ab${BLOCK_END}`);
    for (const thing of things) page.flow.insertEmbed(page.flow.length - 2, thing);
  }, 'network');
  const opaque = () => {
    let count = 0;
    page.state.doc.descendants((node) => void (count += node.type.name === 'opaqueInline' ? 1 : 0));
    return count;
  };
  assert.equal(opaque(), things.length);
  caret(page, page.state.doc.content.size - 1);
  page.run(COMMANDS['move']?.(page.state, seeded(5)) ?? (() => false));
  assert.deepEqual(embeds(page), things);
  assert.equal(opaque(), things.length);
});

test('CONTENTS-1: a table of contents is a block by itself; what it was put in place of, and moves, stay one', () => {
  const [ada, ben] = pages(1, 2);
  assert.ok(ada && ben);
  caret(ada, 8);
  assert.ok(ada.run(insertBlock('contents')));
  const kinds = (page: TestPage) => page.state.doc.children.map(({ type }) => type.name);
  assert.deepEqual(kinds(ada), ['paragraph', 'contents', 'paragraph']);
  assert.equal(ada.state.selection.$from.index(0), 2);
  assert.ok(ada.run(insertBlock('contents')));
  assert.deepEqual(kinds(ada), ['paragraph', 'contents', 'contents', 'paragraph']);
  meet(ada, ben);
  assert.deepEqual(kinds(ben), kinds(ada));
  ada.undo.undo();
  ada.undo.undo();
  meet(ada, ben);
  assert.deepEqual(kinds(ben), ['paragraph']);
  // In a list it goes behind the words of the item, which has to begin with some.
  ben.run(COMMANDS['bullet']?.(ben.state, seeded(1)) ?? (() => false));
  caret(ben, 4);
  assert.ok(ben.run(insertBlock('contents')));
  assert.match(String(ben.state.doc), /listItem\(paragraph\("one two"\), contents, paragraph\)/);
});

test('ATOM-1: what is copied as text has the words of its things, and to rules for what is typed each is one sign', () => {
  const [ada] = pages(1);
  assert.ok(ada);
  caret(ada, 5);
  for (const atom of [ADA, DAY]) ada.run(insertAtom(atom));
  const { doc } = ada.state;
  assert.equal(copiedLines(doc.slice(0, doc.content.size), null), 'one @Ada2026-11-28two');
  assert.equal(copiedLines(doc.slice(1, 4), null), 'one');
  assert.equal(getTextContentFromNodes(doc.resolve(7)), 'one \ufffc\ufffc');
});

test('ATOM-1: what is selected as a thing is replaced by what is put there', () => {
  const [ada] = pages(1);
  assert.ok(ada);
  caret(ada, 5);
  ada.run(insertAtom(DAY));
  ada.dispatch(ada.state.tr.setSelection(NodeSelection.create(ada.state.doc, 5)));
  ada.run(insertAtom(ADA));
  assert.equal(words(ada), 'one @Adatwo');
  assert.ok(nodeOfAtom(ada.state.schema, ADA).eq(ada.state.doc.nodeAt(5) ?? ada.state.doc));
});

test('MATH-1: a formula that is a block is text, in which two people write at once', () => {
  const [ada, ben] = pages(1, 2);
  assert.ok(ada && ben);
  caret(ada, 2);
  ada.run(COMMANDS['math']?.(ada.state, seeded(1)) ?? (() => false));
  meet(ada, ben);
  assert.equal(ben.state.doc.firstChild?.attrs['language'], 'math');
  ada.dispatch(ada.state.tr.insertText('\\frac', 1));
  ben.dispatch(ben.state.tr.insertText('^2', 8));
  meet(ada, ben);
  assert.equal(ada.state.doc.textContent, '\\fracone two^2');
  ben.undo.undo();
  meet(ada, ben);
  assert.equal(ada.state.doc.textContent, '\\fracone two');
});
