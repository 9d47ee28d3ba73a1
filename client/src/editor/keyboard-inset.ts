/** Less than this is no keyboard but a browser's own bar, px. */
const LEAST = 80;

/**
 * Keeps `--keyboard` on `element` as high as what an on-screen keyboard covers of the page, px. Where the browser makes
 * the page smaller instead there is nothing covered. Returns what ends it.
 */
export function followKeyboard(
  element: HTMLElement,
  page: Pick<Window, 'innerHeight' | 'visualViewport'>,
): () => void {
  const viewport = page.visualViewport;
  if (!viewport) return () => undefined;
  const measure = () => {
    const covered = Math.round(page.innerHeight - viewport.height - viewport.offsetTop);
    element.style.setProperty(
      '--keyboard',
      covered >= LEAST && viewport.scale === 1 ? `${covered}px` : '0px',
    );
  };
  viewport.addEventListener('resize', measure);
  viewport.addEventListener('scroll', measure);
  measure();
  return () => {
    viewport.removeEventListener('resize', measure);
    viewport.removeEventListener('scroll', measure);
  };
}
