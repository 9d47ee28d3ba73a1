import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHtml } from '@sheaf/schema/parse-html';
import { Slice } from '@tiptap/pm/model';
import { CellSelection } from '@tiptap/pm/tables';
import * as Y from 'yjs';
import { TestPage } from '../binding/test-page.ts';
import { withoutIcons } from '../commands/icons-for-tests.ts';
import type { TestEditor } from '../commands/test-editor.ts';

withoutIcons();
const editors = await import('../commands/test-editor.ts');

const html = (rows: readonly string[][]) =>
  `<table>${rows.map((cells) => `<tr>${cells.map((words) => `<td>${words}</td>`).join('')}</tr>`).join('')}</table>`;

/** An editor of a table of two rows. */
function editorOfTable(): TestEditor {
  const page = new TestPage(1);
  const { tr, schema, doc } = page.state;
  const rows = [
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
  ];
  page.dispatch(tr.replaceWith(0, doc.content.size, parseHtml(schema, html(rows)).content));
  return new editors.TestEditor(3, Y.encodeStateAsUpdate(page.doc));
}

/** The position before the cell with these words. */
function cell({ state }: TestEditor, words: string): number {
  let found = -1;
  state.doc.descendants((node, pos) => {
    if (node.type.spec['tableRole'] === 'cell' && node.textContent === words) found = pos;
  });
  assert.notEqual(found, -1, words);
  return found;
}

/** Pastes cells, or with `asText` text of a spreadsheet, types `!`, and tells what the cells are then. */
function pasteAndType(editor: TestEditor, rows: readonly string[][], asText = false): string[] {
  const { view } = editor.editor;
  const text = rows.map((cells) => cells.join('\t')).join('\n');
  const clipboardData = {
    types: asText ? [] : ['text/html'],
    getData: (type: string) => (type === 'text/plain' ? text : ''),
  };
  const slice = asText ? Slice.empty : new Slice(parseHtml(view.state.schema, html(rows)).content, 0, 0);
  // Nothing of an event is used but what is here.
  const event = { clipboardData } as never;
  assert.ok(
    view.state.plugins.some((plugin) => plugin.props.handlePaste?.call(plugin, view, event, slice) === true),
  );
  view.dispatch(view.state.tr.insertText('!'));
  const cells: string[] = [];
  view.state.doc.descendants((node) => {
    if (node.type.spec['tableRole'] === 'cell') cells.push(node.textContent);
  });
  return cells;
}

test('PASTE-10: behind cells that are pasted into a table one types on in the last one', () => {
  for (const asText of [false, true]) {
    const editor = editorOfTable();
    editor.select(cell(editor, 'b') + 2);
    const rows = [
      ['1', '2'],
      ['3', '4'],
    ];
    assert.deepEqual(pasteAndType(editor, rows, asText), ['a', '1', '2', 'd', '3', '4!']);
    editor.destroy();
  }
});

test('PASTE-10: also where it is one cell, and where cells are selected', () => {
  const editor = editorOfTable();
  editor.select(cell(editor, 'b') + 2);
  assert.deepEqual(pasteAndType(editor, [['1']]), ['a', '1!', 'c', 'd', 'e', 'f']);
  const { view } = editor.editor;
  const selection = CellSelection.create(view.state.doc, cell(editor, 'e'), cell(editor, 'd'));
  view.dispatch(view.state.tr.setSelection(selection));
  assert.deepEqual(pasteAndType(editor, [['2']]), ['a', '1!', 'c', '2', '2!', 'f']);
  editor.destroy();
});
