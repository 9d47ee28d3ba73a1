import { HocuspocusProviderWebsocket } from '@hocuspocus/provider';

/** First and longest wait between two attempts to connect, ms. The first must not exceed the second. */
const RETRY_FIRST_MS = 1_000;
const RETRY_LONGEST_MS = 20_000;

/**
 * The page's connection to `url` (a `ws:` or `wss:` address). It connects when told to, and again for as long as
 * nobody calls `disconnect`.
 *
 * What cannot be sent at once is dropped rather than queued: every connection starts with a handshake that
 * carries all that the server lacks. The stock queue is sent once that handshake has begun, and the provider counts
 * its messages no more: their acknowledgements would be taken for others', unless the server guesses right.
 */
export class DocumentSocket extends HocuspocusProviderWebsocket {
  constructor(url: string) {
    super({
      url,
      autoConnect: false,
      delay: RETRY_FIRST_MS,
      minDelay: RETRY_FIRST_MS,
      maxDelay: RETRY_LONGEST_MS,
    });
  }

  override send(message: unknown): void {
    if (this.webSocket?.readyState === WebSocket.OPEN) super.send(message);
  }
}
