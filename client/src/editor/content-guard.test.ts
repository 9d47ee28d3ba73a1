import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import * as Y from 'yjs';
import { canShow, guardContent } from './content-guard.ts';
import { plainText } from './plain-text.ts';

const schema = documentSchema();

function paragraph(words: string, marks: Record<string, unknown> = {}): Y.XmlElement {
  const text = new Y.XmlText();
  text.insert(0, words, marks);
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [text]);
  return element;
}

function contentWith(...types: (Y.XmlElement | Y.XmlText)[]): Y.XmlFragment {
  const fragment = new Y.Doc().getXmlFragment('default');
  fragment.insert(0, types);
  return fragment;
}

function nested(depth: number): Y.XmlElement {
  let at = paragraph('deep');
  for (let i = 0; i < depth; i += 1) {
    const quote = new Y.XmlElement('blockquote');
    quote.insert(0, [at]);
    at = quote;
  }
  return at;
}

test('content of the schema can be shown, and looking at it changes nothing', () => {
  const fragment = contentWith(paragraph('a'), paragraph('b', { bold: {} }), nested(5));
  let updates = 0;
  fragment.doc?.on('update', () => (updates += 1));
  assert.equal(canShow(fragment, schema), true);
  assert.equal(canShow(contentWith(), schema), true);
  assert.equal(updates, 0);
});

test('what the binding would delete is not shown: unknown nodes and marks, stray text, hooks, depth, wrong places', () => {
  const item = new Y.XmlElement('listItem');
  item.insert(0, [new Y.XmlText('words')]);
  for (const stray of [
    new Y.XmlElement('whiteboard'),
    paragraph('x', { comment: { id: 1 } }),
    new Y.XmlText('stray'),
    new Y.XmlHook('hook') as unknown as Y.XmlElement, // a hook is what must not be there
    item,
    nested(150),
  ])
    assert.equal(canShow(contentWith(paragraph('a'), stray), schema), false);
});

test('an empty element in a wrong place is no reason to lock a document: no word is lost with it', () => {
  const fragment = contentWith(paragraph('a'), new Y.XmlElement('bulletList'));
  let updates = 0;
  fragment.doc?.on('update', () => (updates += 1));
  assert.equal(canShow(fragment, schema), true);
  assert.equal(updates, 0);
});

test('a remote change that brings something unknown is told before any observer sees it', () => {
  const fragment = contentWith(paragraph('a'));
  const order: string[] = [];
  fragment.observeDeep(() => order.push('observer'));
  const stop = guardContent(fragment, schema, () => order.push('foreign'));
  const send = (change: (remote: Y.XmlFragment) => void) => {
    const remote = new Y.Doc();
    if (fragment.doc) Y.applyUpdate(remote, Y.encodeStateAsUpdate(fragment.doc));
    change(remote.getXmlFragment('default'));
    if (fragment.doc) Y.applyUpdate(fragment.doc, Y.encodeStateAsUpdate(remote));
  };
  send((remote) => remote.push([paragraph('fine')]));
  assert.deepEqual(order.splice(0), ['observer']);
  send((remote) => remote.push([new Y.XmlElement('whiteboard')]));
  assert.deepEqual(order.splice(0), ['foreign', 'observer']);
  stop();
  send((remote) => remote.push([new Y.XmlElement('whiteboard')]));
  assert.deepEqual(order, ['observer']);
});

test('the words of any content can be read, a line for each block', () => {
  const board = new Y.XmlElement('whiteboard');
  board.insert(0, [paragraph('inside'), new Y.XmlText('tail')]);
  const broken = new Y.XmlElement('paragraph');
  broken.insert(0, [new Y.XmlText('one'), new Y.XmlElement('hardBreak'), new Y.XmlText('two')]);
  const fragment = contentWith(paragraph('first'), new Y.XmlElement('paragraph'), board, broken);
  assert.equal(plainText(fragment), 'first\n\ninside\ntail\none\ntwo');
});
