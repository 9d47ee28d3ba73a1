import type { Room } from '../channel/room.ts';
import type { Limits } from '../limits.ts';
import type { WebSocketConnection } from './web-socket.ts';

/** The open plain WebSockets of a listener: counted by address, pinged by one timer, and ended together. */
export class Connections {
  readonly #limits: Limits;
  readonly #open = new Set<WebSocketConnection>();
  readonly #room: Room;
  #timer: NodeJS.Timeout | null = null;
  #waiting: (() => void)[] = [];

  constructor(limits: Limits, room: Room) {
    this.#limits = limits;
    this.#room = room;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Counts a connection; returns what ends the counting. */
  add(connection: WebSocketConnection, address: string): () => void {
    this.#open.add(connection);
    const release = this.#room.take(address);
    this.#timer ??= setInterval(() => this.beat(performance.now()), this.#limits.pingMs).unref();
    return () => {
      release();
      this.#remove(connection);
    };
  }

  /** Pings all, and ends those that have been silent too long. `now`: ms of a steady clock. */
  beat(now: number): void {
    for (const connection of this.#open) connection.beat(now);
  }

  /** Closes every connection in order. */
  closeAll(code: number, reason: string): void {
    for (const connection of this.#open) connection.close(code, reason);
  }

  /** Cuts every connection. */
  terminateAll(): void {
    for (const connection of this.#open) connection.terminate();
  }

  /** Resolves when no connection is open. */
  ended(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #remove(connection: WebSocketConnection): void {
    if (!this.#open.delete(connection)) return;
    if (this.#open.size > 0) return;
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
