import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import GripVertical from '@lucide/svelte/icons/grip-vertical';
import Link2 from '@lucide/svelte/icons/link-2';
import Smile from '@lucide/svelte/icons/smile';
import Trash from '@lucide/svelte/icons/trash-2';
import { deleteBlocks, duplicateBlocks, moveBlocks } from '../block/block-commands.ts';
import { always } from './command.ts';
import type { Command } from './command.ts';
import type { Command as StateCommand } from '@tiptap/pm/state';

/** Runs a ProseMirror command on the blocks of the selection. */
function onBlocks(of: Pick<Command, 'id' | 'icon' | 'keys'>, command: StateCommand): Command {
  return {
    ...of,
    group: 'block',
    places: ['block'],
    able: (target) => always(target) && command(target.editor.state),
    run: ({ editor }) => {
      editor.view.focus();
      command(editor.state, editor.view.dispatch);
    },
  };
}

/** What can be done with a block as a whole. */
export const BLOCK_MENU: readonly Command[] = [
  {
    id: 'block-menu',
    icon: GripVertical,
    group: 'block',
    places: [],
    keys: 'Alt-Shift-b',
    able: always,
    run: (target) => target.open('block-menu'),
  },
  onBlocks({ id: 'move-up', icon: ArrowUp, keys: 'Alt-Shift-ArrowUp' }, moveBlocks('up')),
  onBlocks({ id: 'move-down', icon: ArrowDown, keys: 'Alt-Shift-ArrowDown' }, moveBlocks('down')),
  onBlocks({ id: 'duplicate', icon: CopyPlus, keys: 'Mod-Shift-d' }, duplicateBlocks),
  {
    id: 'callout-icon',
    icon: Smile,
    group: 'block',
    places: ['block'],
    able: (target) => always(target) && target.editor.isActive('callout'),
    run: (target) => target.open('icon'),
  },
  {
    id: 'link-to-block',
    icon: Link2,
    group: 'block',
    places: ['block'],
    able: () => true,
    run: (target) => target.copyBlockLink(),
  },
  onBlocks({ id: 'delete', icon: Trash }, deleteBlocks),
];
