/** Whoever gives tokens has answered within, ms, or does not answer. */
const ANSWER_MS = 10_000;
/** The longest token that is believed to be one, characters. */
const TOKEN_CHARACTERS = 16 * 1024;

/** What came of asking for a token. */
export type TokenAnswer =
  | { readonly type: 'token'; readonly token: string }
  /** Nobody needs one here. */
  | { readonly type: 'none' }
  /** Whoever gives tokens gives this person none. `login`: where a person signs in, an http or https address. */
  | { readonly type: 'refused'; readonly login: string | null }
  /** Nothing that can be used came: it may another time. */
  | { readonly type: 'failed' };

/** Gives tokens for documents; null stands for the list of documents. Never rejects. */
export interface TokenSource {
  /** The token in hand, or a first one. */
  get(document: string | null): Promise<TokenAnswer>;
  /** Another one than that in hand, which is not taken any more. */
  renew(document: string | null): Promise<TokenAnswer>;
}

/** What a page's tokens are made of. */
export interface TokensOptions {
  /** Where tokens are asked for, absolute; null: nobody needs one. Rejects while that is not known. */
  readonly url: () => Promise<string | null>;
  readonly fetch: typeof fetch;
}

/**
 * The tokens of one page, from the program that decides who may do what (SPEC ACCESS-5). One request for a document is
 * under way at a time; a token is kept, for as long as the page lives, until another one is asked for.
 */
export class Tokens implements TokenSource {
  readonly #options: TokensOptions;
  readonly #held = new Map<string | null, string>();
  readonly #asking = new Map<string | null, Promise<TokenAnswer>>();

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  async get(document: string | null): Promise<TokenAnswer> {
    const token = this.#held.get(document);
    if (token !== undefined) return { type: 'token', token };
    const answer = await this.renew(document);
    // A server that does not even tell whether it wants one: it may not.
    return answer.type === 'failed' && !(await this.#isWanted()) ? { type: 'none' } : answer;
  }

  renew(document: string | null): Promise<TokenAnswer> {
    const asking = this.#asking.get(document) ?? this.#ask(document);
    this.#asking.set(document, asking);
    return asking;
  }

  async #ask(document: string | null): Promise<TokenAnswer> {
    try {
      const url = await this.#options.url();
      const answer: TokenAnswer = url === null ? { type: 'none' } : await this.#send(url, document);
      if (answer.type === 'token') this.#held.set(document, answer.token);
      return answer;
    } catch {
      // No network, no answer in time, or one that this page may not read: the same to whoever waits.
      return { type: 'failed' };
    } finally {
      this.#asking.delete(document);
    }
  }

  async #isWanted(): Promise<boolean> {
    try {
      return (await this.#options.url()) !== null;
    } catch {
      // It was not said.
      return false;
    }
  }

  async #send(url: string, document: string | null): Promise<TokenAnswer> {
    const address = new URL(url);
    if (document !== null) address.searchParams.set('doc', document);
    const response = await this.#options.fetch(address.href, {
      credentials: 'include',
      cache: 'no-store',
      // A sign-in page in place of an answer would be read as one.
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return readAnswer(response, address);
  }
}

async function readAnswer(response: Response, address: URL): Promise<TokenAnswer> {
  const refused = response.status === 401 || response.status === 403;
  if (!response.ok && !refused) return { type: 'failed' };
  // A refusal may come without words.
  const body: unknown = await response.json().catch(() => null);
  if (refused) return { type: 'refused', login: loginIn(body, address) };
  const token: unknown = fieldOf(body, 'token');
  const usable = typeof token === 'string' && token !== '' && token.length <= TOKEN_CHARACTERS;
  return usable ? { type: 'token', token } : { type: 'failed' };
}

/** An address that a link may lead to: nothing that runs in this page. */
function loginIn(body: unknown, base: URL): string | null {
  const login = fieldOf(body, 'login');
  const url = typeof login === 'string' ? URL.parse(login, base) : null;
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null;
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}
