import type { CarrierKind, Death } from '../rung.ts';
import type { Pace, Row } from '../link.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Environment, NativeWebSocket } from '../environment.ts';

/** What the server's frames are taken with (`Take` of the codec). */
export interface Claim {
  readonly turn: number;
  readonly received: number;
  readonly from: number;
}

/** One way by which a channel's frames go, for as long as it lasts. It keeps nothing and counts nothing. */
export interface Carrier {
  readonly kind: CarrierKind;
  readonly pace: Pace;
  /** Whether it takes a row now. When it does so again, it says `writable`. */
  readonly writable: boolean;
  /** What the network has not taken, bytes. */
  readonly bufferedBytes: number;
  /** The server's frames shall come by this carrier. Called once, after it was proved. */
  take(): void;
  /** Sends a row. Only when it is `writable`. */
  send(row: Row): void;
  /** One that asks the server now and then asks at once; whatever is answered is a sign of life. */
  hurry?(): void;
  /** Ends it; it reports nothing after. */
  stop(): void;
}

/** What a carrier reports. */
export interface CarrierEvents {
  /** It has a connection; nothing is proved. */
  opened(): void;
  /**
   * Frames came. `start`: the number before the first counted one, where a carrier begins to count; null: they follow
   * the ones before.
   */
  frames(bytes: Uint8Array, start: number | null): void;
  /** Something came that shows that this way is open, but no frames. */
  heard(): void;
  /** Frames came as the answer of a POST, which proves nothing about the way down. */
  answered(bytes: Uint8Array): void;
  writable(): void;
  /** Rows that it was given have not arrived: what is not acknowledged must be sent again. */
  unsent(): void;
  /** A row of so many bytes is larger than what this way takes; it is writable again. */
  tooLarge(bytes: number): void;
  /** The server knows the channel no more. */
  gone(): void;
  /** The server speaks no channel: a WebSocket to it, which is open, is all there is. */
  plain(socket: NativeWebSocket): void;
  /** It ended. `retryAfterMs`: how long the server wants to be left alone, ms; 0 if it said nothing. */
  died(why: Death, retryAfterMs: number): void;
}

/** What carriers need of their channel. */
export interface CarrierContext {
  readonly environment: Environment;
  readonly endpoint: Endpoint;
  /** Headers of each request over HTTP. */
  readonly headers: Readonly<Record<string, string>>;
  /** The subprotocols that the program asked for. */
  readonly protocols: readonly string[];
  /** A `hello` that takes nothing, encoded. */
  readonly hello: () => Uint8Array;
  /** Whether the channel was opened over HTTP already. */
  readonly opened: () => boolean;
  /** Draws a turn, greater than all before, for taking the server's frames. */
  readonly claim: () => Claim;
  /** The number behind which the next frames of this turn are asked for. */
  readonly ask: (turn: number) => number;
}
