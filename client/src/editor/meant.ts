import type { StepMap } from '@tiptap/pm/transform';

/** A stretch of a document. */
export interface Meant {
  readonly from: number;
  readonly to: number;
}

/** What of stretches is still there behind steps, in order: what others put within one is no part of it. */
export function stillMeant(stretches: readonly Meant[], maps: readonly StepMap[]): readonly Meant[] {
  return maps.reduce(behind, stretches);
}

function behind(stretches: readonly Meant[], map: StepMap): readonly Meant[] {
  return stretches.flatMap(({ from, to }) => {
    const kept: Meant[] = [];
    let at = from;
    map.forEach((start, end) => {
      if (end < from || start > to) return;
      if (start > at) kept.push({ from: at, to: start });
      at = Math.max(at, end);
    });
    if (at < to) kept.push({ from: at, to });
    // What was put at an edge is outside.
    return kept.map((one) => ({ from: map.map(one.from, 1), to: map.map(one.to, -1) }));
  });
}
