import Bold from '@lucide/svelte/icons/bold';
import Code from '@lucide/svelte/icons/code';
import Italic from '@lucide/svelte/icons/italic';
import Link from '@lucide/svelte/icons/link';
import Strikethrough from '@lucide/svelte/icons/strikethrough';
import Underline from '@lucide/svelte/icons/underline';
import { edit, outsideCode } from './command.ts';
import type { Command } from './command.ts';

/** A mark that is put on the selection or taken from it. */
function mark(of: Pick<Command, 'id' | 'icon' | 'keys'>, name: string): Command {
  return {
    ...of,
    group: 'mark',
    places: ['bar', 'bubble'],
    active: ({ editor }) => editor.isActive(name),
    able: outsideCode,
    run: edit((chain) => chain.toggleMark(name)),
  };
}

export const MARKS: readonly Command[] = [
  mark({ id: 'bold', icon: Bold, keys: 'Mod-b' }, 'bold'),
  mark({ id: 'italic', icon: Italic, keys: 'Mod-i' }, 'italic'),
  mark({ id: 'underline', icon: Underline, keys: 'Mod-u' }, 'underline'),
  mark({ id: 'strike', icon: Strikethrough, keys: 'Mod-Shift-s' }, 'strike'),
  mark({ id: 'code', icon: Code, keys: 'Mod-e' }, 'code'),
  {
    id: 'link',
    icon: Link,
    group: 'mark',
    places: ['bar', 'bubble'],
    keys: 'Mod-k',
    active: ({ editor }) => editor.isActive('link'),
    able: (target) =>
      outsideCode(target) && (!target.editor.state.selection.empty || target.editor.isActive('link')),
    run: (target) => target.open('link'),
  },
];
