import type { Page } from '@playwright/test';
import type { Site } from './server.ts';
import { blockCount, documentPath, editor, expect, peerWith } from './site.ts';
import type { Visit } from './site.ts';

/** Blocks of a long document, which say their numbers: `Block 0`, `Block 1` … */
export const BLOCKS = 600;
export const MIDDLE = 300;

/** A block of the text; not what the page has it stand in. */
export const BLOCK = '> :not([part])';

/** Somebody who has written a long document. */
export const longDocument = (site: Site) =>
  peerWith(
    site,
    'long',
    Array.from({ length: BLOCKS }, (_, at) => `Block ${at}`),
  );

/** The page of a long document, and who has written it. */
export async function openLong(visit: Visit, site: Site) {
  const friend = await longDocument(site);
  const page = await visit(documentPath('long'));
  await expect(editor(page).locator(BLOCK)).toHaveCount(blockCount(friend.doc));
  return { friend, doc: friend.doc, page };
}

/** What is wrong with how the blocks stand on the page: none is missing, twice, or out of order. */
export function misplaced(page: Page): Promise<string[]> {
  return editor(page).evaluate((text: HTMLElement) => {
    const slots = [...(text.shadowRoot?.querySelectorAll('slot') ?? [])];
    const shown = slots.flatMap((slot) => slot.assignedNodes());
    const children = [...text.childNodes];
    return children
      .filter((child, index) => shown[index] !== child)
      .map((child) => child.textContent ?? '')
      .concat(shown.length === children.length ? [] : [`${shown.length} of ${children.length}`]);
  });
}
