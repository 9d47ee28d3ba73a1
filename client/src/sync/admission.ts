import type { TokenSource } from './tokens.ts';

/** Who does not answer is asked again after, ms: from the first to the longest, each wait shortened at random by up to half. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Who said no is asked again this often, ms: a right that is given back should not need a reload. */
const REFUSED_WAIT_MS = 60_000;
/** Two tokens are asked for this far apart at least, ms: one that ends at once must not make a page spin. */
const APART_MS = 2_000;

/** How this page stands with who decides. */
export type Standing =
  /** It has what it takes to connect, as far as is known. */
  | { readonly state: 'ready' }
  | { readonly state: 'asking' }
  /** Whoever gives tokens does not answer. */
  | { readonly state: 'failing' }
  /** This person may not. `login`: where to sign in. */
  | { readonly state: 'refused'; readonly login: string | null };

/** What an admission is made of. */
export interface AdmissionOptions {
  readonly tokens: TokenSource;
  readonly document: string;
  /** There is a token to connect with, another than before. */
  readonly onReady: () => void;
  /** {@link Admission.standing} may have changed. */
  readonly onChange: () => void;
  readonly timer: (fire: () => void, ms: number) => () => void;
  /** A steady clock, ms. */
  readonly now: () => number;
  /** Numbers from 0 to below 1. */
  readonly random: () => number;
}

/**
 * Gets one document's session in, and keeps it in: a token before it connects, a newer one in band while it is in
 * (SPEC HP-7), and another one when the server has turned it out.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  #standing: Standing = { state: 'asking' };
  #token = '';
  #askedAt = -Infinity;
  #failures = 0;
  /** Whether the token in hand was asked for because the server had refused the one before. */
  #secondTry = false;
  /** Raised by what makes an answer under way void. */
  #turn = 0;
  #again: { readonly cancel: () => void; readonly now: () => void } | null = null;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Gets a first token. */
  start(): void {
    void this.#ask('get');
  }

  /** What to authenticate with. `renewed`: the server wants a newer token of somebody who is in; settles when there is one. */
  token(renewed: boolean): Promise<string> {
    return renewed ? this.#renewInBand() : Promise.resolve(this.#token);
  }

  /** The server took the token. */
  admitted(): void {
    this.#secondTry = false;
    this.#failures = 0;
    this.#set({ state: 'ready' });
  }

  /** The server did not take it, or its time is over. */
  denied(): void {
    this.#turn += 1;
    if (this.#secondTry) return this.#refused(null);
    this.#secondTry = true;
    this.#set({ state: 'asking' });
    this.#askAfter(Math.max(0, this.#askedAt + APART_MS - this.#options.now()));
  }

  /** Somebody looks, or there is a network again: what is waited for is tried now. */
  hurry(): void {
    if (this.#options.now() >= this.#askedAt + APART_MS) this.#again?.now();
  }

  /** Nobody needs it any more. */
  close(): void {
    this.#turn += 1;
    this.#again?.cancel();
    this.#again = null;
  }

  async #ask(how: 'get' | 'renew'): Promise<void> {
    const turn = (this.#turn += 1);
    this.#again?.cancel();
    this.#again = null;
    this.#askedAt = this.#options.now();
    const answer = await this.#options.tokens[how](this.#options.document);
    if (turn !== this.#turn) return;
    switch (answer.type) {
      case 'token':
        return this.#has(answer.token);
      case 'none':
        // Then there is no other one to come in with.
        return this.#secondTry ? this.#set({ state: 'refused', login: null }) : this.#has('');
      case 'refused':
        return this.#refused(answer.login);
      case 'failed':
        this.#set({ state: 'failing' });
        return this.#askAfter(this.#drawWait());
    }
  }

  /** The old right holds until its end: whoever is not given a newer token is turned out then, and asks again. */
  async #renewInBand(): Promise<string> {
    const turn = this.#turn;
    for (;;) {
      this.#askedAt = this.#options.now();
      const answer = await this.#options.tokens.renew(this.#options.document);
      if (turn !== this.#turn) return never();
      if (answer.type === 'token') {
        this.#failures = 0;
        this.#token = answer.token;
        return answer.token;
      }
      if (answer.type !== 'failed') return never();
      await new Promise<void>((resolve) => this.#options.timer(resolve, this.#drawWait()));
      if (turn !== this.#turn) return never();
    }
  }

  #has(token: string): void {
    this.#token = token;
    this.#failures = 0;
    this.#set({ state: 'ready' });
    this.#options.onReady();
  }

  #refused(login: string | null): void {
    this.#set({ state: 'refused', login });
    this.#askAfter(REFUSED_WAIT_MS * (1 - this.#options.random() / 2));
  }

  #askAfter(ms: number): void {
    this.#again?.cancel();
    const now = (): void => {
      this.#again?.cancel();
      void this.#ask('renew');
    };
    this.#again = { cancel: this.#options.timer(now, ms), now };
  }

  #drawWait(): number {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    return longest * (1 - this.#options.random() / 2);
  }

  #set(standing: Standing): void {
    this.#standing = standing;
    this.#options.onChange();
  }
}

/** Whoever waits for what is void by now waits for nothing. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
