import Redo from '@lucide/svelte/icons/redo-2';
import Undo from '@lucide/svelte/icons/undo-2';
import { edit } from './command.ts';
import type { Command } from './command.ts';

export const HISTORY: readonly Command[] = [
  {
    id: 'undo',
    icon: Undo,
    group: 'history',
    places: ['bar'],
    keys: 'Mod-z',
    mirrored: true,
    able: ({ editor, canUndo }) => editor.isEditable && canUndo,
    run: edit((chain) => chain.undo()),
  },
  {
    id: 'redo',
    icon: Redo,
    group: 'history',
    places: ['bar'],
    keys: 'Mod-Shift-z',
    mirrored: true,
    able: ({ editor, canRedo }) => editor.isEditable && canRedo,
    run: edit((chain) => chain.redo()),
  },
];
