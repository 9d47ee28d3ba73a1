import { plain } from '../commands/search.ts';

/** So many are offered. */
const MOST = 40;
/** So much has to be typed before any are, UTF-16 units: `:)` and "10:30" are no search. */
const LEAST = 2;

/** A sign, and one of the names by which it can be called. */
export interface Emoji {
  readonly id: string;
  readonly sign: string;
}

/**
 * The emoji whose names answer what was typed behind a colon, the best first: that name, names that begin with it, that
 * have a word which does, that hold it. Each sign once. Null if that is no search.
 */
export function searchEmoji(names: Readonly<Record<string, string>>, typed: string): Emoji[] | null {
  const query = plain(typed).replace(/:$/, '').replaceAll('-', '_');
  if (query.length < LEAST) return null;
  const scored = Object.entries(names).flatMap(([id, sign], index) => {
    const at = id.indexOf(query);
    if (at < 0) return [];
    const score = id === query ? 4 : at === 0 ? 3 : id[at - 1] === '_' ? 2 : 1;
    return [{ id, sign, score, index }];
  });
  scored.sort((a, b) => b.score - a.score || a.id.length - b.id.length || a.index - b.index);
  const signs = new Set<string>();
  const found = scored.filter(({ sign }) => !signs.has(sign) && signs.add(sign));
  return found.slice(0, MOST).map(({ id, sign }) => ({ id, sign }));
}

/** The sign of a whole name with its colon behind it, `smile:`; null if there is none of that name. */
export function namedEmoji(names: Readonly<Record<string, string>>, typed: string): Emoji | null {
  const id = /^(.+):$/.exec(plain(typed))?.[1]?.replaceAll('-', '_') ?? '';
  const sign = Object.hasOwn(names, id) ? names[id] : undefined;
  return sign === undefined ? null : { id, sign };
}
