const SIGNS: Readonly<Record<string, string>> = {
  Alt: '⌥',
  Shift: '⇧',
  Mod: '⌘',
  ArrowUp: '↑',
  ArrowDown: '↓',
};
const NAMES: Readonly<Record<string, string>> = { Mod: 'Ctrl', ArrowUp: '↑', ArrowDown: '↓' };

/** Keys such as `Mod-Alt-1` as they are shown to a person: `Ctrl+Alt+1`, or `⌘⌥1`. */
export function shownKeys(keys: string, command: boolean): string {
  const parts = keys.split('-').map((part) => (part.length === 1 ? part.toUpperCase() : part));
  return command
    ? parts.map((part) => SIGNS[part] ?? part).join('')
    : parts.map((part) => NAMES[part] ?? part).join('+');
}

/** The same as `aria-keyshortcuts` wants them. */
export function ariaKeys(keys: string, command: boolean): string {
  const parts = keys.split('-').map((part) => (part.length === 1 ? part.toUpperCase() : part));
  return parts.map((part) => (part === 'Mod' ? (command ? 'Meta' : 'Control') : part)).join('+');
}

/** Whether a key press is `keys`, for places that have no keymap of ProseMirror's. */
export function isPressed(event: KeyboardEvent, keys: string, command: boolean): boolean {
  const parts = keys.split('-');
  const has = (name: string) => parts.includes(name);
  const mod = command ? event.metaKey : event.ctrlKey;
  return (
    event.key.toLowerCase() === parts[parts.length - 1]?.toLowerCase() &&
    mod === has('Mod') &&
    event.shiftKey === has('Shift') &&
    event.altKey === has('Alt')
  );
}
