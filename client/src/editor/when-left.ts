/**
 * Calls `left` when something else on the page than a box and what is in it gets the focus; not when a person goes to another
 * window. By then a press that took the focus has put the caret. Returns what ends that.
 */
export function whenLeft(box: HTMLElement, left: () => void): () => void {
  let soon: ReturnType<typeof setTimeout> | undefined;
  const onfocusin = ({ target }: FocusEvent) => {
    clearTimeout(soon);
    if (target instanceof Node && !box.contains(target)) soon = setTimeout(left);
  };
  document.addEventListener('focusin', onfocusin);
  return () => {
    clearTimeout(soon);
    document.removeEventListener('focusin', onfocusin);
  };
}
