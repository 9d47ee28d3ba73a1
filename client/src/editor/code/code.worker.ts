import { tokensOf } from './tokens.ts';

/** What the worker is asked, one at a time. */
export interface TokensRequest {
  readonly code: string;
  readonly language: string;
}

addEventListener('message', ({ data: { code, language } }: MessageEvent<TokensRequest>) => {
  const tokens = tokensOf(code, language);
  postMessage(tokens, { transfer: [tokens.buffer] });
});

// It is there: what is asked from now on has no excuse to take long.
postMessage(null);
