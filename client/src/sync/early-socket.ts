import { ChannelSocket } from '../channel/channel-socket.ts';
import type { Rung } from '../channel/rung.ts';
import type { ChannelStatus } from '../channel/status.ts';

/** One that nobody has taken is closed after, ms: a server ends by itself what says nothing for 10 s. */
const UNCLAIMED_MS = 8_000;

/**
 * A channel that begins to connect before whoever will use it is there: the code of the editor, this browser's copy, and the
 * right to come in are on their way meanwhile.
 */
export class EarlySocket {
  readonly #url: string;
  #socket: ChannelSocket | null;
  #heard: (status: ChannelStatus) => void = () => undefined;
  readonly #late: ReturnType<typeof setTimeout>;

  /** Begins to connect to `url`. `carrier`: the only one to use, null for the best that works. */
  constructor(url: string, carrier: Rung | null) {
    this.#url = url;
    this.#socket = new ChannelSocket(url, [], { carrier, onStatus: (status) => this.#heard(status) });
    this.#late = setTimeout(() => this.#drop(), UNCLAIMED_MS);
  }

  /**
   * The socket to `url`, for one user, who hears its `open` also if it has been open for long; null if there is none any
   * more. `heard` is told its status from now on.
   */
  take(url: string, heard: (status: ChannelStatus) => void): ChannelSocket | null {
    const socket = this.#socket;
    if (socket === null || url !== this.#url || socket.readyState > socket.OPEN) return null;
    this.#socket = null;
    clearTimeout(this.#late);
    this.#heard = heard;
    heard(socket.status);
    if (socket.readyState === socket.OPEN) queueMicrotask(() => socket.dispatchEvent(new Event('open')));
    return socket;
  }

  #drop(): void {
    this.#socket?.close();
    this.#socket = null;
  }
}
