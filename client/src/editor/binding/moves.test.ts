import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, BLOCK_END, CONTENT_FIELD, DIVIDER } from '@sheaf/schema';
import { Fragment, Slice } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { insertTable } from '../table/commands.ts';
import { meet, TestPage } from './test-page.ts';

/** A flow of paragraphs; `---` is a divider. */
function stored(...texts: string[]): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const flow = doc.getText(CONTENT_FIELD);
  for (const text of texts) {
    const divider = text === '---';
    flow.insertEmbed(flow.length, new Y.XmlElement(divider ? DIVIDER : BLOCK));
    if (!divider) flow.insert(flow.length, text + BLOCK_END);
  }
  return Y.encodeStateAsUpdate(doc);
}

const TEXTS = ['title', 'one', 'two words', 'three', 'four'];
const pages = (...ids: number[]) => ids.map((id) => new TestPage(id, stored(...TEXTS)));

function lines({ state }: TestPage): string[] {
  return state.doc.children.map((node) => (node.isTextblock ? node.textContent : '---'));
}

/** Moves the block whose text is `text` before the one that is at `index` of the others. */
function move(page: TestPage, text: string, index: number): void {
  const from = lines(page).indexOf(text);
  assert.ok(from >= 0, text);
  const { doc, tr } = page.state;
  const place = (at: number, of = tr.doc) =>
    of.children.slice(0, at).reduce((sum, { nodeSize }) => sum + nodeSize, 0);
  const node = doc.child(from);
  tr.delete(place(from, doc), place(from + 1, doc));
  tr.replace(place(index), place(index), new Slice(Fragment.from(node), 0, 0));
  page.dispatch(tr);
}

/** Types at the end of the block whose text is `text`. */
function type(page: TestPage, text: string, words: string): void {
  let at = -1;
  page.state.doc.forEach((node, offset) => {
    if (node.textContent === text) at = offset + 1 + node.content.size;
  });
  assert.ok(at >= 0, text);
  page.dispatch(page.state.tr.insertText(words, at));
}

/** All pages show these lines, and so does who opens the document now; receiving wrote nothing. */
function agree(all: readonly TestPage[], ...expected: string[]): void {
  for (const page of all) {
    page.updates.length = 0;
  }
  meet(...all);
  for (const page of all) {
    assert.deepEqual(page.updates, []);
    assert.deepEqual(lines(page), expected);
    assert.deepEqual(lines(new TestPage(99, Y.encodeStateAsUpdate(page.doc))), expected);
  }
}

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

test('FLOW-21: so it is for dividers, for blocks without words, and for many blocks at once', () => {
  const [ada, ben] = [10, 20].map((id) => new TestPage(id, stored('title', '---', '', 'a', 'b')));
  assert.ok(ada && ben);
  for (const page of [ada, ben]) for (const text of ['---', '', 'a']) move(page, text, page === ada ? 3 : 4);
  agree([ada, ben], 'title', 'b', '---', '', 'a');
  type(ben, 'b', '!');
  agree([ada, ben], 'title', 'b!', '---', '', 'a');
});

test('FLOW-21: words that only one of the copies has stay: what was typed before a move, and after it', () => {
  const [ada, ben, eve] = pages(10, 20, 30);
  assert.ok(ada && ben && eve);
  type(ada, 'two words', ' before');
  move(ada, 'two words before', 1);
  type(ada, 'two words before', ' after');
  move(ben, 'two words', 4);
  type(ben, 'two words', ' and more');
  meet(ada, ben, eve);
  type(eve, 'one', '!');
  agree([ada, ben, eve], 'title', ' before after', 'one!', 'three', 'four', 'two words and more');
});

test('FLOW-21: so do words that two of the copies have and the one that counts has not: once, whoever comes when', () => {
  const [ada, cay, ben, eve] = pages(10, 15, 20, 30);
  assert.ok(ada && cay && ben && eve);
  type(ada, 'two words', ' before');
  cay.receive(Y.encodeStateAsUpdate(ada.doc));
  move(ada, 'two words before', 1);
  move(cay, 'two words before', 3);
  move(ben, 'two words', 4);
  // What Eve leaves of Ada's copy is a block of its own when she sees Cay's.
  meet(ada, ben, eve);
  type(eve, 'one', '!');
  meet(eve, cay);
  type(cay, 'three', '?');
  const words = (page: TestPage) =>
    lines(page)
      .join()
      .match(/before/g)?.length;
  meet(ada, ben, cay, eve);
  for (const page of [ada, ben, cay, eve]) assert.deepEqual([words(page), lines(page).length], [1, 6]);
});

test('FLOW-21: words that have come away from their block are once there when two move them who saw others of them', () => {
  for (const ids of [
    [10, 20, 30, 40, 50],
    [50, 40, 30, 20, 10],
  ]) {
    const [ada, ben, eve, cay, dan] = pages(...ids);
    assert.ok(ada && ben && eve && cay && dan);
    move(ada, 'one', 4);
    type(ben, 'one', 'Ben');
    type(eve, 'one', 'Eve');
    for (const page of [ada, eve]) dan.receive(Y.encodeStateAsUpdate(page.doc));
    meet(ada, ben, eve);
    cay.receive(Y.encodeStateAsUpdate(ada.doc));
    const away = lines(cay).find((line) => /Ben/.test(line)) ?? '';
    assert.match(away, /^(?:BenEve|EveBen)$/);
    // For Dan there is no word of Ben's: the block has another first character, and another name.
    move(dan, 'Eve', 3);
    move(cay, away, 2);
    meet(ada, ben, eve, cay, dan);
    type(ada, 'title', '!');
    meet(ada, ben, eve, cay, dan);
    for (const page of [ada, dan]) {
      assert.deepEqual(
        lines(page)
          .join('')
          .match(/Ben|Eve/g)
          ?.toSorted(),
        ['Ben', 'Eve'],
        String(ids),
      );
      assert.deepEqual(page.text.match(/Ben|Eve/g)?.toSorted(), ['Ben', 'Eve'], String(ids));
    }
  }
});

test('FLOW-21: what another typed in a block whose move is taken back, and which both then move, is there once', () => {
  const [ada, ben, cay] = pages(10, 20, 30);
  assert.ok(ada && ben && cay);
  move(ada, 'one', 4);
  meet(ada, ben, cay);
  type(ben, 'one', ' of Ben');
  meet(ada, ben, cay);
  ada.undo.undo();
  assert.deepEqual(lines(ada), ['title', 'one', 'two words', 'three', 'four', ' of Ben']);
  move(ada, ' of Ben', 2);
  move(cay, 'one of Ben', 1);
  agree([ada, ben, cay], 'title', 'one of Ben', 'two words', 'three', 'four');
});

test('FLOW-14: a caret and a range in a block that another moves go along, however often, so who types there goes on in it', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  const caretIn = (page: TestPage) => page.state.selection.$head.parent.textContent;
  const at = () => {
    let found = -1;
    ben.state.doc.descendants((node, pos) => {
      if (node.isText && node.text?.includes('words') === true) found = pos + node.text.indexOf('words');
    });
    return found;
  };
  ben.dispatch(ben.state.tr.setSelection(TextSelection.create(ben.state.doc, at() + 5)));
  const range = ben.binding.range(at(), at() + 5);
  const told = () => {
    const { from, to } = ben.binding.resolveRange(range) ?? { from: 0, to: 0 };
    return ben.state.doc.textBetween(from, to);
  };
  move(ada, 'two words', 4);
  meet(ada, ben);
  assert.deepEqual([caretIn(ben), told()], ['two words', 'words']);
  ben.dispatch(ben.state.tr.insertText('!'));
  assert.deepEqual(lines(ben), ['title', 'one', 'three', 'four', 'two words!']);
  const second = ben.binding.range(at(), at() + 5);
  meet(ada, ben);
  for (const index of [1, 3]) {
    move(ada, 'two words!', index);
    meet(ada, ben);
    assert.deepEqual([caretIn(ben), told()], ['two words!', 'words']);
    const { from, to } = ben.binding.resolveRange(second) ?? { from: 0, to: 0 };
    assert.equal(ben.state.doc.textBetween(from, to), 'words');
  }
  // Whatever an anchor claims, it leads somewhere or nowhere.
  for (const first of [7, {}, { client: 1, clock: 1e15 }, { client: '1', clock: -1 }])
    assert.doesNotThrow(() => ben.binding.resolve({ ...range.from, first }));
});

test('FLOW-21: what somebody deletes in a block that another moves is gone from what is left, and no word comes back twice', () => {
  const [ada, ben] = pages(10, 20);
  assert.ok(ada && ben);
  move(ada, 'two words', 1);
  move(ben, 'two words', 4);
  const at = ben.state.doc.content.size - 'two words'.length - 1;
  ben.dispatch(ben.state.tr.delete(at, at + 4));
  agree([ada, ben], 'title', 'one', 'three', 'four', 'words');
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
