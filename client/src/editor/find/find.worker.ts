import { search } from './search.ts';
import type { Match, Wanted } from './search.ts';

/** What the worker is asked. */
export interface FindRequest {
  readonly id: number;
  readonly texts: readonly string[];
  readonly wanted: Wanted;
}

/** What it answers; `wrong` tells why the pattern is no regular expression. */
export type FindAnswer =
  | { readonly id: number; readonly matches: readonly Match[] }
  | { readonly id: number; readonly wrong: string };

addEventListener('message', ({ data }: MessageEvent<FindRequest>) => {
  const { id, texts, wanted } = data;
  let answer: FindAnswer;
  try {
    answer = { id, matches: search(texts, wanted) };
  } catch (error) {
    answer = { id, wrong: error instanceof Error ? error.message : String(error) };
  }
  postMessage(answer);
});
