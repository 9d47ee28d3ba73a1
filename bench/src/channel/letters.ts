import { seeded } from '../random.ts';
import type { Writer } from './writer.ts';

/** Longest that a letter may take, ms. */
const LETTER_MS = 5_000;
/** Longest gap between two letters, ms. */
const GAP_MS = 20;
/** Letters on a new channel that come before those that count. */
const FIRST_LETTERS = 20;

/** Who types and who reads, on channels that are open. */
export interface LettersTyped {
  readonly writer: Writer;
  readonly reader: Writer;
  readonly count: number;
  readonly seed: number;
  /** Called when the first letters, which don't count, have arrived. */
  readonly warm?: () => void;
}

/**
 * Types `count` letters, each when the one before has arrived and a random gap has passed; what each took from the
 * keystroke to the reader's replica, ms, in ascending order. Runs in Node and in browsers.
 */
export async function typeLetters(options: LettersTyped): Promise<Float64Array> {
  const { writer, reader, count } = options;
  const random = seeded(options.seed);
  const text = reader.doc.getText('text');
  const letter = (): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const late = setTimeout(() => reject(new Error(`A letter took ${LETTER_MS} ms.`)), LETTER_MS);
    const seen = (): void => resolve(performance.now() - began);
    text.observe(seen);
    const began = performance.now();
    writer.type();
    return promise.finally(() => {
      clearTimeout(late);
      text.unobserve(seen);
    });
  };
  for (let at = 0; at < FIRST_LETTERS; at++) await letter();
  options.warm?.();
  const took = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    took[at] = await letter();
    const gap = random() * GAP_MS;
    await new Promise((resolve) => setTimeout(resolve, gap));
  }
  return took.sort();
}
