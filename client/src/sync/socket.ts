import { HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import type { onCloseParameters } from '@hocuspocus/provider';
import { ChannelSocket } from '../channel/channel-socket.ts';
import type { Rung } from '../channel/rung.ts';
import type { ChannelStatus } from '../channel/status.ts';
import type { EarlySocket } from './early-socket.ts';
import { Gathered } from './gathered.ts';
import type { Frames } from './gathered.ts';
import type { Carrier } from './save-state.ts';
import { readReceived } from './sync-message.ts';

/** The close code by which a server says "not now": it cannot store, or has too many (RFC 6455's registry). */
export const TRY_AGAIN_LATER = 1013;

/** First and longest wait between two attempts to connect, ms. The first must not exceed the second. */
const RETRY_FIRST_MS = 1_000;
const RETRY_LONGEST_MS = 20_000;
/** A server that answers "not now" is asked again after, ms: between this and its half as much more. */
const NOT_NOW_MS = 4_000;

/** A message of what others do, which may wait for the page's next frame. */
interface Waiting {
  readonly kind: 'change' | 'presence';
  readonly event: MessageEvent<ArrayBuffer>;
}

/** Who has the document that comes through a socket. */
export interface Receiver {
  /** Called before what others do is shown. */
  readonly before: () => void;
  /** Makes one change of all that `take` brings. */
  readonly together: (take: () => void) => void;
  /** Whether the document has no content at all yet. */
  readonly isEmpty: () => boolean;
  /** Has `take` bring the first content of a document: `update`, V1. */
  readonly first: (update: Uint8Array, take: () => void) => void;
}

/**
 * The page's connection to `url` (a `ws:` or `wss:` address). It connects when told to, and again for as long as
 * nobody calls `disconnect`.
 *
 * What cannot be sent at once is dropped rather than queued: every connection starts with a handshake that
 * carries all that the server lacks. The stock queue is sent once that handshake has begun, and the provider counts
 * its messages no more: their acknowledgements would be taken for others', unless the server guesses right.
 */
export class DocumentSocket extends HocuspocusProviderWebsocket {
  #again: ReturnType<typeof setTimeout> | undefined;

  readonly #statusChanged: () => void;
  readonly #receiver: Receiver;
  readonly #gathered: Gathered<Waiting>;
  #status: ChannelStatus | null = null;

  /**
   * `carrier`: the only one to use, null for the best that works. `early`: what connects already. `statusChanged` hears that
   * what it tells has changed.
   */
  constructor(options: {
    url: string;
    carrier: Rung | null;
    early: EarlySocket | null;
    statusChanged: () => void;
    receiver: Receiver;
    frames: Frames;
  }) {
    const heard = (status: ChannelStatus): void => this.#channelChanged(status);
    const Later = ChannelSocket.with({ carrier: options.carrier, onStatus: heard });
    super({
      url: options.url,
      autoConnect: false,
      delay: RETRY_FIRST_MS,
      minDelay: RETRY_FIRST_MS,
      maxDelay: RETRY_LONGEST_MS,
      // Called with `new`, which gives what it returns.
      WebSocketPolyfill: function connect(url: string): ChannelSocket {
        return options.early?.take(url, heard) ?? new Later(url);
      },
    });
    this.#statusChanged = options.statusChanged;
    this.#receiver = options.receiver;
    this.#gathered = new Gathered(options.frames, (waiting) => this.#take(waiting));
  }

  /** Which way leads to the server; null while none does. */
  get carrier(): Carrier | null {
    const { carrier = null, reason = null } = this.#status ?? {};
    if (carrier === null) return null;
    if (reason === null || reason === 'hidden') return { kind: carrier, reason: null };
    return { kind: carrier, reason: reason === 'forced' ? 'chosen' : 'network' };
  }

  /** Attempts to reach the server that failed in a row. */
  get failedAttempts(): number {
    return this.#status?.failedAttempts ?? 0;
  }

  /** Also while the connection before is still being closed. */
  override connect(): Promise<unknown> {
    this.shouldConnect = true;
    return super.connect();
  }

  override send(message: unknown): void {
    if (this.webSocket?.readyState === WebSocket.OPEN) super.send(message);
  }

  /** What others do comes with the page's frames; all else at once, behind what came before. */
  override onMessage(event: MessageEvent<ArrayBuffer>): void {
    const received = readReceived(event.data);
    const take = () => super.onMessage(event);
    if ('update' in received && this.#receiver.isEmpty()) return this.#receiver.first(received.update, take);
    if (received.kind === 'change' || received.kind === 'presence')
      return this.#gathered.add({ kind: received.kind, event });
    this.#gathered.flush();
    take();
  }

  /** Who is where comes behind the changes, of whose places it may speak. */
  #take(waiting: readonly Waiting[]): void {
    const [changes, presence] = [[], []] as [Waiting[], Waiting[]];
    for (const one of waiting) (one.kind === 'change' ? changes : presence).push(one);
    this.#receiver.before();
    const take = (some: readonly Waiting[]) => {
      for (const { event } of some) super.onMessage(event);
    };
    if (changes.length > 0) this.#receiver.together(() => take(changes));
    take(presence);
  }

  /** The waits between attempts grow for a server that can't be reached, but not for one that answers. */
  override onClose(closed: onCloseParameters): void {
    this.#gathered.flush();
    super.onClose(closed);
    clearTimeout(this.#again);
    if (closed.event.code !== TRY_AGAIN_LATER || !this.shouldConnect) return;
    const wait = NOT_NOW_MS * (1 + Math.random() / 2);
    this.#again = setTimeout(() => {
      if (this.shouldConnect) void this.connect();
    }, wait);
  }

  override disconnect(): void {
    clearTimeout(this.#again);
    this.#gathered.flush();
    super.disconnect();
  }

  override destroy(): void {
    this.#gathered.end();
    super.destroy();
  }

  /** Which may be before the constructor has returned. */
  #channelChanged(status: ChannelStatus): void {
    this.#status = status;
    this.#statusChanged();
  }
}
