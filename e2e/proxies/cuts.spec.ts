import { documentPath, expect, saveState, saved, title } from '../site.ts';
import { carriedBy, test } from './through.ts';

const SETTLED = { timeout: 30_000 };

test('connections that are reset again and again cost no letter and double none', async ({
  treated,
  open,
  estate,
}) => {
  const way = await treated();
  const path = documentPath('reset again and again');
  const [ada, ben] = await Promise.all([open(way, path), open(way, path)]);
  await Promise.all([saved(ada), saved(ben)]);
  await title(ada).click();
  let text = '';
  for (const word of ['Every', 'letter', 'once', 'and', 'in', 'order']) {
    const typing = ada.keyboard.type(`${word} `, { delay: 30 });
    way.proxy.reset();
    await typing;
    text += `${word} `;
    await expect(title(ben)).toHaveText(text.trim(), SETTLED);
  }
  await expect(saveState(ada)).toHaveAttribute('data-state', 'saved', SETTLED);
  await carriedBy(ada, 'poll');
  const fresh = await open({ url: estate.server.url, options: {} }, path);
  await expect(title(fresh)).toHaveText(text.trim());
});

for (const stopped of ['up', 'down', 'both'] as const) {
  test(`nothing is called saved while nothing moves (${stopped}), and all of it is when it does again`, async ({
    treated,
    open,
  }) => {
    const way = await treated();
    const path = documentPath(`stopped ${stopped}`);
    const page = await open(way, path);
    await saved(page);
    await title(page).click();
    await page.keyboard.type('before ');
    await saved(page);
    way.proxy.treat({ stopped });
    await page.keyboard.type('meanwhile');
    await expect(saveState(page)).toHaveAttribute('data-state', 'saving');
    // Longer than what the pill waits before it says "Saved".
    await page.evaluate(() => new Promise((passed) => setTimeout(passed, 1_000)));
    await expect(saveState(page)).not.toHaveAttribute('data-state', 'saved');
    way.proxy.treat({});
    await expect(saveState(page)).toHaveAttribute('data-state', 'saved', SETTLED);
    await expect(title(page)).toHaveText('before meanwhile');
  });
}

test('a page that sits behind a proxy which cuts what is idle stays connected, as people see it', async ({
  treated,
  open,
}) => {
  const way = await treated({ idleMs: 1_500 });
  const path = documentPath('idle');
  const [ada, ben] = await Promise.all([open(way, path), open(way, path)]);
  await Promise.all([saved(ada), saved(ben)]);
  const states = await ada.evaluate(
    (ms) =>
      new Promise<string[]>((resolve) => {
        const pill = document.querySelector('[data-testid="save-state"]');
        const seen: string[] = [];
        const observer = new MutationObserver(() => seen.push(pill?.getAttribute('data-state') ?? ''));
        if (pill) observer.observe(pill, { attributeFilter: ['data-state'] });
        setTimeout(() => resolve(seen), ms);
      }),
    6_000,
  );
  expect(states).not.toContain('offline');
  await title(ada).click();
  await ada.keyboard.type('Still here');
  await expect(title(ben)).toHaveText('Still here');
  await saved(ada);
});
