import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NodeRange } from '@tiptap/pm/model';
import { NodeSelection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { meet, TestPage } from './test-page.ts';

const UPLOAD = `upload:${'0123456789abcdef'.repeat(4)}`;

/** Two pages that show a title line, an image and a paragraph. */
function pages(): { ada: TestPage; ben: TestPage; at: number } {
  const ada = new TestPage(10);
  const { schema } = ada.state;
  const image = schema.nodes['image']?.create({ src: UPLOAD, width: 640, height: 480 });
  assert.ok(image);
  ada.dispatch(ada.state.tr.insertText('Before', 1));
  ada.dispatch(
    ada.state.tr.insert(ada.state.doc.content.size, [
      image,
      schema.node('paragraph', null, [schema.text('after')]),
    ]),
  );
  const ben = new TestPage(20);
  meet(ada, ben);
  return { ada, ben, at: 8 };
}

/** What both show of the image, once they have met. */
function shown(ada: TestPage, ben: TestPage): Record<string, unknown> | undefined {
  meet(ada, ben);
  assert.ok(ada.state.doc.eq(ben.state.doc));
  let found: Record<string, unknown> | undefined;
  ada.state.doc.descendants((node) => {
    if (node.type.name === 'image') found = { ...node.attrs };
  });
  return found;
}

test('MEDIA-1 an image is one element with attributes, and holds no address of a page', () => {
  const { ada, ben, at } = pages();
  assert.equal(ada.state.doc.nodeAt(at)?.type.name, 'image');
  assert.ok(ada.state.doc.eq(ben.state.doc));
  const embeds = ada.flow
    .toDelta()
    .flatMap(({ insert }: { insert: unknown }) =>
      insert instanceof Y.XmlElement && insert.nodeName === 'image' ? [insert.getAttributes()] : [],
    );
  assert.deepEqual(embeds, [{ src: UPLOAD, width: 640, height: 480 }]);
});

test('MEDIA-2 two people who change different things of one image both do', () => {
  const { ada, ben, at } = pages();
  ada.dispatch(ada.state.tr.setNodeAttribute(at, 'caption', 'Under the table'));
  ada.dispatch(ada.state.tr.setNodeAttribute(at, 'align', 'center'));
  ben.dispatch(ben.state.tr.setNodeAttribute(at, 'percent', 50));
  const image = shown(ada, ben);
  assert.deepEqual(
    [image?.['caption'], image?.['align'], image?.['percent']],
    ['Under the table', 'center', 50],
  );
});

test('MEDIA-2 an image that is selected stays selected when somebody else changes it', () => {
  const { ada, ben, at } = pages();
  ben.dispatch(ben.state.tr.setSelection(NodeSelection.create(ben.state.doc, at)));
  ada.dispatch(ada.state.tr.setNodeAttribute(at, 'caption', 'new'));
  meet(ada, ben);
  assert.ok(ben.state.selection instanceof NodeSelection);
  assert.equal(ben.state.selection.node.attrs['caption'], 'new');
});

test('MEDIA-2 words around an image survive its deletion, and undo brings it back with what others set', () => {
  const { ada, ben, at } = pages();
  ada.dispatch(ada.state.tr.delete(at, at + 1));
  ben.dispatch(ben.state.tr.insertText('!', at));
  assert.equal(shown(ada, ben), undefined);
  assert.match(ada.text, /Before[^]*!?[^]*after/);
  ada.undo.undo();
  assert.equal(shown(ada, ben)?.['src'], UPLOAD);
  ada.undo.redo();
  assert.equal(shown(ada, ben), undefined);
});

test('MEDIA-2 moving and wrapping an image keeps what it has', () => {
  const { ada, ben, at } = pages();
  const node = ada.state.doc.nodeAt(at);
  assert.ok(node);
  const tr = ada.state.tr.delete(at, at + 1);
  ada.dispatch(tr.insert(tr.doc.content.size, node));
  assert.equal(shown(ada, ben)?.['width'], 640);
  assert.equal(ada.state.doc.lastChild?.type.name, 'image');
  const quote = ada.state.schema.nodes['blockquote'];
  assert.ok(quote);
  const { doc } = ada.state;
  const end = doc.content.size;
  const range = new NodeRange(doc.resolve(end - 1), doc.resolve(end), 0);
  ada.dispatch(ada.state.tr.wrap(range, [{ type: quote }]));
  assert.equal(shown(ada, ben)?.['height'], 480);
});

test('MEDIA-1 opening a document with images writes nothing, and what is not of the grammar stays stored', () => {
  const { ada } = pages();
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(ada.doc));
  const strange = new Y.XmlElement('image');
  strange.setAttribute('src', 'blob:https://example.org/1');
  doc.getText('content').insertEmbed(0, strange);
  const page = new TestPage(30, Y.encodeStateAsUpdate(doc));
  assert.deepEqual(page.updates, []);
  assert.equal(page.state.doc.firstChild?.attrs['src'], null);
  page.dispatch(page.state.tr.setNodeAttribute(0, 'caption', 'x'));
  const [first] = page.flow.toDelta() as { insert: Y.XmlElement }[];
  assert.deepEqual(first?.insert.getAttributes(), { src: 'blob:https://example.org/1', caption: 'x' });
});

test('MEDIA-4 what is pasted right behind an image comes behind it, also when somebody writes above meanwhile', () => {
  const { ada, ben, at } = pages();
  const anchor = ben.binding.anchor({ anchor: at + 1, head: at + 1 })?.anchor;
  assert.equal(ben.binding.resolve(anchor), at + 1);
  ada.dispatch(ada.state.tr.insertText('Long ', 1));
  meet(ada, ben);
  assert.equal(ben.binding.resolve(anchor), at + 1 + 'Long '.length);
});

test('WAYS-7: a link to an image, or to what stands in a cell or quote, leads to that block wherever it is moved', () => {
  const { ada, ben, at } = pages();
  const image = ada.binding.blockAnchor(NodeSelection.create(ada.state.doc, at).from);
  assert.equal(ada.binding.resolve(image), at + 1);
  assert.equal(ben.binding.resolve(image), at + 1);
  const last = ada.binding.blockAnchor(at + 4);
  assert.equal(ada.binding.resolve(last), at + 2);
  const move = (page: TestPage, from: number, to: number) => {
    const node = page.state.doc.nodeAt(from);
    assert.ok(node);
    page.dispatch(page.state.tr.delete(from, from + node.nodeSize).insert(to, node));
  };
  // Twice, and by two people: each time it is written again, and keeps its name.
  move(ada, at, 0);
  meet(ada, ben);
  assert.equal(ben.binding.resolve(image), 1);
  move(ben, 0, ben.state.doc.content.size - 1);
  meet(ada, ben);
  const size = ada.state.doc.content.size;
  assert.equal(ada.state.doc.lastChild?.type.name, 'image');
  assert.equal(ada.binding.resolve(image), size);
  assert.deepEqual(ada.binding.blockAnchor(size - 1), image);
  assert.equal(ada.binding.resolve(last), 9);
});
