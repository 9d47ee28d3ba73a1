/** Words that an adult reads in a minute, silently and with understanding (Brysbaert 2019: 238 in English). */
const WORDS_A_MINUTE = 238;

/** How much there is to read. */
export interface Counts {
  readonly words: number;
  /** As a reader counts them: what is composed of several code points is one. Line ends are none. */
  readonly characters: number;
  /** Time to read it, in minutes, at least 1. */
  readonly minutes: number;
}

/** Counts texts by the rules of Unicode and of a language: in those without spaces words are found as well. */
export function countsOf(texts: readonly string[], locale: string): Counts {
  const wordsIn = new Intl.Segmenter(locale, { granularity: 'word' });
  const charactersIn = new Intl.Segmenter(locale, { granularity: 'grapheme' });
  let words = 0;
  let characters = 0;
  for (const text of texts) {
    for (const { isWordLike } of wordsIn.segment(text)) if (isWordLike === true) words += 1;
    const line = text.replaceAll('\n', '');
    // ASCII needs no rules, and is most of what there is.
    // eslint-disable-next-line no-control-regex -- the range of ASCII begins with them
    if (/^[\x00-\x7f]*$/.test(line)) characters += line.length;
    else for (const _character of charactersIn.segment(line)) characters += 1;
  }
  return { words, characters, minutes: Math.max(1, Math.round(words / WORDS_A_MINUTE)) };
}
