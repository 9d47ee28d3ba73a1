import Decrease from '@lucide/svelte/icons/list-indent-decrease';
import Increase from '@lucide/svelte/icons/list-indent-increase';
import { indent } from '../style/indentation.ts';
import type { Way } from '../style/indentation.ts';
import { edit, outsideCode } from './command.ts';
import type { Command, CommandId, Icon } from './command.ts';

const indentation = (id: CommandId, way: Way, key: string, icon: Icon): Command => ({
  id,
  icon,
  group: 'align',
  places: ['bar', 'block'],
  keys: `Mod-${key}`,
  mirrored: true,
  able: (target) => outsideCode(target) && indent(way)(target.editor.state),
  run: edit((chain) => chain.indent(way)),
});

export const INDENTATION: readonly Command[] = [
  indentation('outdent', 'out', '[', Decrease),
  indentation('indent', 'in', ']', Increase),
];
