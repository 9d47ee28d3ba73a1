/** A place in the window, px from its left and top. */
interface Place {
  readonly left: number;
  readonly top: number;
}

/** The same place among what scrolls in `stage`, px from the left and top of all that it holds. */
export function withinStage(stage: HTMLElement, { left, top }: Place): Place {
  const shown = stage.getBoundingClientRect();
  // Where text runs from right to left, a scroll bar stands on the left.
  return { left: left - shown.left - stage.clientLeft, top: top - shown.top + stage.scrollTop };
}
