/** The bounds of `sheaf doctor`. */
export const DOCTOR_LIMITS = {
  /** An answer, a first event or a pong comes within, ms. Whatever takes longer is held. */
  answerMs: 5_000,
  /** A rung is left silent for this long; a server of ours ends an unauthenticated channel some 10 s after its start, ms. */
  silenceMs: 12_000,
  /** A WebSocket that is cut so soon after it opened does not count as one: some devices kill all of them, ms. */
  earlyMs: 2_000,
  /** An event that comes this much later than the answer to what caused it is late, ms. */
  lateMs: 100,
  /** Round trips measured on a rung; the middle one counts. */
  roundTrips: 3,
  /** The largest body that a channel's POST has, bytes: frames of 256 KiB and their heads. */
  postBytes: 260 * 1024,
  /** What is kept of an answer that is not ours, bytes. */
  bodyBytes: 64 * 1024,
  /** Clocks further apart than this make tokens expire at the wrong time, ms. */
  clockMs: 30_000,
} as const;
