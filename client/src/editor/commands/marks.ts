import Highlighter from '@lucide/svelte/icons/highlighter';
import ClearFormat from '@lucide/svelte/icons/remove-formatting';
import Subscript from '@lucide/svelte/icons/subscript';
import Superscript from '@lucide/svelte/icons/superscript';
import Bold from '@lucide/svelte/icons/bold';
import Code from '@lucide/svelte/icons/code';
import Italic from '@lucide/svelte/icons/italic';
import Link from '@lucide/svelte/icons/link';
import Strikethrough from '@lucide/svelte/icons/strikethrough';
import Underline from '@lucide/svelte/icons/underline';
import { edit, outsideCode } from './command.ts';
import type { Command, Icon } from './command.ts';

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

function script(position: 'sub' | 'super', icon: Icon, keys: string): Command {
  return {
    id: `${position}script`,
    icon,
    group: 'mark',
    places: ['bar'],
    keys,
    active: ({ editor }) => editor.isActive('script', { position }),
    able: outsideCode,
    run: edit((chain) => chain.toggleScript(position)),
  };
}

export const MARKS: readonly Command[] = [
  mark({ id: 'bold', icon: Bold, keys: 'Mod-b' }, 'bold'),
  mark({ id: 'italic', icon: Italic, keys: 'Mod-i' }, 'italic'),
  mark({ id: 'underline', icon: Underline, keys: 'Mod-u' }, 'underline'),
  mark({ id: 'strike', icon: Strikethrough, keys: 'Mod-Shift-s' }, 'strike'),
  mark({ id: 'code', icon: Code, keys: 'Mod-e' }, 'code'),
  script('sub', Subscript, 'Mod-,'),
  script('super', Superscript, 'Mod-.'),
  {
    id: 'highlight',
    icon: Highlighter,
    group: 'mark',
    places: ['bar', 'bubble'],
    keys: 'Mod-Shift-h',
    active: ({ editor }) => editor.isActive('highlight'),
    able: outsideCode,
    run: edit((chain) => chain.toggleHighlight('yellow')),
  },
  {
    id: 'clear-format',
    icon: ClearFormat,
    group: 'mark',
    places: ['bar', 'bubble'],
    keys: 'Mod-\\',
    able: outsideCode,
    run: edit((chain) => chain.clearFormatting()),
  },
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
