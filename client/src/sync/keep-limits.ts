/** Bounds of what this browser keeps. Sizes in bytes, times in ms. */
export interface KeepLimits {
  /** Stored updates of one document; above it only the server has what comes. */
  readonly documentBytes: number;
  /** Stored updates of all documents; above it the longest unopened go, if the server has all of them. */
  readonly totalBytes: number;
  /** Documents; above it the longest unopened go, if the server has all of them. */
  readonly documents: number;
  /** What may wait in memory for a transaction; above it the whole document is written instead. */
  readonly queueBytes: number;
  /** Updates that may wait in memory before they are merged. */
  readonly queueUpdates: number;
  /** Rows of a document before they are compacted. */
  readonly compactRows: number;
  /** Growth of a document's rows beyond twice their size after the last compaction, before the next. */
  readonly compactBytes: number;
  /** Wait before a write that failed is tried again; doubled each time up to the longest. */
  readonly retryMs: number;
  readonly longestRetryMs: number;
  /** How long acknowledgements gather before rows are marked. */
  readonly markMs: number;
  /** How long what the server has gathers before it is written. */
  readonly gatherMs: number;
  /** How long what this page wrote waits for the server to have it, before it is written. */
  readonly ownMs: number;
  /** How long a document that opens waits for this browser's copy before it asks the server without. */
  readonly loadMs: number;
}

export const KEEP_LIMITS: KeepLimits = {
  documentBytes: 128 * 1024 * 1024,
  totalBytes: 512 * 1024 * 1024,
  documents: 500,
  queueBytes: 1024 * 1024,
  queueUpdates: 512,
  compactRows: 256,
  compactBytes: 1024 * 1024,
  retryMs: 2_000,
  longestRetryMs: 60_000,
  markMs: 1_000,
  gatherMs: 1_000,
  ownMs: 150,
  loadMs: 3_000,
};
