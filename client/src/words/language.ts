import { en } from './en.ts';
import type { Words } from './en.ts';

/** A language that the interface speaks. */
export interface Language {
  readonly code: string;
  /** Its own name. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  readonly load: () => Promise<Words>;
}

/** What a page is in: one language, its messages, and whose dates and numbers they go with. */
export interface Speech {
  readonly language: Language;
  /** The person's own variety of the language, for Intl: `en-GB`. */
  readonly locale: string;
  readonly words: Words;
}

/** The key in the browser's storage under which a chosen language is kept. */
const KEY = 'sheaf.language';

/** English comes with the page; the others are fetched by who reads them. */
const ENGLISH: Language = {
  code: 'en',
  name: 'English',
  direction: 'ltr',
  load: () => Promise.resolve(en),
};

/** All languages, in the order of their names. */
export const LANGUAGES: readonly Language[] = [
  { code: 'de', name: 'Deutsch', direction: 'ltr', load: async () => (await import('./de.ts')).de },
  ENGLISH,
  { code: 'ar', name: 'العربية', direction: 'rtl', load: async () => (await import('./ar.ts')).ar },
];

/** What decides about the language, the strongest first. */
export interface Wishes {
  /** `?lang=` of the address. */
  readonly asked: string | null;
  /** What was chosen in this browser. */
  readonly kept: string | null;
  /** What the browser prefers, the dearest first. */
  readonly preferred: readonly string[];
}

/** The first wish that can be met, with the person's own variety of that language; English if none can. */
export function chooseLanguage({ asked, kept, preferred }: Wishes): { language: Language; locale: string } {
  for (const wish of [asked, kept, ...preferred]) {
    const language = LANGUAGES.find(({ code }) => code === wish?.toLowerCase().split('-')[0]);
    if (!language) continue;
    const variety = preferred.find((tag) => tag.toLowerCase().split('-')[0] === language.code);
    return { language, locale: variety ?? language.code };
  }
  return { language: ENGLISH, locale: ENGLISH.code };
}

/** Loads what {@link chooseLanguage} chose. Where its messages do not come, the page speaks English. */
export async function loadSpeech(wishes: Wishes): Promise<Speech> {
  const { language, locale } = chooseLanguage(wishes);
  try {
    return { language, locale, words: await language.load() };
  } catch {
    // A page in another language is worth more than none.
    return { language: ENGLISH, locale: ENGLISH.code, words: en };
  }
}

/** The language that was chosen in this browser, or null. */
export function keptLanguage(storage: Pick<Storage, 'getItem'> | null): string | null {
  return storage?.getItem(KEY) ?? null;
}

/** Keeps the choice of a language, where the browser keeps anything. */
export function keepLanguage(storage: Pick<Storage, 'setItem'> | null, code: string): void {
  try {
    storage?.setItem(KEY, code);
  } catch {
    // A full or forbidden storage costs the choice at the next visit, nothing else.
  }
}
