import type { AlsoCalled } from '../../words/called/en.ts';
import type { Words } from '../../words/en.ts';
import type { Command } from './command.ts';

/** Letters as one searches them: without case and accents. */
export function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLocaleLowerCase();
}

/** How well `text` answers `query`, both plain: 3 begins with it, 2 has a word that does, 1 holds it, 0 does not. */
export function rank(text: string, query: string): number {
  if (text.startsWith(query)) return 3;
  const at = text.indexOf(query);
  if (at < 0) return 0;
  return /[\s\-(/]/.test(text[at - 1] ?? '') || text.includes(` ${query}`) ? 2 : 1;
}

/**
 * The commands that answer what somebody typed, the best first: by their names, by what else they are called, by what
 * is typed for them in Markdown. All of them for ''.
 */
export function searchCommands(
  commands: readonly Command[],
  typed: string,
  { names, alsoCalled }: { readonly names: Words['commands']; readonly alsoCalled: AlsoCalled },
): Command[] {
  const query = plain(typed.trim());
  if (query === '') return [...commands];
  const other: Readonly<Partial<Record<string, string>>> = alsoCalled;
  const scored = commands.map((command, index) => {
    const name = rank(plain(names[command.id]), query) * 3;
    const also = rank(plain(`${other[command.id] ?? ''} ${command.id}`), query) > 1 ? 2 : 0;
    const marked = command.typed !== undefined && command.typed.startsWith(query) ? 4 : 0;
    return { command, score: Math.max(name, also, marked), index };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ command }) => command);
}
