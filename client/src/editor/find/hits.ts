import type { StepMap } from '@tiptap/pm/transform';
import { stillMeant } from '../meant.ts';
import type { Meant } from '../meant.ts';

/** A match as it is in the document now. */
export interface Hit extends Meant {
  readonly replacement: string;
}

/** Matches behind steps: without those of which something went, and those in which somebody wrote. */
export function stillFound(hits: readonly Hit[], maps: readonly StepMap[]): Hit[] {
  return hits.flatMap((hit) => {
    const [still, ...others] = stillMeant([hit], maps);
    const whole = still && others.length === 0 && still.to - still.from === hit.to - hit.from;
    return whole ? [{ ...hit, ...still }] : [];
  });
}
