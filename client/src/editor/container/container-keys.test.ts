import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pressed } from './test-keys.ts';

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
