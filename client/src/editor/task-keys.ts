import { Extension } from '@tiptap/core';
import type { Command } from '@tiptap/pm/state';

/** Checks the task with the caret, or takes that back. In a toggle within it the keys are the toggle's. */
const checkTask: Command = ({ selection: { $from }, tr }, dispatch) => {
  let { depth } = $from;
  while (depth > 0 && !['taskItem', 'toggle'].includes($from.node(depth).type.name)) depth -= 1;
  const task = $from.node(depth);
  if (task.type.name !== 'taskItem') return false;
  dispatch?.(tr.setNodeAttribute($from.before(depth), 'checked', task.attrs['checked'] !== true));
  return true;
};

/** Tasks are checked from the text: Tab, which would go to a box, indents there. */
export const TaskKeys = Extension.create({
  name: 'taskKeys',
  // Before toggles, and what else Ctrl+Enter does.
  priority: 250,
  addKeyboardShortcuts() {
    return { 'Mod-Enter': ({ editor }) => checkTask(editor.state, editor.view.dispatch) };
  },
});
