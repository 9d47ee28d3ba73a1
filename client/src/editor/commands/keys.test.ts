import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ariaKeys, isPressed, shownKeys } from './keys.ts';

test('keys are shown as the keyboard in front of one names them', () => {
  assert.equal(shownKeys('Mod-Alt-1', false), 'Ctrl+Alt+1');
  assert.equal(shownKeys('Mod-Shift-z', true), '⌘⇧Z');
  assert.equal(shownKeys('Alt-Shift-ArrowUp', false), 'Alt+Shift+↑');
  assert.equal(ariaKeys('Mod-b', false), 'Control+B');
  assert.equal(ariaKeys('Mod-b', true), 'Meta+B');
});

test('a key is pressed only with its own modifiers', () => {
  const event = (key: string, ...held: string[]) =>
    ({
      key,
      ctrlKey: held.includes('ctrl'),
      metaKey: held.includes('meta'),
      shiftKey: held.includes('shift'),
      altKey: held.includes('alt'),
    }) as KeyboardEvent;
  assert.ok(isPressed(event('f', 'ctrl'), 'Mod-f', false));
  assert.ok(isPressed(event('F', 'ctrl', 'shift'), 'Mod-Shift-f', false));
  assert.ok(isPressed(event('f', 'meta'), 'Mod-f', true));
  assert.ok(!isPressed(event('f', 'ctrl'), 'Mod-f', true));
  assert.ok(!isPressed(event('f', 'ctrl', 'alt'), 'Mod-f', false));
  // On a German keyboard this is Ctrl and 7, which makes a list.
  assert.ok(!isPressed(event('/', 'ctrl', 'shift'), 'Mod-/', false));
});
