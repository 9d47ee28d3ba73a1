import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import { AllSelection, NodeSelection } from '@tiptap/pm/state';
import { CellSelection } from '@tiptap/pm/tables';
import * as Y from 'yjs';
import { TestPage } from '../binding/test-page.ts';
import { withoutIcons } from './icons-for-tests.ts';
import type { TestEditor } from './test-editor.ts';

withoutIcons();
const editors = await import('./test-editor.ts');

/** An editor of a document of Markdown. */
function editorOf(markdown: string): TestEditor {
  const page = new TestPage(1);
  const wanted = readMarkdown(page.state.schema, markdown);
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, wanted.content));
  return new editors.TestEditor(3, Y.encodeStateAsUpdate(page.doc));
}

/** The position at which these words begin. */
function at({ state }: TestEditor, words: string): number {
  let found = -1;
  state.doc.descendants((node, pos) => {
    if (node.isTextblock && found < 0) {
      const offset = node.textContent.indexOf(words);
      if (offset >= 0) found = pos + 1 + offset;
    }
  });
  assert.notEqual(found, -1, words);
  return found;
}

/** The position of the block that begins with these words. */
const placeOf = (editor: TestEditor, words: string) => at(editor, words) - 1;

const shown = ({ state }: TestEditor) => writeMarkdown(state.doc).trim();

function type(editor: TestEditor, words: string): void {
  editor.editor.view.dispatch(editor.state.tr.insertText(words));
}

test('WAYS-9: Tab puts a paragraph and code further in, Shift+Tab back, and the title stays', () => {
  const editor = editorOf('# Title\n\nwords\n\n```\none\n  two\n\tthree\n```\n');
  const inset = () => editor.state.doc.child(1).attrs['inset'] as unknown;
  editor.select(at(editor, 'words') + 2);
  assert.ok(editor.press('Tab'));
  assert.equal(inset(), 1);
  assert.ok(editor.press('Shift-Tab'));
  assert.equal(inset(), 0);
  // The key stays in the text where nothing goes any further.
  assert.ok(editor.press('Shift-Tab'));
  assert.equal(inset(), 0);

  const code = () => editor.state.doc.child(2).textContent;
  editor.select(at(editor, 'one') + 3);
  assert.ok(editor.press('Tab'));
  assert.equal(code(), 'one  \n  two\n\tthree');
  editor.select(at(editor, 'one'), at(editor, 'three') + 2);
  assert.ok(editor.press('Tab'));
  assert.equal(code(), '  one  \n    two\n  \tthree');
  for (let times = 0; times < 3; times += 1) assert.ok(editor.press('Shift-Tab'));
  assert.equal(code(), 'one  \ntwo\nthree');
  editor.select(at(editor, 'three'));
  assert.ok(editor.press('Shift-Tab'));
  assert.equal(code(), 'one  \ntwo\nthree');

  // A line that begins where the selection ends is not in it, and what was selected still is.
  editor.select(at(editor, 'one'), at(editor, 'two'));
  assert.ok(editor.press('Tab'));
  assert.equal(code(), '  one  \ntwo\nthree');
  assert.equal(editor.state.selection.empty, false);
  assert.ok(editor.press('Shift-Tab'));
  assert.equal(code(), 'one  \ntwo\nthree');

  const before = shown(editor);
  editor.select(at(editor, 'Title') + 1);
  assert.ok(editor.press('Tab'));
  assert.equal(shown(editor), before);
  editor.editor.view.dispatch(editor.state.tr.setSelection(new AllSelection(editor.state.doc)));
  assert.ok(editor.press('Tab'));
  assert.equal(editor.state.doc.child(0).attrs['inset'], 0);
  assert.equal(inset(), 1);
  editor.select(at(editor, 'Title') + 1, at(editor, 'words') + 2);
  assert.ok(editor.press('Tab'));
  assert.equal(editor.state.doc.child(0).attrs['inset'], 0);
  assert.equal(inset(), 2);
});

test('Enter over a selection that reaches from one item into another begins an item there', () => {
  for (const [list, wanted] of [
    ['- apple\n- berry', '- ap\n- rry'],
    ['1. apple\n2. berry', '1. ap\n2. rry'],
    ['- [x] apple\n- [x] berry', '- [x] ap\n- [ ] rry'],
    ['- apple\n  - berry', '- ap\n- rry'],
    ['- apple\n\nberry', '- ap\n- rry'],
  ] as const) {
    const editor = editorOf(`# Title\n\n${list}\n`);
    editor.select(at(editor, 'apple') + 2, at(editor, 'berry') + 2);
    assert.ok(editor.press('Enter'), list);
    assert.equal(shown(editor), `# Title\n\n${wanted}`, list);
    editor.editor.commands.undo();
    assert.equal(shown(editor), `# Title\n\n${list}`, list);
  }
});

test('Enter over whole items leaves an empty one, and the list', () => {
  const editor = editorOf('# Title\n\n- apple\n- berry\n- cherry\n');
  editor.select(at(editor, 'apple'), at(editor, 'berry') + 5);
  assert.ok(editor.press('Enter'));
  type(editor, 'plum');
  assert.equal(shown(editor), '# Title\n\n- plum\n- cherry');
});

test('Enter before the words of a task that is done begins one that is not', () => {
  const editor = editorOf('# Title\n\n- [x] done\n- [ ] open\n');
  editor.select(at(editor, 'done'));
  assert.ok(editor.press('Enter'));
  assert.equal(shown(editor), '# Title\n\n- [ ] &nbsp;\n- [x] done\n- [ ] open');
  type(editor, 'so ');
  assert.equal(shown(editor), '# Title\n\n- [ ] &nbsp;\n- [x] so done\n- [ ] open');
  editor.select(at(editor, 'done') + 2);
  assert.ok(editor.press('Enter'));
  assert.equal(shown(editor), '# Title\n\n- [ ] &nbsp;\n- [x] so do\n- [ ] ne\n- [ ] open');
});

test('redo leaves the caret where it was when it was taken back', () => {
  const editor = editorOf('# Title\n\nfirst\n\nsecond\n\nthird\n');
  const block = () => editor.state.selection.$from.parent.textContent;
  const offset = () => editor.state.selection.$from.parentOffset;
  for (const change of [
    () => editor.editor.commands.setNode('heading', { level: 2 }),
    () => editor.editor.commands.toggleList('bulletList', 'listItem'),
    () => editor.editor.commands.wrapIn('blockquote'),
  ]) {
    editor.select(at(editor, 'second') + 3);
    assert.ok(change());
    const after = shown(editor);
    for (let times = 0; times < 2; times += 1) {
      editor.editor.commands.undo();
      assert.deepEqual([block(), offset()], ['second', 3]);
      editor.editor.commands.redo();
      assert.equal(shown(editor), after);
      assert.deepEqual([block(), offset()], ['second', 3]);
    }
    editor.editor.commands.undo();
    editor.bound.undo.separate();
  }
  // Who has gone elsewhere meanwhile is led to what is done again.
  editor.select(at(editor, 'second') + 3);
  editor.editor.commands.setNode('heading', { level: 2 });
  editor.select(at(editor, 'Title') + 1);
  for (const step of ['undo', 'redo', 'undo', 'redo', 'undo'] as const) {
    editor.editor.commands[step]();
    assert.deepEqual([block(), offset()], ['second', 3], step);
  }
  editor.bound.undo.separate();
  // So they are within one block, which may be longer than the screen.
  editor.select(at(editor, 'second') + 6);
  type(editor, 'x'.repeat(80));
  editor.select(at(editor, 'second'));
  for (const [step, wanted] of [
    ['undo', 6],
    ['redo', 6],
    ['undo', 6],
    ['redo', 6],
    ['undo', 6],
  ] as const) {
    editor.editor.commands[step]();
    assert.deepEqual(block().replace(/x+/, ''), 'second');
    assert.equal(offset(), wanted, step);
  }
  editor.bound.undo.separate();
  editor.select(at(editor, 'second') + 3);
  type(editor, ' more');
  editor.editor.commands.undo();
  editor.editor.commands.redo();
  assert.deepEqual([block(), offset()], ['sec moreond', 8]);
});

test('FLOW-12: undo selects the cells that were selected, and nothing before them', () => {
  const table = '# Title\n\nbefore\n\n| h1 | h2 |\n| --- | --- |\n| x1 | y1 |\n';
  const cellAt = (editor: TestEditor, words: string) =>
    editor.state.doc.resolve(at(editor, words)).before(-1);
  const withCells = (first: string, last: string) => {
    const editor = editorOf(table);
    const { tr, doc } = editor.state;
    editor.editor.view.dispatch(
      tr.setSelection(CellSelection.create(doc, cellAt(editor, first), cellAt(editor, last))),
    );
    return editor;
  };
  for (const [first, last] of [
    ['x1', 'y1'],
    ['y1', 'h2'],
    ['y1', 'h1'],
  ] as const) {
    const editor = withCells(first, last);
    const selected = editor.state.selection.toJSON() as unknown;
    editor.editor.view.dispatch(editor.state.tr.deleteSelection());
    assert.notEqual(shown(editor), table.trim());
    editor.editor.commands.undo();
    assert.equal(shown(editor), table.trim());
    assert.deepEqual(editor.state.selection.toJSON(), selected, `${first} to ${last}`);
  }
  // All of one cell is selected as its text.
  const editor = withCells('y1', 'y1');
  editor.editor.view.dispatch(editor.state.tr.deleteSelection());
  editor.editor.commands.undo();
  type(editor, 'new');
  assert.equal(shown(editor), table.trim().replace('| x1 | y1 |', '| x1 | new |'));
  // A caret before the first block of a cell is in that.
  const start = cellAt(editor, 'x1') + 1;
  assert.equal(
    editor.bound.binding.resolve(editor.bound.binding.anchor({ anchor: start, head: start }).anchor),
    start + 1,
  );
});

test('FLOW-12: undo selects the image or divider that was selected', () => {
  const image = '![alt](https://example.org/a.png)';
  const content = `# Title\n\nbefore\n\n${image}\n\n---\n\n| head |\n| --- |\n| cell |\n`;
  for (const nth of [0, 1, 2]) {
    const editor = editorOf(content);
    const leaves = (): number[] => {
      const found: number[] = [];
      editor.state.doc.descendants((node, pos) => void (node.isLeaf && node.isBlock && found.push(pos)));
      return found;
    };
    const copy = editor.state.doc.nodeAt(leaves()[0] ?? -1);
    assert.ok(copy);
    editor.editor.view.dispatch(editor.state.tr.insert(placeOf(editor, 'cell'), copy));
    editor.bound.undo.separate();
    const before = editor.state.doc;
    editor.editor.view.dispatch(
      editor.state.tr.setSelection(NodeSelection.create(before, leaves()[nth] ?? -1)),
    );
    const selected = editor.state.selection.toJSON() as unknown;
    editor.editor.view.dispatch(editor.state.tr.deleteSelection());
    assert.equal(leaves().length, 2);
    editor.editor.commands.undo();
    assert.ok(editor.state.doc.eq(before));
    assert.deepEqual(editor.state.selection.toJSON(), selected);
  }
});

test('a caret whose paragraph others delete is in text, and not on the image before it', () => {
  const content = '# Title\n\nbefore\n\n![alt](https://example.org/a.png)\n\nmine\n\nbehind\n';
  const [editor, other] = [editorOf(content), editorOf(content)];
  Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(editor.doc));
  editor.select(at(editor, 'mine') + 2);
  const from = placeOf(other, 'mine');
  other.editor.view.dispatch(other.state.tr.delete(from, from + 6));
  editor.receive(Y.encodeStateAsUpdate(other.doc));
  type(editor, 'X');
  assert.match(shown(editor), /a\.png/);
  assert.match(shown(editor), /X/);
});

test('what is typed over the end of a list and what stands behind it is taken back as one', async () => {
  const editor = editorOf('# Title\n\n1. one\n\nmiddle\n\n7. two');
  const before = editor.state.doc;
  editor.select(at(editor, 'one') + 2, at(editor, 'middle') + 6);
  for (const letter of 'new') {
    type(editor, letter);
    await Promise.resolve();
  }
  editor.editor.commands.undo();
  assert.ok(editor.state.doc.eq(before), shown(editor));
});

test('what is typed in the place of blocks or an image is taken back as one', async () => {
  const content = '# Title\n\nfirst words\n\nsecond words\n\n![alt](https://example.org/a.png)\n';
  const blocks = editorOf(content);
  blocks.select(at(blocks, 'words'), at(blocks, 'second') + 3);
  const image = editorOf(content);
  const { doc, tr } = image.state;
  image.editor.view.dispatch(tr.setSelection(NodeSelection.create(doc, doc.content.size - 1)));
  for (const editor of [blocks, image]) {
    const before = editor.state.doc;
    const { selection } = editor.state;
    for (const letter of 'new') {
      type(editor, letter);
      await Promise.resolve();
    }
    assert.match(shown(editor), /new/);
    editor.editor.commands.undo();
    assert.ok(editor.state.doc.eq(before), shown(editor));
    assert.ok(editor.state.selection.eq(selection));
  }
});

test('FLOW-10: a document selected whole that others empty keeps what it is made of, and receiving writes nothing', () => {
  const content = '## words';
  const [editor, other] = [editorOf(content), editorOf(content)];
  editor.select(at(editor, 'words'), at(editor, 'words') + 5);
  Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(editor.doc));
  const start = at(other, 'words');
  other.editor.view.dispatch(other.state.tr.delete(start, start + 5));
  editor.updates.length = 0;
  editor.receive(Y.encodeStateAsUpdate(other.doc));
  assert.equal(shown(editor), '##');
  assert.deepEqual(editor.updates, []);
});
