import { documentPath, editor, expect, heldBack, peerWith, press, saved, test, violations } from './site.ts';

const BLOCKS = Array.from({ length: 200 }, (_, at) => `Block ${at}`);

test('a click on a face follows that person’s view, until one scrolls oneself', async ({ visit, site }) => {
  const writer = await peerWith(site, 'follow', BLOCKS);
  writer.close();
  const path = documentPath('follow');
  const ada = await visit(path, { name: 'Ada Lovelace' });
  const ben = await visit(path, { name: 'Ben Okri' });
  const block = (page: typeof ada, at: number) => editor(page).getByText(`Block ${at}`, { exact: true });
  await block(ada, 2).click();
  await expect(ben.getByTestId('faces').getByRole('listitem')).toHaveText(/Ada Lovelace/);
  const face = ben.getByRole('button', { name: 'Follow Ada Lovelace' });
  await face.click();
  await expect(face).toHaveAttribute('aria-pressed', 'true');
  await expect(ben.getByTestId('menu-said')).toContainText('You follow Ada Lovelace');
  // The peer's document has no title.
  expect(await violations(ben, { without: ['page-has-heading-one'] })).toEqual([]);

  await block(ada, 150).evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await expect(block(ben, 150)).toBeInViewport();
  await block(ada, 60).evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await expect(block(ben, 60)).toBeInViewport();

  // Not a locator's hover, which scrolls by itself where the text still takes its height.
  await ben.mouse.move(640, 400);
  await ben.mouse.wheel(0, 300);
  await expect(face).toHaveAttribute('aria-pressed', 'false');
  await block(ada, 199).evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await expect(block(ada, 199)).toBeInViewport();
  await expect(block(ben, 199)).not.toBeInViewport();

  await face.click();
  await expect(block(ben, 199)).toBeInViewport();
  await press(ben, 'Escape');
  await expect(face).toHaveAttribute('aria-pressed', 'false');
  await saved(ada);
});

test('a face that is pressed before the page can follow is followed as soon as it can', async ({
  visit,
  site,
}) => {
  const writer = await peerWith(site, 'follow-soon', BLOCKS);
  const path = documentPath('follow-soon');
  const ada = await visit(path, { name: 'Ada' });
  await editor(ada).getByText('Block 3', { exact: true }).click();
  const ben = await visit('/', { name: 'Ben', serviceWorkers: 'block' });
  const go = await heldBack(ben, 'following.svelte');
  await ben.goto(site.url + path);
  const face = ben.getByRole('button', { name: 'Follow Ada' });
  await face.click();
  await expect(face).toHaveAttribute('aria-pressed', 'false');
  go();
  await expect(face).toHaveAttribute('aria-pressed', 'true');
  await expect(ben.getByTestId('menu-said')).toContainText('You follow Ada');
  writer.close();
});

test('who is away is dim and comes last, and who comes is told politely', async ({ visit }) => {
  const path = documentPath('away');
  const ada = await visit(path, { name: 'Ada' });
  const ben = await visit(path, { name: 'Ben' });
  const faces = ada.getByTestId('faces').getByRole('listitem');
  await expect(faces).toHaveText([/Ben/]);
  await ben.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect(ada.getByRole('button', { name: 'Follow Ben, away' })).toHaveCSS('opacity', '0.5');
  // What comes within the first seconds was there before; that is by the clock, so the page gets one that goes on from later.
  await ada.evaluate(() => {
    const { now } = Date;
    Date.now = () => now() + 60_000;
  });
  await visit(path, { name: 'Cleo' });
  await expect(faces).toHaveText([/Cleo/, /Ben/]);
  await expect(ada.getByTestId('menu-said')).toHaveText('Cleo is here');
});
