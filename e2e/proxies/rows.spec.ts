import type { Page } from '@playwright/test';
import { documentPath, editor, expect, saved, title } from '../site.ts';
import { ROWS } from './rows.ts';
import { carriedBy, measured, test } from './through.ts';
import type { Way } from './through.ts';

/** Whatever the network, a document says "Saved" within this after its address was entered, ms. */
const SAVED_MS = 5_000;

/** What a proxy may add to that on a machine that takes longer without any proxy, ms. */
const ADDED_MS = 4_000;

/** Waits until a page that was asked for at `begun` says "Saved"; ms since then. */
async function savedAfter(page: Page, begun: number): Promise<number> {
  await saved(page);
  return Math.round(performance.now() - begun);
}

// What is measured here is time, and recording each page takes a good part of it.
test.use({ trace: 'off' });

for (const row of ROWS) {
  test(`two people write through ${row.name}, by ${row.carrier}`, async ({ through, open, estate }) => {
    const path = documentPath(row.name);
    const openTwo = async (way: Way) => {
      const begun = performance.now();
      const pages = await Promise.all([open(way, path), open(way, path)]);
      return { pages, ms: await Promise.all(pages.map((page) => savedAfter(page, begun))) };
    };
    const { pages, ms: opened } = await openTwo(await through(row));
    const [ada, ben] = pages;

    await title(ada).click();
    await ada.keyboard.type('Ada writes.');
    await expect(title(ben)).toHaveText('Ada writes.');
    await title(ben).click();
    await ben.keyboard.press('End');
    await ben.keyboard.type(' Ben as well.');
    await expect(title(ada)).toHaveText('Ada writes. Ben as well.');
    await expect(editor(ben)).toContainText('Ada writes. Ben as well.');

    const carriers = [await carriedBy(ada, row.carrier), await carriedBy(ben, row.carrier)];
    await saved(ada);
    await saved(ben);
    measured(`saved ${opened.join(' and ')} ms after opening, by ${carriers.join(' and ')}`);
    const slowest = Math.max(...opened);
    if (slowest < SAVED_MS) return;
    const direct = await openTwo({ url: estate.server.url, options: {} });
    measured(`${direct.ms.join(' and ')} ms without a proxy`);
    expect(slowest).toBeLessThan(Math.max(...direct.ms) + ADDED_MS);
  });
}
