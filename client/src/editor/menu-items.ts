import type { MenuItem } from '../ui/Menu.svelte';
import type { Words } from '../words/en.ts';
import { shown } from './commands/all.ts';
import type { Command, Target } from './commands/command.ts';
import { hasCommandKey } from '../ui/command-key.ts';
import { shownKeys } from './commands/keys.ts';

/** Commands as a menu shows them, as they stand at this moment. */
export function menuItems(
  commands: readonly Command[],
  target: Target,
  words: Words['commands'],
): MenuItem[] {
  const states = shown(commands, target);
  const command = hasCommandKey(navigator.platform);
  return commands.map(({ id, icon, keys, mirrored, group, active, run }, index) => ({
    id,
    name: words[id],
    icon,
    mirrored,
    keys: keys === undefined ? undefined : shownKeys(keys, command),
    checked: active ? states[index] === '+' : undefined,
    disabled: states[index] === '-',
    first: index > 0 && group !== commands[index - 1]?.group,
    run: () => run(target),
  }));
}
