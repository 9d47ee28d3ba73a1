import type { Rung } from '@sheaf/client/channel';

/** The text of a document in which a page writes what it found. */
export const RESULTS = 'results';

/** What a page is asked for: letters by one carrier after another. */
export interface PagePlan {
  /** The document that takes the results; nobody else's. */
  readonly document: string;
  readonly rounds: readonly { readonly carrier: Rung; readonly count: number; readonly seed: number }[];
}

/** What the letters of one round took, ms. */
export interface PageLetters {
  readonly carrier: Rung;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** A plan as the end of an address. */
export function writePlan(plan: PagePlan): string {
  return `#${encodeURIComponent(JSON.stringify(plan))}`;
}

/** Reads what {@link writePlan} wrote. */
export function readPlan(hash: string): PagePlan {
  // Only the bench makes these addresses.
  return JSON.parse(decodeURIComponent(hash.slice(1))) as PagePlan;
}
