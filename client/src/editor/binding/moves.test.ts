import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, BLOCK_END } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { insertTable } from '../table/insert-table.ts';
import type { Anchor } from './anchor.ts';
import { agree, lines, move, pages, stored, TEXTS, type } from './test-moves.ts';
import { meet, TestPage } from './test-page.ts';

test('FLOW-21: of two who move one block at once, one decides where it is, and nothing is written to show that', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  move(ada, 'two words', 1);
  move(ben, 'two words', 4);
  agree([ada, ben], 'title', 'one', 'three', 'four', 'two words');
  type(ada, 'one', '!');
  agree([ada, ben], 'title', 'one!', 'three', 'four', 'two words');
  assert.equal(ada.text.match(/two words/g)?.length, 1);
});

test('FLOW-14: a caret that holds on to what is behind it goes along with its block, also from its end, and again', () => {
  for (const shift of ['start', 'within', 'end'] as const)
    for (const text of ['two words', '']) {
      const [ada, ben] = [10, 20].map(
        (id) => new TestPage(id, stored('title', 'one', text, 'three', 'four')),
      );
      assert.ok(ada && ben);
      const caret = (page: TestPage) => {
        let found = -1;
        page.state.doc.forEach((node, pos) => {
          if (node.textContent === text)
            found = pos + { start: 1, within: Math.min(5, node.nodeSize - 1), end: node.nodeSize - 1 }[shift];
        });
        return found;
      };
      for (const to of [4, 1, 3]) {
        const at = caret(ada);
        const told: Anchor = ada.binding.anchor({ anchor: at, head: at }, 'after').anchor;
        for (const again of [to, 5 - to]) {
          move(ben, text, again);
          meet(ada, ben);
          const both: readonly TestPage[] = [ada, ben];
          for (const page of both)
            assert.equal(page.binding.resolve(told), caret(page), `${shift} "${text}"`);
        }
      }
    }
});

test('FLOW-14: a caret at the end of a block that others join the next one to stays between them', () => {
  for (const text of ['two words', '']) {
    const [ada, ben] = [10, 20].map((id) => new TestPage(id, stored('title', 'one', text, 'three')));
    assert.ok(ada && ben);
    // Moved before, so that its name leads to a block.
    move(ben, text, 1);
    meet(ada, ben);
    const at = 'title'.length + 2 + 1 + text.length;
    const told = ada.binding.anchor({ anchor: at, head: at }, 'after').anchor;
    ben.dispatch(ben.state.tr.join(at + 1));
    meet(ada, ben);
    assert.equal(ben.binding.resolve(told), at);
    assert.equal(ada.binding.resolve(told), at);
  }
});

test('FLOW-21: so it is for dividers, for blocks without words, and for many blocks at once', () => {
  const [ada, ben] = [10, 20].map((id) => new TestPage(id, stored('title', '---', '', 'a', 'b')));
  assert.ok(ada && ben);
  for (const page of [ada, ben]) for (const text of ['---', '', 'a']) move(page, text, page === ada ? 3 : 4);
  agree([ada, ben], 'title', 'b', '---', '', 'a');
  type(ben, 'b', '!');
  agree([ada, ben], 'title', 'b!', '---', '', 'a');
});

test('FLOW-21: a block that was moved more often counts, whoever comes first', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  move(ada, 'one', 4);
  move(ada, 'one', 2);
  move(ben, 'one', 3);
  agree([ada, ben], 'title', 'two words', 'one', 'three', 'four');
  move(ben, 'one', 4);
  agree([ada, ben], 'title', 'two words', 'three', 'four', 'one');
});

test('FLOW-21: undo of a move takes it back, also when another moved the block since: then it stays there', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  move(ada, 'one', 4);
  ada.undo.undo();
  agree([ada, ben], 'title', 'one', 'two words', 'three', 'four');
  ada.undo.redo();
  agree([ada, ben], 'title', 'two words', 'three', 'four', 'one');
  move(ben, 'one', 2);
  ada.undo.undo();
  agree([ada, ben], 'title', 'two words', 'one', 'three', 'four');
  move(ada, 'three', 1);
  move(ben, 'three', 4);
  meet(ada, ben);
  ben.undo.undo();
  // Ben's counted, and what comes in its place counts as well.
  agree([ada, ben], 'title', 'two words', 'one', 'three', 'four');
});

test('FLOW-21: so it is between the text and a table, and from cell to cell', () => {
  const content = new TestPage(1, stored('title', 'carried', 'last'));
  content.dispatch(content.state.tr.setSelection(TextSelection.atEnd(content.state.doc)));
  content.run(insertTable);
  const [ada, ben] = [10, 20].map((id) => new TestPage(id, Y.encodeStateAsUpdate(content.doc)));
  assert.ok(ada && ben);
  /** Takes the paragraph `carried` to the place of the paragraph at `index` of those in cells. */
  const carry = (page: TestPage, index: number) => {
    const { doc, tr } = page.state;
    let from = -1;
    let node: Node | null = null;
    doc.descendants((one, pos) => {
      if (one.isTextblock && one.textContent === 'carried') [from, node] = [pos, one];
    });
    assert.ok(node);
    const carried: Node = node;
    const places: number[] = [];
    doc.descendants((one, pos) => {
      if (one.type.name === 'tableCell' || one.type.name === 'tableHeader') places.push(pos + 1);
    });
    tr.insert(places[index] ?? 0, carried);
    const gone = tr.mapping.map(from);
    if (doc.resolve(from).parent.childCount === 1)
      tr.replaceWith(gone, gone + carried.nodeSize, page.state.schema.node('paragraph'));
    else tr.delete(gone, gone + carried.nodeSize);
    page.dispatch(tr);
  };
  const times = (page: TestPage) => page.state.doc.textContent.match(/carried/g)?.length;
  carry(ada, 1);
  carry(ben, 4);
  meet(ada, ben);
  assert.deepEqual([times(ada), times(ben)], [1, 1]);
  carry(ada, 2);
  move(ben, 'last', 1);
  meet(ada, ben);
  carry(ada, 5);
  carry(ben, 0);
  meet(ada, ben);
  assert.deepEqual([times(ada), times(ben)], [1, 1]);
  type(ada, 'title', '!');
  meet(ada, ben);
  assert.equal(String(ada.state.doc), String(ben.state.doc));
  assert.equal(ada.text.match(/carried/g)?.length, 1);
});

test('FLOW-21: blocks are joined over a copy that is not shown', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  move(ada, 'three', 1);
  move(ben, 'three', 4);
  meet(ada, ben);
  assert.deepEqual(lines(ada), ['title', 'one', 'two words', 'four', 'three']);
  // Ada's own copy lies between these two.
  ada.dispatch(ada.state.tr.join(7));
  agree([ada, ben], 'titleone', 'two words', 'four', 'three');
  ada.undo.undo();
  agree([ada, ben], 'title', 'one', 'two words', 'four', 'three');
});

test('FLOW-21: a copy beside the block is a block of its own', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  move(ada, 'one', 3);
  const node = ada.state.doc.child(3);
  ada.dispatch(ada.state.tr.insert(0, node));
  agree([ada, ben], 'one', 'title', 'two words', 'three', 'one', 'four');
});

test('FLOW-21: a copy of what this version does not know is a thing of its own, also where that was moved', () => {
  const page = new TestPage(5, stored(...TEXTS));
  page.doc.transact(() => {
    const poll = new Y.XmlElement('poll');
    page.flow.insertEmbed(0, poll);
    poll.setAttribute('moved', { block: '7:7', times: 1, copies: [] } as unknown as string);
  }, 'network');
  page.dispatch(page.state.tr.insert(1, page.state.doc.child(0)));
  type(page, 'one', '!');
  assert.deepEqual(lines(page).slice(0, 3), ['---', '---', 'title']);
});

test('FLOW-21: copies that claim as much as they can keep nobody waiting', () => {
  const copies = Array.from({ length: 2_000 }, (_, at) => [
    3,
    at * 2,
    3,
    1e9 - at * 2,
    at === 7 ? 9e15 : 1,
  ]).flat();
  const page = new TestPage(5, stored(...TEXTS));
  const start = performance.now();
  page.doc.transact(() => {
    for (let block = 0; block < 20; block += 1) {
      const element = new Y.XmlElement(BLOCK);
      page.flow.insertEmbed(0, element);
      page.flow.insert(1, `${'word '.repeat(20_000)}${BLOCK_END}`);
      element.setAttribute('moved', { block: '9:9', times: block, copies } as unknown as string);
    }
  }, 'network');
  type(page, 'one', '!');
  assert.ok(performance.now() - start < 3_000, `${performance.now() - start} ms`);
});

test('FLOW-21: where blocks claim more than is sorted, all of them are shown, and otherwise the one that counts', () => {
  for (const [count, seen] of [
    [2, 1],
    [11, 11],
  ] as const) {
    const page = new TestPage(5, stored(...TEXTS));
    page.doc.transact(() => {
      for (let times = 1; times <= count; times += 1) {
        const element = new Y.XmlElement(BLOCK);
        page.flow.insertEmbed(0, element);
        const clock = Y.getState(page.doc.store, 5);
        page.flow.insert(1, `word${BLOCK_END}`);
        // The word was first one and the same, and what else is told of is all apart.
        const others = Array.from({ length: 1_999 }, (_, at) => [9, at * 2, 3, (at * 11 + times) * 2, 1]);
        const copies = [[5, clock, 7, 0, 4], ...others].flat();
        element.setAttribute('moved', { block: '9:9', times, copies } as unknown as string);
      }
    }, 'network');
    assert.equal(lines(page).filter((line) => line === 'word').length, seen, `${count} copies`);
  }
});

test('FLOW-21: whatever an attribute claims, the document is shown', () => {
  const values: unknown[] = [
    7,
    null,
    { block: '1:0', times: 1 },
    { block: '1:0', times: -1, copies: [] },
    { block: '1:0', times: 1e9, copies: [1, 2, 3] },
    { block: '1:0', times: 1, copies: [1, 0, 1, 0, 9e15, 1, 0, 1, 5, 9e15] },
    { block: 'x'.repeat(1e5), times: 1, copies: [] },
  ];
  const page = new TestPage(5, stored(...TEXTS));
  for (const [at, value] of values.entries()) {
    page.doc.transact(() => {
      const element = new Y.XmlElement(BLOCK);
      page.flow.insertEmbed(0, element);
      page.flow.insert(1, `word${at}${BLOCK_END}`);
      element.setAttribute('moved', value as string);
    }, 'network');
  }
  for (const at of values.keys()) assert.match(lines(page).join(), new RegExp(`word${at}`));
  type(page, 'one', '!');
  for (const at of values.keys()) assert.match(lines(page).join(), new RegExp(`word${at}`));
});

test('FLOW-21: text that came away from the block that it named begins one of its own', () => {
  const page = new TestPage(5, stored('title', 'one'));
  page.doc.transact(() => {
    const clock = Y.getState(page.doc.store, 5);
    page.flow.insert(page.flow.length, 'stray');
    const block = new Y.XmlElement(BLOCK);
    page.flow.insertEmbed(0, block);
    page.flow.insert(1, BLOCK_END);
    block.setAttribute('moved', { block: `5:${clock}`, times: 0, copies: [] } as unknown as string);
  }, 'network');
  assert.deepEqual(lines(page), ['', 'title', 'one', 'stray']);
  type(page, 'stray', '!');
  agree([page], '', 'title', 'one', 'stray!');
});

test('FLOW-21: a block whose move is taken back is there, whoever has deleted which copy of it meanwhile', () => {
  const [ada, ben, eve, dan] = pages(10, 20, 30, 40);
  assert.ok(ada && ben && eve && dan);
  move(ada, 'one', 3);
  move(ben, 'one', 4);
  // Eve sees both, and deletes what does not count.
  meet(ada, eve);
  eve.receive(Y.encodeStateAsUpdate(ben.doc));
  type(eve, 'four', '!');
  // Dan sees Ada's, and that Ben took his back.
  ben.undo.undo();
  dan.receive(Y.encodeStateAsUpdate(ada.doc));
  dan.receive(Y.encodeStateAsUpdate(ben.doc));
  type(dan, 'three', '!');
  agree([ada, ben, eve, dan], 'title', 'one', 'two words', 'three!', 'four!');
});

test('FLOW-21: so it is for a copy that somebody with a smaller id deletes and brings back', () => {
  const [ada, ben, eve, dan] = pages(30, 40, 10, 20);
  assert.ok(ada && ben && eve && dan);
  move(ada, 'one', 3);
  move(ben, 'one', 4);
  dan.receive(Y.encodeStateAsUpdate(ada.doc));
  eve.receive(Y.encodeStateAsUpdate(ben.doc));
  const size = eve.state.doc.content.size;
  eve.dispatch(eve.state.tr.delete(size - 5, size));
  eve.undo.undo();
  meet(ada, ben);
  type(ben, 'four', '!');
  dan.receive(Y.encodeStateAsUpdate(eve.doc));
  type(dan, 'three', '!');
  agree([ada, ben, eve, dan], 'title', 'two words', 'three!', 'four!', 'one');
});
