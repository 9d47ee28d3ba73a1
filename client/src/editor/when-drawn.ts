/** A page that is hidden meanwhile has no frames, and is waited for no longer, ms. */
const FRAMES_MS = 1_000;

/** Resolves once what is on the page now has been drawn. */
export const drawn = (): Promise<void> => new Promise((then) => void whenDrawn(then));

/** Calls `then` once what is on the page now has been drawn, which is when the frame behind that begins. Returns what prevents it. */
export function whenDrawn(then: () => void): () => void {
  const hidden = document.visibilityState === 'hidden';
  const timer = setTimeout(end, hidden ? 0 : FRAMES_MS);
  let task: ReturnType<typeof setTimeout> | undefined;
  let frame = requestAnimationFrame(() => {
    // Not within it: a long task would hold back the frame that it is in.
    frame = requestAnimationFrame(() => (task = setTimeout(end)));
  });
  function prevent(): void {
    cancelAnimationFrame(frame);
    clearTimeout(task);
    clearTimeout(timer);
  }
  function end(): void {
    prevent();
    then();
  }
  return prevent;
}
