import type { Awareness } from 'y-protocols/awareness';

/** How a person is shown to others. Travels in the awareness field `user`. */
export interface Person {
  /** Random and stable in one browser, so that two tabs count as one person. No proof of anything. */
  readonly id: string;
  /** 1 to 40 characters, one line. */
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
}

/** Somebody else who has the document open. */
export interface Peer extends Person {
  /** The Yjs client id of their page. */
  readonly clientId: number;
  /** Whether nobody looks at their page at the moment. */
  readonly away: boolean;
}

/** The longest name, in UTF-16 units. */
export const NAME_LENGTH = 40;

/** Somebody whose page said nothing usable about them. */
const NOBODY = { name: 'Somebody', color: '#6a645b' };

/** A name as it may be shown: one line, no control or direction characters, trimmed, bounded; '' if nothing is left. */
export function cleanName(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ');
  return line.trim().slice(0, NAME_LENGTH).toWellFormed().trim();
}

/** What a peer's page says about its person, checked field by field: peers are not trusted. */
export function readPerson(user: unknown): Person {
  const fields: Record<string, unknown> = typeof user === 'object' && user !== null ? { ...user } : {};
  const { id, name, color } = fields;
  return {
    id: typeof id === 'string' ? id.slice(0, 64) : '',
    name: (typeof name === 'string' && cleanName(name)) || NOBODY.name,
    color: typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) ? color.toLowerCase() : NOBODY.color,
  };
}

/** The awareness field in which a page tells that nobody looks at it. */
export const AWAY = 'away';

/**
 * Everybody else in the document, one entry a person: who is present first, else in an order that does not jump about.
 * Of a person's pages the one that is looked at counts.
 */
export function peers(awareness: Awareness, self: string): Peer[] {
  const states = [...awareness.getStates()].filter(([clientId]) => clientId !== awareness.clientID);
  const pages = states
    .map(([clientId, state]): Peer => ({
      ...readPerson(state['user']),
      clientId,
      away: state[AWAY] === true,
    }))
    .sort((a, b) => Number(a.away) - Number(b.away) || a.clientId - b.clientId);
  const seen = new Set([self]);
  return pages.filter(({ id }) => {
    if (id !== '' && seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** Up to two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.split(' ').filter((word) => word !== '');
  const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return chosen
    .map((word) => Array.from(word ?? '')[0] ?? '')
    .join('')
    .toLocaleUpperCase();
}

/** Black or white: what can be read on `color` (`#rrggbb`), by WCAG's relative luminance. */
export function inkOn(color: string): '#000000' | '#ffffff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}
