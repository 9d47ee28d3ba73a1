/** A running server with nothing in it. */
export interface Site extends AsyncDisposable {
  readonly url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  return {
    url: 'http://127.0.0.1:8099',
    stop: async () => {},
    start: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
