import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { TestPage } from '../binding/test-page.ts';
import type { CommandId } from '../commands/command.ts';
import type { TestEditor } from '../commands/test-editor.ts';
import { placeOf } from '../commands/test-words.ts';
import { done, editorOf, pressed, ran, run, shown, toggle } from './test-keys.ts';

test('Backspace behind a quote goes on in its words, and the caret stays before those that came', () => {
  assert.equal(pressed('> quo te\n\nomega end', 'omega', 'Backspace'), '> quo te|omega end');
  assert.equal(pressed('> quo te\n\n## omega end', 'omega', 'Backspace'), '> quo te|omega end');
  assert.equal(pressed('> - quo te\n\nomega end', 'omega', 'Backspace'), '> - quo te|omega end');
  // What a divider stood between as well.
  assert.equal(pressed('> quo te\n\n---\n\nomega', 'omega', 'Backspace', 'Backspace'), '> quo te|omega');
});

test('Backspace between the paragraphs of a quote joins them, as in a callout', () => {
  for (const first of ['', '[!NOTE]\n>\n> '])
    assert.equal(
      pressed(`> ${first}one\n>\n> two\n>\n> three`, 'two', 'Backspace'),
      `> ${first}one|two\n>\n> three`,
    );
});

test('Backspace behind a list that does not end in words takes nothing away that was not there', () => {
  for (const last of ['---', '![i](https://example.org/a.png)', '| x | y |\n  | - | - |\n  | c | d |']) {
    const list = `- abc\n  - deep\n\n  ${last}`;
    for (const key of ['Backspace', 'Shift-Backspace', 'Mod-Backspace']) {
      const editor = editorOf(`${list}\n\npara`);
      editor.select(placeOf(editor.state.doc, 'para'));
      assert.ok(editor.press(key));
      editor.editor.view.dispatch(editor.state.tr.insertText('z'));
      const after = shown(editor);
      for (const words of ['abc', 'deep', 'para', last.split('\n')[0] ?? ''])
        assert.ok(after.includes(words), `${key}: ${after}`);
      if (last.includes('c |')) assert.match(after, /c \| d/);
    }
  }
});

test('Delete behind words goes on with the next ones, whatever either stand in, and selects no list', () => {
  const deleted = (markdown: string) => {
    const editor = editorOf(markdown);
    editor.select(placeOf(editor.state.doc, 'alpha') + 5);
    assert.ok(editor.press('Delete'));
    editor.state.doc.check();
    assert.ok(editor.state.selection.empty);
    const after = shown(editor);
    editor.editor.commands.undo();
    assert.equal(shown(editor), markdown.replace('alpha', 'alpha|'));
    return after;
  };
  for (const [before, after] of [
    ['> alpha\n\ntwo\n\nend', '> alpha|two\n\nend'],
    ['> [!NOTE]\n>\n> alpha\n\n## two', '> [!NOTE]\n>\n> alpha|two'],
    ['- x\n  - alpha\n\ntwo', '- x\n  - alpha|two'],
    ['- alpha\n\ntwo', '- alpha|two'],
    [`${toggle('x', 'alpha')}\n\ntwo`, toggle('x', 'alpha|two')],
    ['alpha\n\n> two\n>\n> end', 'alpha|two\n\n> end'],
    ['alpha\n\n- two\n- end', 'alpha|two\n\n- end'],
    ['alpha\n\n- [ ] two\n  - deep\n- [ ] end', 'alpha|two\n\n- [ ] &nbsp;\n  - deep\n- [ ] end'],
    ['```\nalpha\n```\n\n- two\n  - deep', '```\nalpha|\n```\n\n- two\n  - deep'],
  ] as const)
    assert.equal(deleted(before), after);
});

const BODY = 'one\n\n## two\n\n- three\n- four';
const TOGGLE = toggle('sum', BODY);

test('Backspace before what a toggle shows ends it, and what it held stands behind', () => {
  for (const key of ['Backspace', 'Shift-Backspace', 'Mod-Backspace'])
    assert.equal(pressed(TOGGLE, 'sum', key), `|sum\n\n${BODY}`);
  // What the toggle stands in stays around it.
  assert.equal(
    pressed(toggle('outer', `word\n\n${TOGGLE}\n\nlast`), 'sum', 'Backspace'),
    toggle('outer', `word\n\n|sum\n\n${BODY}\n\nlast`),
  );
  assert.equal(pressed(toggle('sum', 'one'), 'one', 'Backspace'), toggle('sum|one', ''));
});

test('Delete before a toggle ends it, and then joins what it showed; an empty paragraph goes before it', () => {
  const editor = editorOf(`before\n\n${TOGGLE}`);
  editor.select(placeOf(editor.state.doc, 'before') + 6);
  assert.ok(editor.press('Delete'));
  assert.equal(shown(editor), `before|\n\nsum\n\n${BODY}`);
  assert.ok(editor.press('Delete'));
  assert.equal(shown(editor), `before|sum\n\n${BODY}`);
  const emptied = (markdown: string) =>
    done(markdown, 'before', (page) => {
      const { from } = page.state.selection;
      page.editor.view.dispatch(page.state.tr.delete(from, from + 6));
      assert.ok(page.press('Delete'));
    });
  assert.equal(emptied(`before\n\n${TOGGLE}`), TOGGLE.replace('\nsum', '\n|sum'));
  // In an item something must stand first.
  const item = emptied(`- before\n\n  ${TOGGLE.replaceAll('\n', '\n  ')}`);
  assert.match(item, /^- \|\n\n {2}sum\n\n {2}one\n/);
});

test('Delete before a toggle ends it wherever both stand; what holds but an empty paragraph goes before it', () => {
  const deleted = (markdown: string, emptied: boolean) => {
    const editor = editorOf(markdown);
    const place = placeOf(editor.state.doc, 'before');
    editor.select(place, place + 6);
    if (emptied) editor.editor.view.dispatch(editor.state.tr.deleteSelection());
    else editor.select(place + 6);
    assert.ok(editor.press('Delete'));
    editor.state.doc.check();
    const after = shown(editor);
    editor.editor.commands.undo();
    editor.select(place);
    assert.equal(shown(editor), markdown.replace('before', '|before'));
    return after;
  };
  const around = toggle('outer', 'before');
  for (const [before, begins, emptied] of [
    ['> before', '', ''],
    ['- one\n  - before', '', '- one\n\n'],
    ['before', '> ', ''],
    ['- before', '> ', ''],
    [around, '', `${toggle('outer', '')}\n\n`],
  ] as const) {
    const within = (markdown: string) => markdown.replaceAll(/^/gm, begins).replaceAll('> \n', '>\n');
    const whole = `${before}\n\n${within(TOGGLE)}`;
    assert.equal(
      deleted(whole, false),
      `${before.replace('before', 'before|')}\n\n${within(`sum\n\n${BODY}`)}`,
    );
    assert.equal(deleted(whole, true), emptied + within(TOGGLE.replace('\nsum', '\n|sum')));
  }
  // Nothing is joined out of a cell.
  const cell = editorOf(`| a |\n| - |\n| before |\n\n${TOGGLE}`);
  cell.select(placeOf(cell.state.doc, 'before') + 6);
  const was = shown(cell);
  cell.press('Delete');
  assert.equal(shown(cell), was);
});

test('what is deleted from before a toggle on into it ends it, by whatever key it is', () => {
  const holds = 'one\n\n## two';
  const over = (before: string, to: string, deed: (editor: TestEditor) => unknown) => {
    const editor = editorOf(before);
    const place = placeOf(editor.state.doc, 'before');
    editor.select(place + 3, placeOf(editor.state.doc, to));
    deed(editor);
    editor.state.doc.check();
    const after = shown(editor);
    editor.editor.commands.undo();
    editor.select(place);
    assert.equal(shown(editor), before.replace('before', '|before'));
    return after;
  };
  const plain = `before\n\n${toggle('sum', holds)}`;
  for (const key of ['Backspace', 'Delete'])
    assert.equal(
      over(plain, 'um', (editor) => assert.ok(editor.press(key))),
      `bef|um\n\n${holds}`,
    );
  const back = (editor: TestEditor) => editor.press('Backspace');
  const type = ({ editor: { view }, state }: TestEditor) => view.dispatch(state.tr.insertText('x'));
  assert.equal(over(plain, 'um', type), `befx|um\n\n${holds}`);
  assert.equal(over(plain, 'ne', back), 'bef|ne\n\n## two');
  assert.equal(
    over(`${toggle('before', 'x')}\n\n${toggle('sum', holds)}`, 'um', back),
    toggle('bef|um', holds),
  );
  assert.equal(over(toggle('before', toggle('sum', holds)), 'um', back), toggle('bef|um', holds));
  // What begins in it leaves it.
  assert.equal(over(toggle('before', holds), 'ne', back), toggle('bef|ne', '## two'));
});

test('Enter in a toggle that shows nothing ends it', () => {
  const ended = done(TOGGLE, 'sum', (editor) => {
    const { from } = editor.state.selection;
    editor.editor.view.dispatch(editor.state.tr.delete(from, from + 3));
    assert.ok(editor.press('Enter'));
  });
  assert.equal(ended, `|\n\n${BODY}`);
});

test('Enter before what a toggle shows puts a line before it, and hides nothing', () => {
  assert.equal(pressed(TOGGLE, 'sum', 'Enter'), `&nbsp;\n\n${toggle('|sum', BODY)}`);
  assert.equal(pressed(toggle('outer', TOGGLE), 'outer', 'Enter'), `&nbsp;\n\n${toggle('|outer', TOGGLE)}`);
  assert.equal(
    pressed(toggle('outer', TOGGLE), 'sum', 'Enter'),
    toggle('outer', `&nbsp;\n\n${toggle('|sum', BODY)}`),
  );
});

test('what a toggle shows becomes something else, and what the toggle held stands behind it', () => {
  for (const [id, shows] of [
    ['paragraph', '|sum'],
    ['heading-2', '## |sum'],
    ['bullet-list', '- |sum'],
    ['ordered-list', '1. |sum'],
    ['task-list', '- [ ] |sum'],
    ['code-block', '```\n|sum\n```'],
  ] as const) {
    // Two lists side by side would be told apart in another way.
    assert.equal(ran(toggle('sum', 'one\n\n## two'), 'sum', id), `${shows}\n\none\n\n## two`, id);
    assert.equal(ran(toggle('sum', '## two'), 'sum', id), `${shows}\n\n## two`, id);
  }
  // What it holds is something else without it.
  assert.equal(ran(toggle('sum', 'one'), 'one', 'heading-2'), toggle('sum', '## |one'));
});

test('a list and a toggle become one list together, line breaks in them as well', () => {
  const before = `- one\n\n${toggle('sum\\\nmary', 'two\\\nmore\n\nthree')}`;
  const editor = editorOf(before);
  editor.select(placeOf(editor.state.doc, 'one'), placeOf(editor.state.doc, 'three') + 5);
  assert.ok(run(editor, 'ordered-list'));
  editor.select(placeOf(editor.state.doc, 'one'));
  assert.equal(shown(editor), '1. |one\n2. sum\\\n   mary\n3. two\\\n   more\n4. three');
  editor.editor.commands.undo();
  editor.select(placeOf(editor.state.doc, 'one'));
  assert.equal(shown(editor), before.replace('one', '|one'));
});

test('the command of a toggle takes away the one with the caret, wherever in it that is', () => {
  for (const word of ['sum', 'one', 'two', 'four'])
    assert.equal(ran(TOGGLE, word, 'toggle'), `sum\n\n${BODY}`.replace(word, `|${word}`));
  assert.equal(
    ran(toggle('outer', `${TOGGLE}\n\nlast`), 'one', 'toggle'),
    toggle('outer', `sum\n\n${BODY.replace('one', '|one')}\n\nlast`),
  );
});

test('an item is put into a quote or a callout in a list of its own, and out of it into the list', () => {
  const numbered = '3. one\n4. two\n   - deep\n5. three';
  for (const [id, begins] of [
    ['quote', '> '],
    ['callout', '> [!NOTE]\n>\n> '],
  ] as const) {
    assert.equal(ran(numbered, 'two', id), `3. one\n\n${begins}4. |two\n>    - deep\n\n5. three`);
    const editor = editorOf(numbered);
    editor.select(placeOf(editor.state.doc, 'two'));
    for (let times = 0; times < 2; times += 1) assert.ok(run(editor, id));
    assert.equal(shown(editor), numbered.replace('two', '|two'));
    assert.equal(ran('- one', 'one', id), `${begins}- |one`);
    assert.equal(ran('- [x] one\n- [ ] two', 'one', id), `${begins}- [x] |one\n\n- [ ] two`);
    assert.equal(ran('- one\n  - deep', 'deep', id), `- one\n\n  ${begins.replaceAll('\n', '\n  ')}- |deep`);
    // What an item shows first stays first; what stands behind that can be put into something by itself.
    assert.equal(ran('- one\n\n  two', 'two', id), `- one\n\n  ${begins.replaceAll('\n', '\n  ')}|two`);
    assert.equal(
      ran(toggle('sum', 'one'), 'sum', id),
      begins + toggle('|sum', 'one').split('\n').join('\n> ').replaceAll('> \n', '>\n'),
    );
  }
});

test('what is in quotes everywhere comes out of all of them, and what is not goes into one', () => {
  const changed = (markdown: string, id: CommandId) => {
    const editor = editorOf(markdown);
    const one = placeOf(editor.state.doc, 'one');
    editor.select(one, placeOf(editor.state.doc, 'two') + 3);
    assert.ok(run(editor, id));
    editor.state.doc.check();
    editor.select(placeOf(editor.state.doc, 'one'));
    const after = shown(editor);
    editor.editor.commands.undo();
    editor.select(one);
    assert.equal(shown(editor), markdown.replace('one', '|one'));
    return after;
  };
  const note = (words: string) => `> [!NOTE]\n>\n> ${words}`;
  assert.equal(changed(`${note('one')}\n\n${note('two')}`, 'callout'), '|one\n\ntwo');
  assert.equal(
    changed(`> a\n>\n> one\n\n${note('> two\n> >\n> > b')}`, 'quote'),
    `> a\n\n|one\n\n${note('two\n>\n> > b')}`,
  );
  assert.equal(changed(`${toggle('one', 'x')}\n\n${toggle('two', 'y')}`, 'toggle'), '|one\n\nx\n\ntwo\n\ny');
  assert.equal(changed('> one\n\ntwo', 'quote'), '> > |one\n>\n> two');
});

test('an item becomes a toggle, with what it held', () => {
  assert.equal(
    ran('3. one\n4. two\n   - deep\n5. three', 'two', 'toggle'),
    `3. one\n\n${toggle('|two', '- deep')}\n\n5. three`,
  );
  assert.equal(ran('- [x] one', 'one', 'toggle'), toggle('|one', ''));
  const editor = editorOf('- one\n- two\n- three');
  const [two, three] = ['two', 'three'].map((word) => placeOf(editor.state.doc, word));
  editor.select(two ?? 0, three);
  assert.ok(run(editor, 'toggle'));
  editor.select(placeOf(editor.state.doc, 'two'));
  assert.equal(shown(editor), `- one\n\n${toggle('|two', '')}\n\n${toggle('three', '')}`);
});

test('a toggle is not offered where it can show nothing', () => {
  for (const [markdown, words] of [
    ['## one', 'one'],
    ['```\none\n```', 'one'],
  ] as const) {
    const editor = editorOf(markdown);
    editor.select(placeOf(editor.state.doc, words));
    assert.equal(run(editor, 'toggle'), false);
  }
});

test('what a table holds is put into something in its cell', () => {
  const editor = editorOf('| a | b |\n| - | - |\n| c | d |');
  const place = (word: string) => placeOf(editor.state.doc, word);
  editor.select(place('c'));
  assert.ok(run(editor, 'bullet-list'));
  assert.ok(run(editor, 'quote'));
  const { $from } = editor.state.selection;
  assert.deepEqual(
    [-4, -3, -2, -1].map((depth) => $from.node(depth).type.name),
    ['tableCell', 'blockquote', 'bulletList', 'listItem'],
  );
});

test('FLOW-8: what others type in items is there once when those are put into something, and in one order', () => {
  for (const id of ['quote', 'toggle'] as const)
    for (const ids of [
      [10, 20],
      [20, 10],
    ] as const) {
      const editor = editorOf('1. one\n2. two\n3. three', ids[0]);
      const other = new TestPage(ids[1], Y.encodeStateAsUpdate(editor.doc));
      editor.select(placeOf(editor.state.doc, 'two'));
      assert.ok(run(editor, id));
      for (const word of ['one', 'two', 'three'])
        other.dispatch(other.state.tr.insertText('X', placeOf(other.state.doc, word) + 2));
      editor.receive(Y.encodeStateAsUpdate(other.doc));
      assert.deepEqual(shown(editor).match(/\|?[a-zX]*X[a-z]*/g), ['onXe', '|twXo', 'thXree']);
    }
});
