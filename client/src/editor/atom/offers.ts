import type { Atom } from '@sheaf/schema';
import { plain, rank } from '../commands/search.ts';
import { dayInWords, dayOf, dayTyped } from './day.ts';

/** Of people, and of documents, so many are offered. */
const MOST = 8;

/** Something that can be put into the text. */
export interface Offer {
  readonly id: string;
  readonly atom: Exclude<Atom, { readonly type: 'math' | 'footnote' }>;
  readonly name: string;
  /** What else is said of it: the day that is meant. */
  readonly more: string;
}

/** What there is to be offered. */
interface Offered {
  readonly people: readonly string[];
  readonly documents: readonly { readonly name: string; readonly title: string }[];
  readonly days: { readonly today: string; readonly tomorrow: string; readonly yesterday: string };
  readonly locale: string;
  readonly now: Date;
}

/** What answers what somebody typed behind an at sign: days, people, documents; of each kind the best first. */
export function offersFor(text: string, { people, documents, days, locale, now }: Offered): Offer[] {
  const query = plain(text.trim());
  const day = (date: string, name: string): Offer => {
    const words = dayInWords(date, locale);
    return { id: `date-${date}`, atom: { type: 'date', date }, name: name || words, more: name ? words : '' };
  };
  const known = [
    day(dayOf(now), days.today),
    day(dayOf(now, 1), days.tomorrow),
    day(dayOf(now, -1), days.yesterday),
  ];
  const typed = dayTyped(text, locale, now);
  return [
    ...(typed === null ? [] : [day(typed, '')]),
    ...best(known, query, ({ name }) => name).filter(({ id }) => id !== `date-${typed ?? ''}`),
    ...best([...new Set(people)], query, (name) => name).map((name): Offer => ({
      id: `person-${name}`,
      atom: { type: 'person', name },
      name: `@${name}`,
      more: '',
    })),
    ...best(documents, query, ({ title }) => title).map(({ name, title }): Offer => ({
      id: `document-${name}`,
      atom: { type: 'document', document: name, title },
      name: title,
      more: '',
    })),
  ];
}

/** The best of what answers `query`; in their order where they answer alike. */
function best<T>(all: readonly T[], query: string, nameOf: (one: T) => string): T[] {
  return all
    .map((one, index) => ({ one, index, score: query === '' ? 1 : rank(plain(nameOf(one)), query) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, MOST)
    .map(({ one }) => one);
}
