import { ALIGNMENTS } from './alignment.ts';
import { BLOCK_MENU } from './block-menu.ts';
import { BLOCKS } from './blocks.ts';
import type { Command, Place } from './command.ts';
import { INDENTATION } from './indentation.ts';
import { HISTORY } from './history.ts';
import { IMPORT } from './import.ts';
import { MARKS } from './marks.ts';
import { VIEW } from './view.ts';

/** All that can be done with a document, in the order in which it is offered. Every menu, bar and sheet reads it. */
export const COMMANDS: readonly Command[] = [
  ...HISTORY,
  ...MARKS,
  ...BLOCKS,
  ...ALIGNMENTS,
  ...INDENTATION,
  ...BLOCK_MENU,
  ...IMPORT,
  ...VIEW,
];

/** The commands that are offered at a place. */
export function commandsAt(place: Place): readonly Command[] {
  return COMMANDS.filter(({ places }) => places.includes(place));
}

/** What a row of commands shows: `-` is disabled, `+` active, `.` neither. */
export function shown(commands: readonly Command[], target: Parameters<Command['able']>[0]): string {
  if (target.editor.isDestroyed) return '-'.repeat(commands.length);
  return commands
    .map(({ able, active }) => (!able(target) ? '-' : active?.(target) === true ? '+' : '.'))
    .join('');
}
