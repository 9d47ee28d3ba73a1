import { isLaidOut } from './is-laid-out.ts';
import { hasMarginBehind, madeStretch } from './stretches.ts';
import type { Child } from './stretches.ts';

/** Screens above and below what is written in that are fine: Chromium lays out one and a half around the one that is seen. */
const REACH = 2.5;
/** A fine stretch takes in children until it is so high, in screens. What is more than twice as high is coarse. */
const FINE = 0.4;

/** Children that stand together, and where they begin and end in the window, px. */
interface Part {
  readonly top: number;
  bottom: number;
  readonly isFine: boolean;
  readonly children: Child[];
}

/**
 * Divides the stretches around a child that is written in: what Chromium reads for each letter is what is laid out, and of a
 * coarse stretch most is far from the screen. So they are fine where somebody writes, and where nobody does there are few,
 * each of which costs its share of every frame. Those that were made fine stay so. What is not laid out now stays as it is,
 * and each part is told the height that it has, so nothing moves.
 */
export function makeFine(child: Element): void {
  const { top, bottom } = child.getBoundingClientRect();
  const reach = { top: top - REACH * innerHeight, bottom: bottom + REACH * innerHeight };
  const slots = [...(child.assignedSlot?.parentElement?.children ?? [])];
  // All is measured before anything is changed: else it would be laid out again for each.
  const divided = slots.flatMap((slot) =>
    slot instanceof HTMLSlotElement && isCoarse(slot) ? [{ slot, parts: partsOf(slot, reach) }] : [],
  );
  for (const { slot, parts } of divided) {
    if (parts.length === 1) continue;
    for (const { top: begins, bottom: ends, children } of parts) {
      const part = madeStretch(`${ends - begins}px`);
      part.part.value = 'stretch';
      slot.before(part);
      part.assign(...children);
    }
    slot.remove();
  }
}

function isCoarse(slot: HTMLSlotElement): boolean {
  if (slot.part.contains('edge') || !slot.assignedElements().some(isLaidOut)) return false;
  return slot.getBoundingClientRect().height > 2 * FINE * innerHeight;
}

/** A stretch in parts: fine ones within reach, and as few others as can be. */
function partsOf(slot: HTMLSlotElement, reach: { readonly top: number; readonly bottom: number }): Part[] {
  const parts: Part[] = [];
  let top = slot.getBoundingClientRect().top;
  for (const child of slot.assignedNodes() as Child[]) {
    const bottom = child instanceof Element ? child.getBoundingClientRect().bottom : top;
    const isFine = bottom > reach.top && top < reach.bottom;
    const last = parts.at(-1);
    const fits = last?.isFine === isFine && (!isFine || last.bottom - last.top < FINE * innerHeight);
    if (last && (fits || hasMarginBehind(child.previousSibling))) {
      last.children.push(child);
      last.bottom = bottom;
    } else parts.push({ top, bottom, isFine, children: [child] });
    top = bottom;
  }
  return parts;
}
