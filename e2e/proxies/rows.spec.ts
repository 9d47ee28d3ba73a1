import { documentPath, expect } from '../site.ts';
import { ROWS } from './rows.ts';
import { measured, openTwo, test, writeTogether } from './through.ts';

/** Whatever the network, a document says "Saved" within this after its address was entered, ms. */
const SAVED_MS = 5_000;

/** What a proxy may add to that on a machine that takes longer without any proxy, ms. */
const ADDED_MS = 4_000;

for (const row of ROWS) {
  test(`two people write through ${row.name}, by ${row.carrier}`, async ({ through, open, estate }) => {
    const path = documentPath(row.name);
    const way = await through(row);
    const { pages, ms } = await openTwo(open, way, path);
    const carriers = await writeTogether(pages, row.carrier);
    measured(`saved ${ms.join(' and ')} ms after opening, by ${carriers.join(' and ')}`);
    const slowest = Math.max(...ms);
    if (slowest < SAVED_MS) return;
    // Perhaps it is the machine that is slow now.
    const direct = Math.max(...(await openTwo(open, { url: estate.server.url, options: {} }, path)).ms);
    measured(`${direct} ms without a proxy`);
    expect(slowest).toBeLessThan(direct + ADDED_MS);
  });
}
