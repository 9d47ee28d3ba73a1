import FileInput from '@lucide/svelte/icons/file-input';
import { always } from './command.ts';
import type { Command } from './command.ts';

/** What brings in a file. */
export const IMPORT: readonly Command[] = [
  {
    id: 'import',
    icon: FileInput,
    group: 'insert',
    places: ['document'],
    able: always,
    run: (target) => target.importFile(),
  },
];
