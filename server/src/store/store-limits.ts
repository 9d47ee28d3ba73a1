/**
 * Every bound of the stores, with its unit. SPEC.md quotes them. `StoreLimits` is what a test may override;
 * code takes the values as arguments and never reads this table by itself.
 */
export const STORE_LIMITS = {
  /** Packed entries of one document in one commit, bytes. */
  batchBytes: 256 * 1024 * 1024,
  /** A history segment before it is deflated, bytes; one entry larger than that has a segment of its own. */
  segmentBytes: 1024 * 1024,
  /** After a failed commit a small write is tried every, ms. */
  probeMs: 1_000,
  /** Pages of the write-ahead log (4 KiB each) at which they are copied into the database between two commits. */
  walPages: 1_000,
  /** Pages of the write-ahead log at which commits wait until readers let it be copied. */
  walMaxPages: 16_000,
  /** The write-ahead log is copied into the database when no commit came for, ms. */
  idleMs: 500,
} as const;

/** The bounds in force: {@link STORE_LIMITS}, or what a test put in their place. */
export type StoreLimits = { readonly [K in keyof typeof STORE_LIMITS]: number };
