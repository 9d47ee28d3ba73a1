/**
 * What came of a round: figures, or why there are none that count. `overloaded`: the server did not keep up, which
 * ranks behind any figure; what was measured says less than how bad it was.
 */
export type Outcome<Figures> =
  | { readonly state: 'valid'; readonly figures: Figures }
  | { readonly state: 'overloaded'; readonly reason: string; readonly figures: Figures | null }
  | { readonly state: 'void'; readonly reason: string; readonly figures: Figures | null };

/** What `measure` comes to; what it throws (a server that ends, a connection that breaks) makes the round void. */
export async function attempt<Figures>(measure: () => Promise<Outcome<Figures>>): Promise<Outcome<Figures>> {
  try {
    return await measure();
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { state: 'void', reason, figures: null };
  }
}

/** The figures that count. */
export function valid<Figures>(outcomes: readonly Outcome<Figures>[]): Figures[] {
  return outcomes.flatMap((outcome) => (outcome.state === 'valid' ? [outcome.figures] : []));
}
