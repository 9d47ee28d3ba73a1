import type { Allowance } from './allowance.ts';
import type { MessageSocket, SocketHandler } from './socket.ts';

/** What a larger message takes to read may be as much as a turn should: the next one waits for another; bytes, ms. */
const LARGE_BYTES = 16 * 1024;
const LARGE_MS = 1;

/** What a paced socket is given. */
export interface Pacing {
  /** Its own; those that it shares are added. */
  readonly allowance: Allowance;
  /** Called each time that it is stopped because of too many. */
  readonly stopped: () => void;
}

/**
 * Between a socket and its protocol: when messages come faster than allowed nothing is read for a while (SPEC RATE-1).
 * Nothing is lost and nobody is told off: what waits stays with the network, and slows down who sends it.
 */
export class PacedSocket implements MessageSocket, SocketHandler {
  readonly #socket: MessageSocket;
  readonly #pacing: Pacing;
  readonly #shared: { readonly allowance: Allowance; readonly release: () => void }[] = [];
  #handler: SocketHandler | null = null;
  /** The protocol wants nothing now. */
  #paused = false;
  /** Too much came. */
  #stop: NodeJS.Timeout | null = null;
  #over = false;

  constructor(socket: MessageSocket, pacing: Pacing) {
    this.#socket = socket;
    this.#pacing = pacing;
  }

  /** Connects it to what reads it; called once. */
  start(handle: (socket: MessageSocket) => SocketHandler): SocketHandler {
    this.#handler = handle(this);
    return this;
  }

  /** Counts its messages against this as well, until it is closed. */
  share(held: { readonly allowance: Allowance; readonly release: () => void }): void {
    if (this.#over) held.release();
    else this.#shared.push(held);
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  send(message: Uint8Array): void {
    this.#socket.send(message);
  }

  sendParts(head: Uint8Array, body: Uint8Array): void {
    this.#socket.sendParts(head, body);
  }

  onDrain(drained: () => void): void {
    this.#socket.onDrain(drained);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#stop === null) this.#socket.resume();
  }

  message(data: Uint8Array): void {
    this.#handler?.message(data);
    const turn = data.length < LARGE_BYTES ? 0 : LARGE_MS;
    let wait = Math.max(turn, this.#pacing.allowance.take());
    for (const { allowance } of this.#shared) wait = Math.max(wait, allowance.take());
    if (wait === 0 || this.#stop !== null || this.#over) return;
    if (wait > turn) this.#pacing.stopped();
    this.#stop = setTimeout(() => {
      this.#stop = null;
      if (!this.#paused && !this.#over) this.#socket.resume();
    }, wait);
    this.#socket.pause();
  }

  lost(): void {
    this.#handler?.lost?.();
  }

  resumed(): void {
    this.#handler?.resumed?.();
  }

  closed(): void {
    this.#over = true;
    if (this.#stop !== null) clearTimeout(this.#stop);
    for (const { release } of this.#shared.splice(0)) release();
    this.#handler?.closed();
  }
}
