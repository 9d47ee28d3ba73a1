import type { Outcome } from './outcome.ts';

/** The rounds of one server. */
export interface Series<Figures> {
  readonly server: string;
  readonly outcomes: Outcome<Figures>[];
}
