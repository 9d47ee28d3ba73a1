import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, BLOCK_END, CONTENT_FIELD, DIVIDER } from '@sheaf/schema';
import { readCommented } from '@sheaf/schema/read-markdown';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import type { Mark } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { TABLE_COMMANDS } from '../table/commands.ts';
import { meet, TestPage } from './test-page.ts';
import { at, NINE, tableOf, type as typeBehind } from './test-table.ts';

const AUTHOR = { author: 'Ada', time: 1_790_000_000_000 };

/** "one two three" as a paragraph, a code block and a divider, as another program would write them. */
function sample(): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const flow = doc.getText(CONTENT_FIELD);
  flow.insertEmbed(0, new Y.XmlElement(BLOCK));
  flow.insert(1, `one two three${BLOCK_END}`);
  const code = new Y.XmlElement(BLOCK);
  code.setAttribute('kind', 'code');
  flow.insertEmbed(flow.length, code);
  flow.insert(flow.length, `a = 1${BLOCK_END}`);
  flow.insertEmbed(flow.length, new Y.XmlElement(DIVIDER));
  return Y.encodeStateAsUpdate(doc);
}

const people = () => {
  const content = sample();
  return [new TestPage(10, content), new TestPage(20, content)] as const;
};

function mark(page: TestPage, name: string, attrs: Record<string, unknown> | null = null): Mark {
  const type = page.state.schema.marks[name];
  assert.ok(type);
  return type.create(attrs);
}

function add(page: TestPage, from: number, to: number, one: Mark): void {
  page.dispatch(page.state.tr.addMark(from, to, one));
}

function same(...pages: readonly TestPage[]): void {
  const [first, ...others] = pages;
  first?.state.doc.check();
  for (const page of others) assert.equal(String(page.state.doc), String(first?.state.doc));
  for (const page of others) assert.ok(first && page.state.doc.eq(first.state.doc));
}

const delta = (page: TestPage): { insert: unknown; attributes?: Record<string, unknown> }[] =>
  page.flow.toDelta();

test('MARK-1: two who give one text a colour end with the same one, and each other mark stays', () => {
  for (const [first, second] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const both = people();
    add(both[first], 1, 8, mark(both[first], 'color', { color: 'red' }));
    add(both[second], 4, 14, mark(both[second], 'color', { color: 'blue' }));
    add(both[second], 1, 4, mark(both[second], 'highlight', { color: 'green' }));
    add(both[first], 1, 4, mark(both[first], 'script', { position: 'sub' }));
    meet(...both);
    same(...both);
    const [text] = both[0].state.doc.firstChild?.children ?? [];
    assert.deepEqual(text?.marks.map(({ type }) => type.name).toSorted(), ['color', 'highlight', 'script']);
  }
});

test('MARK-1: below and above the line are one mark: a text is never both', () => {
  const both = people();
  add(both[0], 1, 4, mark(both[0], 'script', { position: 'sub' }));
  add(both[1], 1, 4, mark(both[1], 'script', { position: 'super' }));
  meet(...both);
  same(...both);
  assert.equal(both[0].state.doc.nodeAt(1)?.marks.length, 1);
});

test('MARK-2: a colour that this version does not know is kept, and goes on through what is typed within it', () => {
  const [ada, ben] = people();
  ben.flow.format(1, 13, { color: 'mauve', highlight: 'url(//x)', script: 7, align: 'left' });
  meet(ada, ben);
  assert.deepEqual(ada.state.doc.nodeAt(1)?.marks, []);
  ada.dispatch(ada.state.tr.insertText('X', 5));
  add(ada, 9, 14, mark(ada, 'color', { color: 'red' }));
  meet(ada, ben);
  same(ada, ben);
  const [, words] = delta(ben);
  assert.deepEqual([words?.insert, words?.attributes?.['color']], ['one Xtwo', 'mauve']);
});

test('MARK-4: how lines stand is an attribute: it outlives what others do there, and undo takes back one’s own', () => {
  const [ada, ben] = people();
  ada.dispatch(ada.state.tr.setNodeAttribute(0, 'align', 'center'));
  ben.dispatch(ben.state.tr.insertText(' four', 14).split(5));
  meet(ada, ben);
  same(ada, ben);
  assert.equal(ada.state.doc.child(0).attrs['align'], 'center');
  const heading = ben.state.schema.nodes['heading'];
  assert.ok(heading);
  ben.dispatch(ben.state.tr.setNodeMarkup(0, heading, { ...ben.state.doc.child(0).attrs, level: 2 }));
  meet(ada, ben);
  assert.deepEqual(
    [ada.state.doc.child(0).type.name, ada.state.doc.child(0).attrs['align']],
    ['heading', 'center'],
  );
  ada.undo.undo();
  meet(ada, ben);
  same(ada, ben);
  assert.equal(ada.state.doc.child(0).attrs['align'], null);
  assert.equal(ada.text, 'one \ntwo three four\na = 1\n');
});

test('MARK-6: indentation is an attribute of its block: words typed there meanwhile stay, and undo takes back one’s own', () => {
  const [ada, ben] = people();
  ada.dispatch(ada.state.tr.setNodeAttribute(0, 'inset', 2));
  ben.dispatch(ben.state.tr.insertText(' four', 14).split(5));
  ben.dispatch(ben.state.tr.setNodeAttribute(0, 'align', 'end'));
  meet(ada, ben);
  same(ada, ben);
  const looks = () => ada.state.doc.children.slice(0, 2).map(({ attrs }) => [attrs['inset'], attrs['align']]);
  assert.deepEqual(looks()[0], [2, 'end']);
  ada.undo.undo();
  meet(ada, ben);
  same(ada, ben);
  assert.deepEqual(looks()[0], [0, 'end']);
  assert.equal(ada.text, 'one \ntwo three four\na = 1\n');
});

test('MARK-6: what is no number of steps is kept and not shown, also in code', () => {
  const [ada, ben] = people();
  const [block] = ben.flow.toDelta().map(({ insert }: { insert: unknown }) => insert);
  assert.ok(block instanceof Y.XmlElement);
  for (const stored of [9, -1, 1.5, '2', true, 'calc(9px)']) {
    block.setAttribute('inset', stored as never);
    meet(ada, ben);
    assert.equal(ada.state.doc.child(0).attrs['inset'], 0);
    ada.dispatch(ada.state.tr.insertText('X', 2));
    meet(ada, ben);
    same(ada, ben);
    assert.equal(block.getAttribute('inset'), stored);
  }
  block.setAttribute('inset', 3 as never);
  meet(ada, ben);
  assert.equal(ada.state.doc.child(0).attrs['inset'], 3);
  const code = ada.state.schema.nodes['codeBlock'];
  assert.ok(code);
  ada.dispatch(ada.state.tr.setBlockType(1, 1, code));
  meet(ada, ben);
  assert.equal(block.getAttribute('inset'), 3);
});

test('REVIEW-1: suggestions on one text do not replace each other, whoever makes them, also in code', () => {
  const both = people();
  const suggest = (page: TestPage, name: string, id: string, more = {}) =>
    mark(page, name, { id, ...AUTHOR, ...more });
  add(both[0], 1, 8, suggest(both[0], 'deletion', 'a'));
  add(both[1], 3, 14, suggest(both[1], 'deletion', 'b'));
  add(both[1], 1, 14, suggest(both[1], 'formatting', 'c', { set: { bold: true, color: null } }));
  add(both[0], 16, 19, suggest(both[0], 'insertion', 'd'));
  meet(...both);
  same(...both);
  const ids = (page: TestPage, pos: number) =>
    page.state.doc
      .nodeAt(pos)
      ?.marks.map(({ type, attrs }) => `${type.name} ${String(attrs['id'])}`)
      .toSorted();
  assert.deepEqual(ids(both[1], 1), ['deletion a', 'formatting c']);
  assert.deepEqual(ids(both[1], 4), ['deletion a', 'deletion b', 'formatting c']);
  assert.deepEqual(ids(both[1], 16), ['insertion d']);
  const fresh = new TestPage(30, Y.encodeStateAsUpdate(both[0].doc));
  same(fresh, both[0]);
  // Typing beside and deciding about one leaves the others.
  both[0].dispatch(both[0].state.tr.removeMark(1, 14, suggest(both[0], 'deletion', 'a')));
  both[1].dispatch(both[1].state.tr.insertText('X', 6));
  meet(...both);
  same(...both);
  assert.deepEqual(ids(both[0], 4), ['deletion b', 'formatting c']);
});

test('REVIEW-2: suggestions on a block are attributes, each one of its own, and stay through typing and turning', () => {
  const both = people();
  const set = (page: TestPage, pos: number, suggestions: unknown) =>
    page.dispatch(page.state.tr.setNodeAttribute(pos, 'suggestions', suggestions));
  const change = { id: 'a', ...AUTHOR, kind: 'change', set: { kind: 'heading', level: 2 } };
  const gone = { id: 'b', ...AUTHOR, kind: 'deletion', set: null };
  const divider = both[0].state.doc.content.size - 1;
  set(both[0], 0, [change]);
  set(both[1], 0, [gone]);
  set(both[1], divider, [{ ...gone, kind: 'insertion' }]);
  both[0].dispatch(both[0].state.tr.insertText('X', 5));
  meet(...both);
  same(...both);
  assert.deepEqual(both[0].state.doc.child(0).attrs['suggestions'], [change, gone]);
  assert.deepEqual(both[0].state.doc.lastChild?.attrs['suggestions'], [{ ...gone, kind: 'insertion' }]);
  const fresh = new TestPage(30, Y.encodeStateAsUpdate(both[0].doc));
  same(fresh, both[0]);
  set(both[0], 0, [gone]);
  meet(...both);
  assert.deepEqual(both[1].state.doc.child(0).attrs['suggestions'], [gone]);
});

/** Sets what is suggested of the first node of a kind that holds these words. */
function suggestOf(page: TestPage, kind: RegExp, words: string, suggestions: unknown): void {
  const { doc, tr } = page.state;
  let found = -1;
  doc.descendants((node, pos) => {
    if (found < 0 && kind.test(node.type.name) && node.textContent.includes(words)) found = pos;
  });
  page.dispatch(tr.setNodeAttribute(found, 'suggestions', suggestions));
}

/** What is suggested of a table, its rows and its cells, as ids by their words. */
function suggestedOf(page: TestPage): string[] {
  const found: string[] = [];
  page.state.doc.descendants(({ type, attrs, textContent }) => {
    const all: unknown = type.name.startsWith('table') ? attrs['suggestions'] : [];
    if (Array.isArray(all) && all.length > 0)
      found.push(`${type.name} ${textContent}: ${all.map(({ id }: { id: string }) => id).join(' ')}`);
  });
  return found;
}

const suggestion = (id: string, kind = 'deletion') => ({ id, ...AUTHOR, kind, set: null });

test('REVIEW-2: suggestions on a table, on rows and on cells are attributes of their elements, for everybody', () => {
  const [ada, ben] = [new TestPage(10, NINE), new TestPage(20, NINE)];
  const change = { id: 'e', ...AUTHOR, kind: 'change', set: { background: 'red', align: null } };
  suggestOf(ada, /^table$/, 'a1', [suggestion('t')]);
  suggestOf(ada, /^tableRow$/, 'a2', [suggestion('a')]);
  suggestOf(ben, /^tableRow$/, 'a2', [suggestion('b', 'insertion')]);
  suggestOf(ada, /^tableHeader$/, 'b1', [suggestion('c')]);
  suggestOf(ben, /^tableHeader$/, 'b1', [suggestion('d')]);
  suggestOf(ben, /^tableCell$/, 'c3', [change]);
  typeBehind(ada, 'c3', 'X');
  meet(ada, ben);
  same(ada, ben, new TestPage(30, Y.encodeStateAsUpdate(ada.doc)));
  const all = ['tableHeader b1: c d', 'tableRow a2b2c2: a b', 'tableCell c3X: e'];
  assert.deepEqual(suggestedOf(ada), ['table a1b1c1a2b2c2a3b3c3X: t', ...all]);
  // Who decides about one leaves the others; a row that moves takes its own along, a column what nobody shows of it.
  const column = elementsOf(ada, 'column')[1];
  column?.setAttribute('suggestion:x', suggestion('x') as unknown as string);
  at(ada, 'b2', TABLE_COMMANDS.rowUp);
  at(ada, 'b2', TABLE_COMMANDS.columnBack);
  suggestOf(ben, /^tableHeader$/, 'b1', [suggestion('d')]);
  suggestOf(ben, /^table$/, 'a1', []);
  meet(ada, ben);
  same(ada, ben, new TestPage(30, Y.encodeStateAsUpdate(ada.doc)));
  assert.deepEqual(suggestedOf(ben), ['tableRow b2a2c2: a b', 'tableCell b1: d', 'tableCell c3X: e']);
  const moved = elementsOf(ben, 'column').map((one) => one.getAttribute('suggestion:x'));
  assert.deepEqual(moved, [suggestion('x'), undefined, undefined]);
  while (ada.undo.undo() !== null);
  meet(ada, ben);
  same(ada, ben);
  assert.deepEqual(suggestedOf(ada), ['tableHeader b1: d', 'tableRow a2b2c2: b', 'tableCell c3: e']);
});

test('REVIEW-2: what is suggested of rows and cells goes with a table that moves, and with a cell that had nothing', () => {
  const page = new TestPage(10, tableOf(['a1', 'b1'], ['', 'b2']));
  suggestOf(page, /^tableCell$/, '', [suggestion('a')]);
  suggestOf(page, /^tableRow$/, 'b2', [suggestion('b')]);
  suggestOf(page, /^table$/, 'b2', [suggestion('c')]);
  const before = suggestedOf(page);
  assert.deepEqual(before, ['table a1b1b2: c', 'tableRow b2: b', 'tableCell : a']);
  const { doc, tr } = page.state;
  const [first, table] = doc.children;
  assert.ok(first && table);
  page.dispatch(tr.delete(first.nodeSize, first.nodeSize + table.nodeSize).insert(0, table));
  assert.deepEqual(suggestedOf(page), before);
  same(page, new TestPage(30, Y.encodeStateAsUpdate(page.doc)));
});

test('REVIEW-2: two who suggest of a cell of which nothing is stored both do; what is no suggestion stays stored', () => {
  const start = tableOf(['a1', 'b1'], ['', 'b2']);
  const [ada, ben] = [new TestPage(10, start), new TestPage(20, start)];
  suggestOf(ada, /^tableCell$/, '', [suggestion('a')]);
  suggestOf(ben, /^tableCell$/, '', [suggestion('b'), suggestion('c')]);
  meet(ada, ben);
  same(ada, ben);
  assert.deepEqual(suggestedOf(ada), ['tableCell : a b c']);
  const bad: Record<string, unknown> = { 'suggestion:z': { kind: 'split', author: 'x', time: 1 } };
  for (const name of ['row', 'cell', 'table'])
    for (const element of elementsOf(ben, name))
      for (const [key, value] of Object.entries(bad)) element.setAttribute(key, value as string);
  suggestOf(ben, /^tableCell$/, '', [suggestion('b')]);
  meet(ada, ben);
  same(ada, ben);
  assert.deepEqual(suggestedOf(ada), ['tableCell : b']);
  for (const name of ['row', 'cell', 'table'])
    for (const element of elementsOf(ada, name))
      assert.deepEqual(element.getAttribute('suggestion:z'), bad['suggestion:z']);
});

/** The elements of a name in the flow, in its order. */
function elementsOf(page: TestPage, name: string): Y.XmlElement[] {
  return delta(page).flatMap(({ insert }) =>
    insert instanceof Y.XmlElement && insert.nodeName === name ? [insert] : [],
  );
}

test('REVIEW-2: what is no suggestion is kept and not shown', () => {
  const [ada, ben] = people();
  const element: unknown = ben.flow._start?.content.getContent()[0];
  assert.ok(element instanceof Y.XmlElement);
  const bad: Record<string, unknown> = {
    'suggestion:a': { kind: 'change', author: 'x', time: 1, set: { a: { b: 1 } } },
    'suggestion:b': { kind: 'deletion', author: 7, time: 1 },
    'suggestion:<c>': { kind: 'deletion', author: 'x', time: 1 },
    'suggestion:d': 'deletion',
  };
  for (const [name, value] of Object.entries(bad)) element.setAttribute(name, value as string);
  ben.flow.format(1, 3, {
    'deletion:x': { author: 'x'.repeat(999), time: 1 },
    'insertion:y': 1,
    deletion: true,
  });
  meet(ada, ben);
  assert.deepEqual(ada.state.doc.child(0).attrs['suggestions'], []);
  assert.deepEqual(ada.state.doc.nodeAt(1)?.marks, []);
  ada.dispatch(ada.state.tr.insertText('X', 2).setNodeAttribute(0, 'align', 'end'));
  assert.deepEqual(Object.keys(element.getAttributes()).toSorted(), Object.keys(bad).toSorted());
  meet(ada, ben);
  assert.equal(element.getAttribute('align'), 'end');
  assert.deepEqual(Object.keys(element.getAttributes()).length, 5);
  assert.equal(
    delta(ben).find(({ insert }) => String(insert).startsWith('oX'))?.attributes?.['insertion:y'],
    1,
  );
});

test('REVIEW-3: a comment’s range is two places that stay with the words between them, for everybody', () => {
  const [ada, ben] = people();
  const range = ada.binding.range(5, 8);
  const stored: unknown = JSON.parse(JSON.stringify(range));
  ben.dispatch(ben.state.tr.insertText('now ', 1));
  ben.dispatch(ben.state.tr.insertText('X', 12));
  ada.dispatch(ada.state.tr.split(5));
  meet(ada, ben);
  same(ada, ben);
  for (const page of [ada, ben, new TestPage(30, Y.encodeStateAsUpdate(ada.doc))]) {
    const found = page.binding.resolveRange(stored);
    assert.ok(found);
    assert.equal(page.state.doc.textBetween(found.from, found.to, '|'), 'two');
  }
  const found = ada.binding.resolveRange(stored);
  assert.ok(found);
  ada.dispatch(ada.state.tr.delete(found.from, found.to));
  const empty = ada.binding.resolveRange(stored);
  assert.ok(empty && empty.from === empty.to);
  ada.undo.undo();
  const again = ada.binding.resolveRange(stored);
  assert.ok(again);
  assert.equal(ada.state.doc.textBetween(again.from, again.to), 'two');
  for (const junk of [
    null,
    7,
    {},
    { from: 1, to: 2 },
    { from: range.from, to: { item: { client: 9, clock: 9 } } },
  ])
    assert.equal(ada.binding.resolveRange(junk), null);
});

test('REVIEW-4: a comment’s range goes from one Yjs document to another in a Markdown file, and stays with its words there', () => {
  const [ada, ben] = people();
  const stored: unknown = JSON.parse(JSON.stringify(ada.binding.range(5, 8)));
  ben.dispatch(ben.state.tr.insertText('now ', 1));
  meet(ada, ben);
  const range = ben.binding.resolveRange(stored);
  assert.ok(range);
  const file = writeMarkdown(ben.state.doc, [{ id: 'a', from: range.from, to: range.to }]);
  const cleo = new TestPage(30);
  const { doc, ranges, lost } = readCommented(cleo.state.schema, file);
  cleo.dispatch(cleo.state.tr.replaceWith(0, cleo.state.doc.content.size, doc.content));
  assert.equal(String(cleo.state.doc), String(ben.state.doc));
  const [read] = ranges;
  assert.ok(read && lost.length === 0);
  const kept: unknown = JSON.parse(JSON.stringify(cleo.binding.range(read.from, read.to)));
  cleo.dispatch(cleo.state.tr.insertText('and ', 1));
  const found = new TestPage(40, Y.encodeStateAsUpdate(cleo.doc)).binding.resolveRange(kept);
  assert.ok(found);
  assert.equal(cleo.state.doc.textBetween(found.from, found.to, '|'), 'two');
});

test('MARK-1: what is written behind a table has none of the formatting of its last words', () => {
  const page = new TestPage(10);
  const { schema } = page.state;
  const words = (text: string, ...marks: Mark[]) => schema.node('paragraph', null, schema.text(text, marks));
  const row = schema.node('tableRow', null, schema.node('tableCell', null, words('one', mark(page, 'bold'))));
  page.dispatch(
    page.state.tr.replaceWith(0, 2, [words('zero'), schema.node('table', null, row), words('two')]),
  );
  const doc = 'doc(paragraph("zero"), table(tableRow(tableCell(paragraph(bold("one"))))), paragraph("two"))';
  assert.equal(String(page.state.doc), doc);
  same(page, new TestPage(20, Y.encodeStateAsUpdate(page.doc)));
});
