import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapIn } from '@tiptap/pm/commands';
import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { meet, TestPage } from '../binding/test-page.ts';
import { deleteBlocks, duplicateBlocks, moveBlocks } from '../block/block-commands.ts';
import { cardToLink, linkToCard, toggleCard } from './embed-commands.ts';

const PLAN = 'https://example.org/plan';

/** Two pages that show a line of text, and a paragraph with a link, in which the first one's caret is. */
function pages(words: string, href: string | null): { ada: TestPage; ben: TestPage } {
  const ada = new TestPage(10);
  const { schema } = ada.state;
  const marks = href === null ? [] : [schema.mark('link', { href })];
  ada.dispatch(ada.state.tr.insertText('Before', 1));
  ada.dispatch(
    ada.state.tr.insert(ada.state.doc.content.size, [
      schema.node('paragraph', null, [schema.text(words, marks)]),
      schema.node('paragraph', null, [schema.text('after')]),
    ]),
  );
  ada.dispatch(ada.state.tr.setSelection(TextSelection.create(ada.state.doc, 10)));
  const ben = new TestPage(20);
  meet(ada, ben);
  return { ada, ben };
}

/** What a page shows, a card as its attributes. */
function shown({ state }: TestPage): unknown[] {
  return state.doc.children.map(({ type, attrs, textContent }) =>
    type.name === 'embed' ? { url: attrs['url'], title: attrs['title'] } : textContent,
  );
}

test('EMBED-2: a paragraph that is a link becomes a card and a link again, each one step of undo', () => {
  const { ada, ben } = pages('The plan', PLAN);
  const before = ada.state.doc;
  assert.ok(ada.run(toggleCard));
  assert.ok(ada.state.selection instanceof NodeSelection);
  meet(ada, ben);
  assert.deepEqual(shown(ben), ['Before', { url: PLAN, title: 'The plan' }, 'after']);
  assert.ok(ada.run(toggleCard));
  assert.ok(ada.state.doc.eq(before));
  ada.undo.undo();
  assert.deepEqual(shown(ada), ['Before', { url: PLAN, title: 'The plan' }, 'after']);
  ada.undo.undo();
  assert.ok(ada.state.doc.eq(before));
  meet(ada, ben);
  assert.ok(ben.state.doc.eq(before));
});

test('EMBED-2: an address alone is one too, and has no title; what is more than a link is none', () => {
  for (const href of [PLAN, null]) {
    const { ada } = pages(PLAN, href);
    assert.ok(ada.run(linkToCard));
    assert.deepEqual(shown(ada)[1], { url: PLAN, title: null });
    assert.ok(ada.run(cardToLink));
    assert.equal(ada.state.doc.child(1).firstChild?.marks[0]?.attrs['href'], PLAN);
  }
  for (const [words, href] of [
    ['The plan', null],
    ['Ada', 'mailto:ada@example.org'],
    ['see https://example.org', null],
    ['javascript:alert(1)', null],
  ] as const)
    assert.ok(!pages(words, href).ada.run(linkToCard), words);
  const { ada } = pages('The plan', PLAN);
  ada.dispatch(ada.state.tr.insertText(' and more', 17));
  ada.dispatch(ada.state.tr.removeMark(17, 26, ada.state.schema.marks['link']));
  assert.ok(!ada.run(linkToCard));
});

test('EMBED-2: what is suggested of a link is not lost by making it a card', () => {
  const { ada } = pages('The plan', PLAN);
  const suggested = ada.state.schema.marks['insertion']?.create({ id: 'a', author: 'ben', time: 1 });
  assert.ok(suggested);
  ada.dispatch(ada.state.tr.addMark(9, 12, suggested));
  assert.ok(!ada.run(linkToCard));
});

test('FLOW-8: what is typed into a paragraph while somebody makes it a card stays', () => {
  for (const at of [9, 13, 17]) {
    const { ada, ben } = pages('The plan', PLAN);
    ada.run(linkToCard);
    ben.dispatch(ben.state.tr.insertText('TYPED', at));
    meet(ada, ben);
    assert.ok(ada.state.doc.eq(ben.state.doc));
    assert.equal(ada.state.doc.textContent.split('TYPED').length, 2, String(at));
    assert.ok(shown(ada).some((one) => typeof one === 'object'));
  }
});

test('MEDIA-2: two people who change the title and the address of one card both do', () => {
  const { ada, ben } = pages('The plan', PLAN);
  ada.run(linkToCard);
  meet(ada, ben);
  ben.dispatch(ben.state.tr.setSelection(NodeSelection.create(ben.state.doc, 8)));
  ada.dispatch(ada.state.tr.setNodeAttribute(8, 'title', 'The new plan'));
  ben.dispatch(ben.state.tr.setNodeAttribute(8, 'url', 'https://example.org/new'));
  meet(ada, ben);
  assert.ok(ada.state.doc.eq(ben.state.doc));
  assert.deepEqual(shown(ada)[1], { url: 'https://example.org/new', title: 'The new plan' });
  assert.ok(ben.state.selection instanceof NodeSelection);
  ada.undo.undo();
  meet(ada, ben);
  assert.deepEqual(shown(ben)[1], { url: 'https://example.org/new', title: 'The plan' });
});

test('EMBED-1: opening a document with cards writes nothing; an address that is none stays stored, and is not shown', () => {
  const { ada } = pages('The plan', PLAN);
  ada.run(linkToCard);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(ada.doc));
  const strange = new Y.XmlElement('embed');
  strange.setAttribute('url', 'javascript:alert(1)');
  doc.getText('content').insertEmbed(0, strange);
  const page = new TestPage(30, Y.encodeStateAsUpdate(doc));
  assert.deepEqual(page.updates, []);
  assert.deepEqual(shown(page)[0], { url: null, title: null });
  const [first] = page.flow.toDelta() as { insert: Y.XmlElement }[];
  assert.deepEqual(first?.insert.getAttributes(), { url: 'javascript:alert(1)' });
});

test('WAYS-4: a card that is selected is moved, copied and deleted alone, and stays selected to be moved on', () => {
  const { ada, ben } = pages('The plan', PLAN);
  ada.run(linkToCard);
  assert.ok(ada.run(moveBlocks('down')));
  assert.deepEqual(shown(ada).slice(1), ['after', { url: PLAN, title: 'The plan' }]);
  assert.ok(ada.state.selection instanceof NodeSelection);
  assert.ok(ada.run(moveBlocks('up')));
  meet(ada, ben);
  assert.deepEqual(shown(ben), ['Before', { url: PLAN, title: 'The plan' }, 'after']);
  assert.ok(ada.state.selection instanceof NodeSelection);
  assert.ok(ada.run(duplicateBlocks));
  assert.equal(shown(ada).filter((one) => typeof one === 'object').length, 2);
  ada.dispatch(ada.state.tr.setSelection(NodeSelection.create(ada.state.doc, 8)));
  assert.ok(ada.run(deleteBlocks));
  assert.deepEqual(shown(ada), ['Before', { url: PLAN, title: 'The plan' }, 'after']);
});

test('FLOW-11: a block that a page does not know, as a card to an older version, keeps what it has when it is moved and wrapped', () => {
  const { ada } = pages('The plan', PLAN);
  const newer = new Y.XmlElement('poll');
  newer.setAttribute('url', PLAN);
  ada.flow.insertEmbed(7, newer);
  const page = new TestPage(30, Y.encodeStateAsUpdate(ada.doc));
  const at = 8;
  assert.equal(page.state.doc.nodeAt(at)?.type.name, 'opaqueBlock');
  page.dispatch(page.state.tr.setSelection(NodeSelection.create(page.state.doc, at)));
  assert.ok(page.run(moveBlocks('down')));
  assert.ok(page.run(wrapIn(page.state.schema.nodes['blockquote'] ?? assert.fail())));
  const polls = page.flow
    .toDelta()
    .flatMap(({ insert }: { insert: unknown }) =>
      insert instanceof Y.XmlElement && insert.nodeName === 'poll' ? [insert.getAttribute('url')] : [],
    );
  assert.deepEqual(polls, [PLAN]);
});
