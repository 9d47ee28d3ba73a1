import type { Limits } from '../limits.ts';
import type { WebSocketConnection } from './web-socket.ts';

/** The open WebSockets of a listener: counted by address, pinged by one timer, and ended together. */
export class Connections {
  readonly #limits: Limits;
  readonly #open = new Set<WebSocketConnection>();
  readonly #byAddress = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #waiting: (() => void)[] = [];

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Whether another connection from this address is within the limit. */
  hasRoom(address: string): boolean {
    return (this.#byAddress.get(address) ?? 0) < this.#limits.connectionsPerAddress;
  }

  /** Counts a connection; returns what ends the counting. */
  add(connection: WebSocketConnection, address: string): () => void {
    this.#open.add(connection);
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
    this.#timer ??= setInterval(() => this.beat(performance.now()), this.#limits.pingMs).unref();
    return () => this.#remove(connection, address);
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

  #remove(connection: WebSocketConnection, address: string): void {
    if (!this.#open.delete(connection)) return;
    const count = (this.#byAddress.get(address) ?? 1) - 1;
    if (count > 0) this.#byAddress.set(address, count);
    else this.#byAddress.delete(address);
    if (this.#open.size > 0) return;
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
