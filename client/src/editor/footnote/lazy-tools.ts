import type * as tools from './tools.ts';

/** What of footnotes waits until somebody comes to the text. */
export type FootnoteTools = typeof tools;

/** Fetches it; null where that is impossible, as without a network. Then there is nothing to be done but to read. */
export function loadFootnoteTools(): Promise<FootnoteTools | null> {
  return import('./tools.ts').catch(() => null);
}

/** It, for what cannot wait for it: null until it was fetched. */
export class LazyTools {
  now: FootnoteTools | null = null;
  #coming: Promise<FootnoteTools | null> | null = null;

  /** Fetches it once; where that failed, again. */
  load(): Promise<FootnoteTools | null> {
    this.#coming ??= loadFootnoteTools().then((found) => {
      this.now = found;
      if (!found) this.#coming = null;
      return found;
    });
    return this.#coming;
  }
}
