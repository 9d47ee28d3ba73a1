/** Every bound of the replay, with its unit. */
export const REPLAY_LIMITS = {
  /** Updates that one person may have sent without an acknowledgement. */
  unacknowledged: 256,
  /** Transactions per second and person at speed 1. */
  typingPerSecond: 5,
  /** How far a person who was held up may run to catch up with the pace, ms of typing. */
  catchUpMs: 50,
  /** Nothing typed, received or acknowledged for this long ends the replay, ms. */
  stallMs: 60_000,
  /** Connecting and opening the document, ms. */
  openMs: 30_000,
  /** From the last acknowledgement until everybody has everything, ms. */
  settleMs: 30_000,
  /** Reconnecting: shortest and longest delay, ms. */
  reconnectMinMs: 100,
  reconnectMaxMs: 1_000,
  /** The own server's start, ms. */
  serverStartMs: 30_000,
  /** The own server's orderly end; after that it is killed, ms. */
  serverStopMs: 35_000,
  /** Clients, writers and readers together. */
  clients: 1_000,
  /** One trace, decompressed, bytes. */
  traceBytes: 256 * 1024 * 1024,
  /** Between two drawings of the progress bar, and between two plain lines, ms. */
  barMs: 100,
  lineMs: 5_000,
} as const;
