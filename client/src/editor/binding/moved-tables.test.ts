import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { TABLE_COMMANDS } from '../table/commands.ts';
import { insertTable } from '../table/insert-table.ts';
import { moveFrom } from './test-moves.ts';
import { TestPage, meet } from './test-page.ts';
import { at, NINE, shown, tableOf, type, typeIn } from './test-table.ts';

const TABLE = ['a1|b1|c1', 'a2|b2|c2', 'a3|b3|c3'];

/** Three pages that show a table between two paragraphs. */
function pages(start = NINE): [TestPage, TestPage, TestPage] {
  return [new TestPage(10, start), new TestPage(20, start), new TestPage(30, start)];
}

/** Moves the first table so that it is the document's block at `index`. */
function move(page: TestPage, index: number): void {
  const from = page.state.doc.children.findIndex(({ type: { name } }) => name === 'table');
  moveFrom(page, from, index);
}

/** All show these lines, and so does who opens the document now; receiving wrote nothing. */
function agree(all: readonly TestPage[], ...lines: string[]): void {
  for (const page of all) page.updates.length = 0;
  meet(...all);
  for (const page of all) {
    assert.deepEqual(page.updates, []);
    assert.deepEqual(shown(page), lines);
    page.state.doc.check();
    assert.ok(page.state.doc.eq(new TestPage(99, Y.encodeStateAsUpdate(page.doc)).state.doc));
  }
}

const count = ({ text }: TestPage, word: string) => text.split(word).length - 1;

test('FLOW-21: of two or three who move one table at once, one decides where it is', () => {
  const [ada, ben, eve] = pages();
  move(ada, 0);
  move(ben, 2);
  agree([ada, ben], 'before', 'behind', ...TABLE);
  agree([ada, ben, eve], 'before', 'behind', ...TABLE);
  // Of what is held twice the next change leaves one, whoever makes it.
  type(eve, 'b2', '!');
  agree([ada, ben, eve], 'before', 'behind', 'a1|b1|c1', 'a2|b2!|c2', 'a3|b3|c3');
  assert.equal(count(ada, 'b2'), 1);
  move(ada, 1);
  move(ben, 0);
  move(eve, 1);
  agree([ada, ben, eve], 'before', 'a1|b1|c1', 'a2|b2!|c2', 'a3|b3|c3', 'behind');
});

test('FLOW-21: who moved it more often decides, and everybody goes on writing in one table', () => {
  const [ada, ben, eve] = pages();
  move(ada, 0);
  move(ada, 2);
  move(ada, 0);
  move(ben, 2);
  meet(ada, ben, eve);
  typeIn(ben, 0, 0, 'x');
  at(eve, 'c3', TABLE_COMMANDS.rowAfter);
  meet(ada, ben, eve);
  typeIn(ada, 3, 0, 'y');
  agree([ada, ben, eve], 'xa1|b1|c1', 'a2|b2|c2', 'a3|b3|c3', 'y||', 'before', 'behind');
  for (const word of ['a1', 'b2', 'c3', 'x', 'y']) assert.equal(count(ada, word), 1, word);
});

test('FLOW-21: words that only one of the copies has stay, as a paragraph where that one stood', () => {
  const [ada, ben, eve] = pages();
  move(ada, 0);
  eve.receive(Y.encodeStateAsUpdate(ada.doc));
  type(eve, 'b2', ' more');
  at(eve, 'c3', TABLE_COMMANDS.rowAfter);
  typeIn(eve, 3, 1, 'new row');
  move(ben, 2);
  meet(ada, ben, eve);
  type(ada, 'before', '!');
  agree([ada, ben, eve], ' more', 'new row', 'before!', 'behind', ...TABLE);
  assert.equal(count(ada, 'b2'), 1);
});

test('FLOW-21: words typed before the move are in the copy that counts, or a paragraph', () => {
  for (const [one, other] of [
    [10, 20],
    [20, 10],
  ] as const) {
    const [ada, ben] = [new TestPage(one, NINE), new TestPage(other, NINE)];
    type(ada, 'a1', ' typed');
    move(ada, 0);
    move(ben, 2);
    meet(ada, ben);
    type(ben, 'before', '!');
    const first = one > other ? ['a1 typed|b1|c1'] : [' typed'];
    const rest = one > other ? [...TABLE.slice(1), 'before!', 'behind'] : ['before!', 'behind', ...TABLE];
    agree([ada, ben], ...first, ...rest);
  }
});

test('FLOW-21: undo of a move takes the table back, also when another moved it: then it stays there', () => {
  const [ada, ben, eve] = pages();
  move(ada, 0);
  ada.undo.undo();
  agree([ada, ben, eve], 'before', ...TABLE, 'behind');
  ada.undo.redo();
  agree([ada, ben, eve], ...TABLE, 'before', 'behind');
  move(ben, 2);
  ada.undo.undo();
  agree([ada, ben, eve], 'before', 'behind', ...TABLE);
  ben.undo.undo();
  meet(ada, ben, eve);
  // Ben takes his back as well: there is one, where Ada or Ben had it before.
  assert.equal(shown(eve).join().split('b2').length, 2);
  type(eve, 'behind', '!');
  meet(ada, ben, eve);
  assert.equal(count(ada, 'b2'), 1);
});

test('FLOW-21: a table that one moves and another deletes, with all that both see, is gone, and comes back once', () => {
  const [ada, ben, eve] = pages();
  move(ada, 0);
  move(ben, 2);
  meet(ada, ben, eve);
  at(eve, 'b2', TABLE_COMMANDS.deleteTable);
  agree([ada, ben, eve], 'before', 'behind');
  eve.undo.undo();
  agree([ada, ben, eve], 'before', 'behind', ...TABLE);
  at(ada, 'b2', TABLE_COMMANDS.deleteTable);
  at(ben, 'b2', TABLE_COMMANDS.deleteTable);
  meet(ada, ben, eve);
  ada.undo.undo();
  ben.undo.undo();
  agree([ada, ben, eve], 'before', 'behind', ...TABLE);
});

test('FLOW-21: a table in a cell goes with the one around it, and one that was put into a copy stays', () => {
  const page = new TestPage(5, tableOf(['a1', 'b1'], ['a2', 'b2']));
  const inside = new TestPage(6, tableOf(['in', 'ner']));
  const table = inside.state.doc.child(1);
  const put = (to: TestPage, behind: string) => {
    let place = -1;
    to.state.doc.descendants((node, pos) => {
      if (node.isTextblock && node.textContent === behind) place = pos + node.nodeSize;
    });
    to.dispatch(to.state.tr.insert(place, to.state.schema.nodeFromJSON(table.toJSON())));
  };
  put(page, 'b2');
  const [ada, ben, eve] = pages(Y.encodeStateAsUpdate(page.doc));
  move(ada, 0);
  eve.receive(Y.encodeStateAsUpdate(ada.doc));
  put(eve, 'a1');
  move(ben, 2);
  meet(ada, ben, eve);
  type(ada, 'before', '!');
  agree([ada, ben, eve], 'in|ner', 'before!', 'behind', 'a1|b1', 'a2|b2/in/ner');
});

test('FLOW-21: a table without words, and one that was never seen by who moves another, are told apart', () => {
  const empty = new TestPage(5, tableOf(['x']));
  at(empty, 'behind', insertTable);
  const [ada, ben] = pages(Y.encodeStateAsUpdate(empty.doc));
  const lines = shown(ada);
  assert.deepEqual(lines, ['before', 'x', 'behind', '||', '||', '||', '']);
  // The first of each is another table.
  move(ada, 4);
  at(ben, 'x', TABLE_COMMANDS.deleteTable);
  move(ben, 0);
  agree([ada, ben], '||', '||', '||', 'before', 'behind', '', 'x');
});

test('FLOW-21: text that no element begins is told by its first character, by itself and in a table', () => {
  const [ada, ben, eve] = pages();
  // Its cell, and its block, go while Eve types there.
  at(ada, 'b2', TABLE_COMMANDS.deleteRow);
  const { state } = ben;
  ben.dispatch(state.tr.delete(0, state.doc.child(0).nodeSize));
  type(eve, 'b2', ' in the table');
  type(eve, 'before', ' by itself');
  meet(ada, ben, eve);
  const table = ['a1|b1|c1/ in the table', 'a3|b3|c3'];
  agree([ada, ben, eve], ' by itself', ...table, 'behind');
  move(ada, 0);
  move(ben, 2);
  agree([ada, ben, eve], ' by itself', 'behind', ...table);
  const swap = (page: TestPage, to: number) => {
    const { tr, doc } = page.state;
    const { nodeSize } = doc.child(0);
    page.dispatch(tr.delete(0, nodeSize).insert(tr.mapping.map(to), doc.child(0)));
  };
  swap(ada, ada.state.doc.content.size);
  swap(ben, ben.state.doc.child(0).nodeSize + ben.state.doc.child(1).nodeSize);
  agree([ada, ben, eve], 'behind', ' by itself', ...table);
  type(eve, 'behind', '!');
  agree([ada, ben, eve], 'behind!', ' by itself', ...table);
  for (const word of [' in the table', ' by itself']) assert.equal(count(eve, word), 1, word);
});

test('FLOW-21: whatever a table claims to be, the words in it are shown', () => {
  const [page] = pages();
  const claims: unknown[] = [
    7,
    { block: '1:0', times: 1e9, copies: [] },
    { block: '1:0', times: 2, copies: [] },
  ];
  for (const value of claims)
    for (const name of ['table', 'block'])
      page.doc.transact(() => {
        const element = new Y.XmlElement(name);
        page.flow.insertEmbed(0, element);
        page.flow.insert(1, 'words\u2029');
        element.setAttribute('moved', value as string);
      }, 'network');
  assert.equal(shown(page).filter((line) => line === 'words').length, 6);
  type(page, 'b2', '!');
  assert.equal(shown(page).filter((line) => line === 'words').length, 6);
});
