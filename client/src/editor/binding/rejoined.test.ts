import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, BLOCK_END, CONTENT_FIELD } from '@sheaf/schema';
import { splitBlock } from '@tiptap/pm/commands';
import { TextSelection } from '@tiptap/pm/state';
import { mergeCells } from '@tiptap/pm/tables';
import * as Y from 'yjs';
import { setAttributes } from './attributes.ts';
import { placeOf } from './test-moves.ts';
import { meet, TestPage } from './test-page.ts';
import { at, NINE, tableOf, typeIn } from './test-table.ts';

const IDS = [
  [10, 20],
  [20, 10],
] as const;

/** A flow of paragraphs; those with a colon are of a note. */
function stored(...texts: string[]): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const flow = doc.getText(CONTENT_FIELD);
  for (const text of texts) {
    const element = new Y.XmlElement(BLOCK);
    flow.insertEmbed(flow.length, element);
    if (text.startsWith(':')) setAttributes(element, new Map([['note', 'n']]));
    flow.insert(flow.length, text.replace(':', '') + BLOCK_END);
  }
  return Y.encodeStateAsUpdate(doc);
}

/** Paragraphs of the text and of a note, in turn. */
const IN_TURN = stored('one', ':first', 'two', ':second', 'three', ':third');

/** The text of each block that a page shows. */
function lines({ state }: TestPage): string[] {
  const found: string[] = [];
  state.doc.descendants((node) => {
    if (node.isTextblock) found.push(node.textContent);
  });
  return found;
}

const join = (page: TestPage, text: string) => page.dispatch(page.state.tr.join(placeOf(page, text) - 1));
const type = (page: TestPage, behind: string, words: string) =>
  page.dispatch(page.state.tr.insertText(words, placeOf(page, behind) + behind.length));

/** All show these lines, and so does who opens the document; whoever writes next leaves each word once in the flow, too. */
function agree(pages: readonly TestPage[], ...expected: string[]): void {
  meet(...pages);
  for (const page of pages) {
    page.state.doc.check();
    assert.deepEqual(lines(page), expected);
    assert.deepEqual(lines(new TestPage(99, Y.encodeStateAsUpdate(page.doc))), expected);
  }
  const [page] = pages;
  assert.ok(page);
  page.dispatch(page.state.tr.insertText('.', 1));
  for (const word of expected.flatMap((line) => line.match(/[a-z]+/g) ?? []))
    assert.equal(page.text.split(word).length, 2, `${word}: ${page.text}`);
}

test('FLOW-9: paragraphs between which a note lies in the flow are joined, of the text and of the note', () => {
  const page = new TestPage(10, IN_TURN);
  assert.deepEqual(lines(page), ['one', 'two', 'three', 'first', 'second', 'third']);
  join(page, 'two');
  join(page, 'third');
  assert.deepEqual(lines(page), ['onetwo', 'three', 'first', 'secondthird']);
  page.undo.undo();
  page.undo.undo();
  assert.deepEqual(lines(page), ['one', 'two', 'three', 'first', 'second', 'third']);
  page.undo.redo();
  agree([page], 'onetwo', 'three', 'first', 'second', 'third');
});

test('FLOW-9: so they are where others between them go, and where one is split off again', () => {
  const whole = new TestPage(10, stored('one', ':first', 'two', 'three', ':second'));
  whole.dispatch(whole.state.tr.delete(placeOf(whole, 'ne'), placeOf(whole, 'hree')));
  agree([whole], 'ohree', 'first', 'second');
  const page = new TestPage(10, IN_TURN);
  const selection = TextSelection.create(page.state.doc, placeOf(page, 'ne'), placeOf(page, 'hree'));
  page.dispatch(page.state.tr.setSelection(selection));
  assert.ok(page.run(splitBlock));
  assert.deepEqual(lines(page), ['o', 'hree', 'first', 'second', 'third']);
});

test('FLOW-18: paragraphs of cells that were merged, and of a cell that two began at once, are joined', () => {
  const page = new TestPage(10, NINE);
  at(page, ['a2', 'b3'], mergeCells);
  join(page, 'b2');
  join(page, 'b3');
  assert.deepEqual(lines(page), ['before', 'a1', 'b1', 'c1', 'a2b2', 'a3b3', 'c2', 'c3', 'behind']);
  const [ada, ben] = IDS[0].map((id) => new TestPage(id, tableOf(['', 'b'], ['c', 'd'])));
  assert.ok(ada && ben);
  typeIn(ada, 0, 0, 'Ada');
  typeIn(ben, 0, 0, 'Ben');
  meet(ada, ben);
  const [, , second = ''] = lines(ada);
  join(ada, second);
  assert.match(lines(ada)[1] ?? '', /^(?:AdaBen|BenAda)$/);
});

test('FLOW-22: text that two join at once, or one joins and another moves, is there once', () => {
  for (const ids of IDS) {
    const [ada, ben] = ids.map((id) => new TestPage(id, IN_TURN));
    assert.ok(ada && ben);
    for (const page of [ada, ben]) join(page, 'second');
    agree([ada, ben], 'one', 'two', 'three', 'firstsecond', 'third');
    const [cay, dan] = ids.map((id) => new TestPage(id, IN_TURN));
    assert.ok(cay && dan);
    join(cay, 'two');
    const from = placeOf(dan, 'two') - 1;
    const node = dan.state.doc.nodeAt(from);
    assert.ok(node);
    dan.dispatch(dan.state.tr.delete(from, from + node.nodeSize).insert(placeOf(dan, 'one') - 1, node));
    agree([cay, dan], 'two', 'one', 'three', 'first', 'second', 'third');
  }
});

test('FLOW-8: what another types at the end of a block stays in it when something is joined to it that lies elsewhere', () => {
  for (const ids of IDS) {
    const [ada, ben] = ids.map((id) => new TestPage(id, IN_TURN));
    assert.ok(ada && ben);
    join(ada, 'two');
    type(ben, 'one', ' more');
    meet(ada, ben);
    assert.deepEqual(lines(ada).slice(1), ['three', 'first', 'second', 'third']);
    assert.match(lines(ada)[0] ?? '', /^one(?: moretwo|two more)$/);
  }
});
