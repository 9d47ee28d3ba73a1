import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { BLOCK, BLOCK_END, CONTENT_FIELD, documentExtensions } from '@sheaf/schema';
import { Editor } from '@tiptap/core';
import { EditorState } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { bindFlow } from './extension.ts';

const PARAGRAPHS = 200;
const WORDS = 'Words of a long document. '.repeat(10);

function longDocument(): Y.Doc {
  const doc = new Y.Doc();
  const flow = doc.getText(CONTENT_FIELD);
  doc.transact(() => {
    for (let index = 0; index < PARAGRAPHS; index += 1) {
      flow.insertEmbed(flow.length, new Y.XmlElement(BLOCK));
      flow.insert(flow.length, WORDS + BLOCK_END);
    }
  });
  return doc;
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

/** An editor of `doc` whose view draws nothing, in a page whose frames come when the test says so. */
function open(context: TestContext, doc: Y.Doc) {
  const frames: (() => void)[] = [];
  const told: string[] = [];
  const { extension, bound, whenBound } = bindFlow({
    flow: doc.getText(CONTENT_FIELD),
    onfail: (error) => told.push(String(error)),
    onDrawn: (then) => {
      frames.push(then);
      return () => void told.push('prevented');
    },
  });
  const editor = new Editor({
    element: null,
    injectCSS: false,
    extensions: [...documentExtensions(), extension],
  });
  const plugins = [...editor.extensionManager.plugins];
  const view = {
    state: EditorState.create({ schema: editor.schema, plugins }),
    updateState: (state: EditorState) => (view.state = state),
    destroy: () => undefined,
    dom: { editor: null },
    isDestroyed: false,
  };
  Reflect.set(editor, 'editorView', view);
  whenBound(() => told.push('bound'));
  editor.emit('mount', { editor });
  context.after(() => editor.destroy());
  // What the browser would be told of the text.
  const editable = () => plugins.every((plugin) => plugin.props.editable?.call(plugin, view.state) !== false);
  return { view, frames, told, bound, editable, editor };
}

test('a long document is shown in two: what fills a screen, in which nobody writes, and all of it behind a frame', (context) => {
  const { view, frames, told, bound, editable } = open(context, longDocument());
  assert.ok(view.state.doc.childCount < PARAGRAPHS / 2, `${view.state.doc.childCount} blocks`);
  assert.deepEqual([bound(), editable(), frames.length, told], [null, false, 1, []]);
  const first = view.state.doc.firstChild;
  frames[0]?.();
  assert.equal(view.state.doc.childCount, PARAGRAPHS);
  assert.ok(first && view.state.doc.firstChild?.eq(first));
  assert.equal(bound()?.binding.document, view.state.doc);
  assert.equal(editable(), true);
  assert.deepEqual(told.toSorted(), ['bound', 'prevented']);
});

test('FLOW-10: what comes between the two is shown with all of it, and written by nobody who received it', (context) => {
  const doc = longDocument();
  const other = copyOf(doc);
  doc.getText(CONTENT_FIELD).format(10, 20, { bold: true });
  other.getText(CONTENT_FIELD).delete(10, 20);
  other.getText(CONTENT_FIELD).insert(1, 'News. ');
  const { view, frames } = open(context, doc);
  const written: unknown[] = [];
  doc.on('update', (_update: Uint8Array, origin: unknown) => {
    if (origin !== 'network') written.push(origin);
  });
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), 'network');
  frames[0]?.();
  assert.ok(view.state.doc.firstChild?.textContent.startsWith('News. '));
  assert.deepEqual(written, []);
});

test('an editor that goes before all is shown never shows it', (context) => {
  const { editor, told, bound } = open(context, longDocument());
  editor.destroy();
  assert.deepEqual([bound(), told], [null, ['prevented']]);
});
