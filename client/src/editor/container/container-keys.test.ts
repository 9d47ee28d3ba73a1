import assert from 'node:assert/strict';
import { test } from 'node:test';
import { done, pressed, ran, toggle } from './test-keys.ts';

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

const BODY = 'one\n\n## two\n\n- three\n- four';
const TOGGLE = toggle('sum', BODY);

test('Backspace before what a toggle shows ends it, and what it held stands behind', () => {
  assert.equal(pressed(TOGGLE, 'sum', 'Backspace'), `|sum\n\n${BODY}`);
  // What the toggle stands in stays around it.
  assert.equal(
    pressed(toggle('outer', `word\n\n${TOGGLE}\n\nlast`), 'sum', 'Backspace'),
    toggle('outer', `word\n\n|sum\n\n${BODY}\n\nlast`),
  );
  assert.equal(pressed(toggle('sum', 'one'), 'one', 'Backspace'), toggle('sum|one', ''));
});

test('Enter in a toggle that shows nothing ends it', () => {
  const ended = done(TOGGLE, 'sum', (editor) => {
    const { from } = editor.state.selection;
    editor.editor.view.dispatch(editor.state.tr.delete(from, from + 3));
    assert.ok(editor.press('Enter'));
  });
  assert.equal(ended, `|\n\n${BODY}`);
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

test('the command of a toggle takes away the one with the caret, wherever in it that is', () => {
  for (const word of ['sum', 'one', 'two', 'four'])
    assert.equal(ran(TOGGLE, word, 'toggle'), `sum\n\n${BODY}`.replace(word, `|${word}`));
  assert.equal(
    ran(toggle('outer', `${TOGGLE}\n\nlast`), 'one', 'toggle'),
    toggle('outer', `sum\n\n${BODY.replace('one', '|one')}\n\nlast`),
  );
});
