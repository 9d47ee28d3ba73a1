/** The ways in which a channel can travel, best first. */
export const RUNGS = ['websocket', 'sse', 'poll'] as const;

/** `sse`: an event stream down and POST up. `poll`: a request that waits down and POST up. */
export type Rung = (typeof RUNGS)[number];

/**
 * What may run: a rung; `idle`, a poll now and then in place of a stream, for a page that nobody sees; `trial`, an event
 * stream that carries nothing and shows whether one gets through; and `plain`, a WebSocket to a server that knows no
 * channels.
 */
export type CarrierKind = Rung | 'idle' | 'trial' | 'plain';

/** Why a WebSocket is not used: its handshake fails, nothing comes through it in time, or it is cut soon after. */
export type WebSocketTrouble = 'refused' | 'silent' | 'cut';
/** Why an event stream is not used: its request fails, or each is cut soon after; or its body is held back. */
export type StreamTrouble = 'refused' | 'held';

/** What stands in the way of the better rungs, as far as it was tried. */
export interface Trouble {
  readonly websocket: WebSocketTrouble | null;
  readonly sse: StreamTrouble | null;
}

/** Why a carrier ended before its time. */
export type Death =
  /** Nothing answered: no network, nobody listens, or no answer in time. */
  | 'unreachable'
  /** Something answered that is no channel's server. */
  | 'foreign'
  /** The server answered that it does not want to. */
  | 'refused'
  /** The server answered that it can't now. */
  | 'unavailable'
  /** It had begun, and broke. */
  | 'lost';
