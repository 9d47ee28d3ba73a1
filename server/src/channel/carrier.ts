import type { EncodedFrame } from '@sheaf/proto/channel/outgoing';

/** What may carry a channel's frames. `memory`: without a network, for tests. */
export type CarrierKind = 'websocket' | 'sse' | 'poll' | 'memory';

/**
 * One way by which the server's frames go to a client, for as long as it lasts. The channel counts and keeps; a carrier
 * only moves. It tells the channel of its own end (`lost`) and when it has room again (`drained`).
 */
export interface Carrier {
  readonly kind: CarrierKind;
  /** Bytes that the network has not taken yet; null for one that is asked for frames, where all that the client has not got waits. */
  readonly bufferedBytes: number | null;
  /** How long its client may be silent, ms, if that is not `channelDeadMs`. */
  readonly silenceMs?: number;
  /** Sends a counted frame; `number` is its own. */
  send(frame: EncodedFrame, number: number): void;
  /** Sends a frame that is not counted. `key`: a later one with the same makes it void, if it still waits. */
  sendLoose(frame: EncodedFrame, key: string): void;
  /** Ends it: the channel has another carrier, or has ended. Codes as in RFC 6455, for those that can tell. */
  close(code: number, reason: string): void;
}

/** What brings a client's frames: a WebSocket, or one POST. */
export interface Source {
  /** Nothing is read until `resume`. */
  pause(): void;
  resume(): void;
  /** The channel has ended: nobody takes its frames. */
  ended(): void;
}
