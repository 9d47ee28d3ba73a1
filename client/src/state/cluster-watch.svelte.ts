import type { ClusterAnswer, ClusterView } from './cluster.ts';

/** The cluster is asked for this often, ms. */
const EVERY_MS = 1_000;
const TOKEN_KEY = 'sheaf.admin';

/** What is known about the cluster. */
export type WatchState =
  | { readonly state: 'loading' }
  /** `since`: what is shown is from then, for the server does not answer any more. */
  | { readonly state: 'shown'; readonly cluster: ClusterView; readonly since: Date | null }
  | { readonly state: 'alone' }
  /** `wrong`: a token was tried and is not the one. */
  | { readonly state: 'locked'; readonly wrong: boolean }
  | { readonly state: 'refused' }
  | { readonly state: 'unreachable' };

interface WatchParts {
  readonly ask: (token: string | null, signal: AbortSignal) => Promise<ClusterAnswer>;
  /** Keeps the token for as long as the tab is open; null where the browser keeps nothing. */
  readonly storage: Storage | null;
}

/** Follows the cluster while somebody looks. */
export class ClusterWatch {
  readonly #parts: WatchParts;
  #current = $state.raw<WatchState>({ state: 'loading' });
  #token: string | null;
  #heard = new Date();
  #asking: AbortController | null = null;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#token = parts.storage?.getItem(TOKEN_KEY) ?? null;
  }

  get current(): WatchState {
    return this.#current;
  }

  /** Asks each second, while the page is seen, until the function that it returns is called. */
  watch(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const look = async (): Promise<void> => {
      if (document.visibilityState === 'visible') await this.#look();
      if (!ended) timer = setTimeout(() => void look(), EVERY_MS);
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
      this.#asking?.abort();
    };
  }

  /** Shows the server a token. */
  async unlock(token: string): Promise<void> {
    this.#token = token;
    await this.#look();
    if (this.#current.state !== 'locked') this.#parts.storage?.setItem(TOKEN_KEY, token);
  }

  async #look(): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const token = this.#token;
    const answer = await this.#parts.ask(token, asking.signal);
    if (asking.signal.aborted) return;
    this.#current = this.#after(answer, token);
    // A wrong one is not shown again each second.
    if (answer.kind === 'locked') this.#token = null;
  }

  #after(answer: ClusterAnswer, token: string | null): WatchState {
    switch (answer.kind) {
      case 'cluster':
        this.#heard = new Date();
        return { state: 'shown', cluster: answer.cluster, since: null };
      case 'locked': {
        const wrongBefore = this.#current.state === 'locked' && this.#current.wrong;
        return { state: 'locked', wrong: token !== null || wrongBefore };
      }
      case 'unreachable':
        if (this.#current.state !== 'shown') return { state: 'unreachable' };
        return { ...this.#current, since: this.#heard };
      case 'alone':
      case 'refused':
        return { state: answer.kind };
    }
  }
}
