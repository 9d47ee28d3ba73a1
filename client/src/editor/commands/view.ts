import Compass from '@lucide/svelte/icons/compass';
import Focus from '@lucide/svelte/icons/focus';
import Keyboard from '@lucide/svelte/icons/keyboard';
import MoveHorizontal from '@lucide/svelte/icons/move-horizontal';
import Quote from '@lucide/svelte/icons/quote';
import Replace from '@lucide/svelte/icons/replace';
import Search from '@lucide/svelte/icons/search';
import { always } from './command.ts';
import type { ViewOption } from '../../state/view-options.svelte.ts';
import type { Command, Icon, Panel } from './command.ts';

const anytime = () => true;

const opening = (of: Pick<Command, 'id' | 'icon' | 'keys' | 'places'>, panel: Panel): Command => ({
  ...of,
  group: 'view',
  able: anytime,
  run: (target) => target.open(panel),
});

const option = (of: { id: Command['id']; icon: Icon; keys?: string }, name: ViewOption): Command => ({
  ...of,
  group: 'view',
  places: ['document'],
  active: (target) => target.isOn(name),
  able: anytime,
  run: (target) => target.toggle(name),
});

/** What changes nothing in the document. */
export const VIEW: readonly Command[] = [
  opening({ id: 'find', icon: Search, keys: 'Mod-f', places: ['document'] }, 'find'),
  {
    ...opening({ id: 'replace', icon: Replace, keys: 'Mod-Alt-f', places: [] }, 'replace'),
    able: always,
  },
  option({ id: 'focus-mode', icon: Focus, keys: 'Mod-Shift-f' }, 'focusMode'),
  option({ id: 'full-width', icon: MoveHorizontal }, 'fullWidth'),
  option({ id: 'typography', icon: Quote }, 'typography'),
  opening({ id: 'palette', icon: Compass, keys: 'Mod-k', places: [] }, 'palette'),
  opening({ id: 'shortcuts', icon: Keyboard, keys: 'Mod-/', places: ['document'] }, 'shortcuts'),
];
