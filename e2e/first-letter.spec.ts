import type { CDPSession } from '@playwright/test';
import { documentPath, editor, expect, peerWith, test, textOf } from './site.ts';

/** What the page's performance entries call the end of the rehearsal (`rehearsal`). */
const REHEARSED = 'sheaf-rehearsed';
/** So many functions may be called for the first time with a first letter. 325 are without the rehearsal. */
const FIRST_CALLS = 150;

/** The page's functions that were called since it was last asked. */
async function called(session: CDPSession): Promise<Set<string>> {
  const { result } = await session.send('Profiler.takePreciseCoverage');
  return new Set(
    result
      .filter(({ url }) => url.includes('/assets/'))
      .flatMap(({ url, functions }) =>
        functions.flatMap(({ ranges: [range] }) => (range?.count ? [`${url}:${range.startOffset}`] : [])),
      ),
  );
}

test('what a first letter needs was called before it, and nobody is told of that', async ({
  visit,
  site,
}) => {
  const friend = await peerWith(site, 'first letter', ['Where']);
  let updates = 0;
  friend.doc.on('update', () => (updates += 1));
  const page = await visit('/');
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.startPreciseCoverage', { callCount: true });
  await page.goto(`${site.url}${documentPath('first letter')}`);
  await editor(page).getByText('Where').click();
  await page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, REHEARSED);
  expect(updates).toBe(0);
  const rehearsed = await called(session);
  await page.keyboard.type('z');
  await expect.poll(() => textOf(friend.doc)).toContain('z');
  const first = [...(await called(session))].filter((one) => !rehearsed.has(one));
  expect(first.length).toBeLessThan(FIRST_CALLS);
  friend.close();
});
