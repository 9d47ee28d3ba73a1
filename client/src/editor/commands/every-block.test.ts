import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, kindsFor } from '@sheaf/schema/every-block-for-tests';
import { parseHtml } from '@sheaf/schema/parse-html';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { writeHtml } from '@sheaf/schema/write-html';
import { NodeRange } from '@tiptap/pm/model';
import { NodeSelection, Selection } from '@tiptap/pm/state';
import type { Command as StateCommand, EditorState } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { TestPage } from '../binding/test-page.ts';
import { deleteBlocks, moveBlocks } from '../block/block-commands.ts';
import { pasteAligned } from '../paste/aligned-line.ts';
import { openSlice } from '../paste/open-slice.ts';
import { withoutIcons } from './icons-for-tests.ts';
import type { TestEditor } from './test-editor.ts';

withoutIcons();
const { COMMANDS } = await import('./all.ts');
const editors = await import('./test-editor.ts');

/** A document of Markdown, as others send it. */
function contentOf(markdown: string): Uint8Array {
  const page = new TestPage(1);
  const wanted = readMarkdown(page.state.schema, markdown);
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, wanted.content));
  return Y.encodeStateAsUpdate(page.doc);
}

const json = ({ state }: { readonly state: EditorState }) => JSON.stringify(state.doc.toJSON());
/** As somebody sees it who comes now. */
const fresh = ({ doc }: { readonly doc: Y.Doc }) => json(new TestPage(99, Y.encodeStateAsUpdate(doc)));

/** Runs an entry of the list of commands; gives whether it could be run. */
function run({ target }: TestEditor, id: string): boolean {
  const command = COMMANDS.find((one) => one.id === id);
  assert.ok(command, id);
  if (!command.able(target)) return false;
  command.run(target);
  return true;
}

/** Puts the caret into the block behind the title, or selects it where it holds no text. */
function enter(editor: TestEditor): void {
  const { state } = editor;
  const at = state.doc.firstChild?.nodeSize ?? 0;
  const leaf = state.doc.nodeAt(at)?.isAtom === true;
  const selection = leaf ? NodeSelection.create(state.doc, at) : Selection.near(state.doc.resolve(at + 1));
  editor.editor.view.dispatch(state.tr.setSelection(selection));
}

/** Takes back what was done, and does it again: both are exact, and in the document as on the page. */
function thereAndBack(editor: TestEditor, before: string): void {
  const after = json(editor);
  assert.notEqual(after, before);
  assert.equal(fresh(editor), after);
  editor.editor.commands.undo();
  assert.equal(json(editor), before);
  assert.equal(fresh(editor), before);
  editor.editor.commands.redo();
  assert.equal(json(editor), after);
  assert.equal(fresh(editor), after);
}

for (const { name, kind } of kindsFor('turn into'))
  test(`every block, turn into: FLOW-9: a line becomes ${name} with its words, and is a line again`, () => {
    const editor = new editors.TestEditor(10, contentOf(`# Title\n\n${kind.line ?? 'amber'}\n\nbehind`));
    enter(editor);
    const [line, words, had] = [json(editor), editor.state.doc.textContent, countOf(editor.state.doc, kind)];
    const turn = kind.turn ?? '';
    if (turn !== 'paragraph') {
      assert.ok(run(editor, turn));
      assert.equal(countOf(editor.state.doc, kind), had + 1);
      if (kind.line === undefined) assert.equal(editor.state.doc.textContent, words);
      thereAndBack(editor, line);
    }
    editor.bound.undo.separate();
    enter(editor);
    assert.ok(run(editor, turn.startsWith('align') ? 'align-start' : 'paragraph'));
    assert.equal(json(editor), line);
    editor.destroy();
  });

for (const { name, kind } of kindsFor('paste'))
  test(`every block, paste: PASTE-1, PASTE-5: ${name} is pasted from HTML of ours and of others, and taken back`, () => {
    const { schema } = new TestPage(1).state;
    const own = readMarkdown(schema, kind.markdown);
    for (const html of [writeHtml(own), kind.foreign]) {
      if (html === undefined) continue;
      const editor = new editors.TestEditor(10, contentOf('# Title\n\n&nbsp;\n\nbehind'));
      enter(editor);
      const [before, had] = [json(editor), countOf(editor.state.doc, kind)];
      const slice = openSlice(parseHtml(editor.state.schema, html));
      const { view } = editor.editor;
      if (!pasteAligned(view, slice)) view.dispatch(editor.state.tr.replaceSelection(slice));
      editor.state.doc.check();
      assert.equal(countOf(editor.state.doc, kind), had + countOf(own, kind), html);
      thereAndBack(editor, before);
      editor.destroy();
    }
  });

for (const { name, kind } of kindsFor('undo'))
  test(`every block, undo: FLOW-12: ${name} is put in and deleted, and each is taken back and done again exactly`, () => {
    const editor = new editors.TestEditor(10, contentOf('# Title\n\namber\n\nbehind'));
    const { view } = editor.editor;
    const before = json(editor);
    const own = readMarkdown(editor.state.schema, kind.markdown);
    view.dispatch(editor.state.tr.insert(editor.state.doc.firstChild?.nodeSize ?? 0, own.content));
    thereAndBack(editor, before);

    editor.bound.undo.separate();
    enter(editor);
    const there = json(editor);
    deleteBlocks(editor.state, view.dispatch);
    thereAndBack(editor, there);
    editor.destroy();
  });

/** What one does with a block while another types in it and beside it. */
const DEEDS: Readonly<Record<string, StateCommand>> = {
  'moves it': moveBlocks('down'),
  'quotes it': ({ doc, tr, schema }, dispatch) => {
    const quote = schema.nodes['blockquote'];
    const at = doc.firstChild?.nodeSize ?? 0;
    const block = doc.nodeAt(at);
    if (!block || !quote) return false;
    const range = new NodeRange(doc.resolve(at), doc.resolve(at + block.nodeSize), 0);
    dispatch?.(tr.wrap(range, [{ type: quote }]));
    return true;
  },
  'deletes it, and takes that back': deleteBlocks,
};

/** Where somebody can type in the blocks behind the title: at both ends of each text, and on both sides of what stands in it. */
function placesIn({ doc }: EditorState): number[] {
  const places = new Set<number>();
  doc.descendants((node, pos) => {
    if (node.isTextblock) places.add(pos + 1).add(pos + 1 + node.content.size);
    if (node.isInline && !node.isText) places.add(pos).add(pos + 1);
    // Within a word, so that it is within a mark as well.
    if (node.isText && node.nodeSize > 3) places.add(pos + 2);
  });
  return [...places].toSorted((one, other) => other - one);
}

for (const { name, kind } of kindsFor('at the same time'))
  test(`every block, at the same time: FLOW-8: who types in ${name} and beside it loses nothing, whatever another does`, () => {
    const content = contentOf(`# Title\n\n${kind.markdown}\n\nbehind\n\nlast`);
    for (const [deed, command] of Object.entries(DEEDS))
      for (const ids of [
        [10, 20],
        [20, 10],
      ] as const) {
        const [one, other] = [new editors.TestEditor(ids[0], content), new TestPage(ids[1], content)];
        const had = countOf(one.state.doc, kind);
        enter(one);
        assert.ok(command(one.state, one.editor.view.dispatch), deed);
        if (command === deleteBlocks) one.editor.commands.undo();
        const letters = placesIn(other.state).map((at, index) => {
          const letter = String.fromCodePoint(0x4e00 + index);
          other.dispatch(other.state.tr.insertText(letter, at));
          return letter;
        });
        for (const update of other.updates.splice(0)) one.receive(update);
        for (const update of one.updates.splice(0)) other.receive(update);
        assert.equal(json(other), json(one), deed);
        assert.equal(fresh(other), json(one), deed);
        one.state.doc.check();
        assert.deepEqual([one.updates, other.updates], [[], []], 'receiving wrote');
        // What was typed into a block that moved meanwhile stays where that was (FLOW-21), as a line and marked as it was.
        assert.ok(countOf(one.state.doc, kind) >= had, deed);
        const text = one.state.doc.textContent;
        for (const letter of letters)
          assert.equal(text.split(letter).length, 2, `${deed}: ${letter} in ${text}`);
        one.destroy();
      }
  });
