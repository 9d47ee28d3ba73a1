import { Extension } from '@tiptap/core';
import { COMMANDS } from './all.ts';
import type { Target } from './command.ts';

/**
 * The keys of the list do what the list says: what is shown beside a command is what works. Those that change nothing in
 * the document are the page's, which has them everywhere. A keymap would also take Ctrl+Shift+7 for Ctrl+/ where
 * keyboards have the slash there.
 */
export function commandKeys(target: () => Target): Extension {
  return Extension.create({
    name: 'commandKeys',
    priority: 900,
    addKeyboardShortcuts() {
      const keys = new Set(COMMANDS.flatMap(({ group, keys: own }) => (group === 'view' ? [] : (own ?? []))));
      return Object.fromEntries([...keys].map((pressed) => [pressed, () => press(pressed, target())]));
    },
  });
}

/** Runs the first command of these keys that can do something here: some share theirs, such as links and the palette. */
function press(pressed: string, target: Target): boolean {
  COMMANDS.find(({ keys, able }) => keys === pressed && able(target))?.run(target);
  // Also where nothing can be done: the browser's own meaning of these keys would surprise.
  return true;
}
