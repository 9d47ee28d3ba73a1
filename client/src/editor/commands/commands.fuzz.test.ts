import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { TextSelection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { pick, seeded } from '../binding/seeded.ts';
import type { Random } from '../binding/seeded.ts';
import { TestPage } from '../binding/test-page.ts';
import { TABLE_COMMANDS } from '../table/commands.ts';
import { withoutIcons } from './icons-for-tests.ts';
import type { TestEditor } from './test-editor.ts';

withoutIcons();
const { COMMANDS } = await import('./all.ts');
const editors = await import('./test-editor.ts');

const LONG = process.env['SHEAF_TEST_SURVIVE'] === 'all';
const SEEDS = LONG ? 4000 : 200;
const STEPS = 40;
/** The most that is selected, positions. */
const SELECTED = 30;
const KEYS = ['Tab', 'Shift-Tab', 'Enter', 'Backspace', 'Delete'];

const MARKDOWN = `# Title

alpha words

- apple
- berry
  - deep

> quote in

middle

1. one
2. two

between

1. three

<details>
<summary>

sum

</summary>

body

- more

</details>

\`\`\`js
code
\`\`\`

| a | b |
|---|---|
| c | d |

last
`;

/** All that a person can do with the text, by chance; undo as often as all else, as that is where it goes wrong. */
const DEEDS: readonly (readonly [times: number, run: (editor: TestEditor, random: Random) => void])[] = [
  [5, ({ editor }) => void editor.commands.undo()],
  [2, ({ editor }) => void editor.commands.redo()],
  [2, ({ bound }) => bound.undo.separate()],
  [1, ({ editor, state }) => editor.view.dispatch(state.tr.insertText('word'))],
  [1, ({ editor }) => void editor.commands.deleteSelection()],
  [3, (editor, random) => void editor.press(pick(random, KEYS))],
  [2, deleteBlock],
  [
    2,
    ({ editor, state }, random) =>
      void pick(random, Object.values(TABLE_COMMANDS))(state, editor.view.dispatch),
  ],
  [
    6,
    ({ target }, random) => {
      const { able, run } = pick(random, COMMANDS);
      if (able(target)) run(target);
    },
  ],
];
const BY_CHANCE = DEEDS.flatMap(([times, run]) => Array.from({ length: times }, () => run));

function deleteBlock({ editor, state }: TestEditor, random: Random): void {
  const index = Math.floor(random() * state.doc.childCount);
  const from = state.doc.children.slice(0, index).reduce((size, { nodeSize }) => size + nodeSize, 0);
  editor.view.dispatch(state.tr.delete(from, from + state.doc.child(index).nodeSize));
}

function select({ editor, state }: TestEditor, random: Random): void {
  const { size } = state.doc.content;
  const from = Math.floor(random() * size);
  const to = random() < 0.6 ? from : Math.min(size, from + Math.floor(random() * SELECTED));
  const selection = TextSelection.between(state.doc.resolve(from), state.doc.resolve(to));
  editor.view.dispatch(state.tr.setSelection(selection));
}

function meet(all: readonly TestEditor[]): void {
  for (const from of all)
    for (const to of all)
      if (from !== to) {
        const before = to.updates.length;
        to.receive(Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)));
        assert.equal(to.updates.length, before, 'receiving wrote');
      }
}

function written(): Uint8Array {
  const page = new TestPage(1);
  const { content } = readMarkdown(page.state.schema, MARKDOWN);
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, content));
  return Y.encodeStateAsUpdate(page.doc);
}

const shown = ({ state }: TestEditor) => JSON.stringify(state.doc.toJSON());

test(`FLOW-9, FLOW-12: two do anything and take it back, ${SEEDS} times: nothing throws, and both agree`, async () => {
  const content = written();
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const random = seeded(seed);
    const both = [new editors.TestEditor(3, content), new editors.TestEditor(4, content)];
    for (let step = 0; step < STEPS; step += 1) {
      const editor = pick(random, both);
      if (random() < 0.7) select(editor, random);
      pick(random, BY_CHANCE)(editor, random);
      await Promise.resolve();
      assert.ok(editor.state.doc.eq(editor.bound.binding.document), `seed ${seed}, step ${step}`);
      if (random() < 0.3) meet(both);
    }
    meet(both);
    const fresh = new editors.TestEditor(5, Y.encodeStateAsUpdate(both[0]?.doc ?? new Y.Doc()));
    for (const editor of [...both, fresh]) {
      editor.state.doc.check();
      assert.equal(shown(editor), shown(fresh), `seed ${seed}`);
      editor.destroy();
    }
    assert.deepEqual(fresh.updates, [], `seed ${seed}: opening wrote`);
  }
});
