/** Less than this is no keyboard but a browser's own bar, px. */
const LEAST = 80;

/**
 * Keeps `--keyboard` on `element` as high as what an on-screen keyboard covers of the page, px. Where the browser makes
 * the page smaller instead there is nothing covered. `onrise` is called when more is covered than before: what somebody is
 * looking at may be behind it. Returns what ends it.
 */
export function followKeyboard(
  element: HTMLElement,
  page: Pick<Window, 'innerHeight' | 'visualViewport'>,
  onrise: () => void,
): () => void {
  const viewport = page.visualViewport;
  if (!viewport) return () => undefined;
  let known = 0;
  const measure = () => {
    const height = Math.round(page.innerHeight - viewport.height - viewport.offsetTop);
    const covered = height >= LEAST && viewport.scale === 1 ? height : 0;
    // All that stands in the element would get its styles anew.
    if (covered === known) return;
    element.style.setProperty('--keyboard', `${covered}px`);
    const rises = covered > known;
    known = covered;
    if (rises) onrise();
  };
  viewport.addEventListener('resize', measure);
  viewport.addEventListener('scroll', measure);
  // A keyboard may stand there already, for who comes in from elsewhere on the page. Not asked before that: the answer has all
  // of a document that was just put up laid out at once.
  element.addEventListener('focusin', measure);
  return () => {
    viewport.removeEventListener('resize', measure);
    viewport.removeEventListener('scroll', measure);
    element.removeEventListener('focusin', measure);
  };
}
