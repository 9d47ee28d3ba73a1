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
    able: ({ editor }) => editor.isEditable && editor.can().undo(),
    run: edit((chain) => chain.undo()),
  },
  {
    id: 'redo',
    icon: Redo,
    group: 'history',
    places: ['bar'],
    keys: 'Mod-Shift-z',
    mirrored: true,
    able: ({ editor }) => editor.isEditable && editor.can().redo(),
    run: edit((chain) => chain.redo()),
  },
];
