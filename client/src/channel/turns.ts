/** So many attempts in a row may fail before another server is tried: to go on with a channel, which only its own knows. */
const ATTEMPTS = 2;

/** What a server says by which it is about to restart (RFC 6455's registry). */
const RESTARTING = 1012;

/** Servers that serve the same documents, the nodes of a cluster: which of them is to be tried. */
export class ServerTurns {
  readonly #origins: readonly string[];
  /** 0: the address as it was given. */
  #at = 0;

  /** `origins`: of the other servers, `https://HOST` or `wss://HOST`. Throws SyntaxError for what is no address. */
  constructor(origins: readonly string[]) {
    this.#origins = origins.map((origin) => readOrigin(origin));
  }

  /** The address, at the server whose turn it is. */
  address(url: string): string {
    const origin = this.#at === 0 ? undefined : this.#origins[this.#at - 1];
    if (origin === undefined) return url;
    const { pathname, search } = new URL(url);
    return `${origin}${pathname}${search}`;
  }

  /**
   * So many attempts in a row have failed: whether another server is to be tried, whose turn it is then. `resumes`: there is
   * a channel to go on with, and its server did not say that it ends.
   */
  failed(attempts: number, resumes: boolean): boolean {
    if (attempts < (resumes ? ATTEMPTS : 1) || this.#origins.length === 0) return false;
    this.#next();
    return true;
  }

  /** A connection was closed: a server that restarts sends its people away. */
  closed(code: number): void {
    if (code === RESTARTING) this.#next();
  }

  #next(): void {
    this.#at = (this.#at + 1) % (this.#origins.length + 1);
  }
}

function readOrigin(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^(http|ws)s?:$/.test(url.protocol) || url.pathname !== '/')
    throw new SyntaxError(`"${text}" is no server's address, like wss://HOST.`);
  return `${url.protocol.replace('http', 'ws')}//${url.host}`;
}
