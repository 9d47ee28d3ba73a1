import type { Page } from '@playwright/test';
import { documentPath, expect, saved, title } from '../site.ts';
import { rowOf } from './rows.ts';
import { carriedBy, test, watch } from './through.ts';

test.use({ serviceWorkers: 'allow' });

/** More than the six connections that a browser makes to one host over HTTP/1.1. */
const TABS = 8;

/** Runs in a page before its own code: a browser without a screen shows all of its tabs. */
function hideable(): void {
  let state: DocumentVisibilityState = 'visible';
  Object.defineProperty(Document.prototype, 'visibilityState', { get: () => state });
  Object.defineProperty(Document.prototype, 'hidden', { get: () => state === 'hidden' });
  window.addEventListener('test-visibility', (event) => {
    state = event instanceof CustomEvent && event.detail === 'visible' ? 'visible' : 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));
  });
}

function show(page: Page, state: DocumentVisibilityState): Promise<void> {
  return page.evaluate(
    (detail) => void window.dispatchEvent(new CustomEvent('test-visibility', { detail })),
    state,
  );
}

test('CH-18, CH-20: eight tabs of one document work where only HTTP/1.1 gets through', async ({
  browser,
  through,
  problems,
}) => {
  const { url, options } = await through(rowOf('haproxy without upgrades or delay'));
  await using context = await browser.newContext(options);
  await context.addInitScript(hideable);
  const tabs: Page[] = [];
  for (let at = 0; at < TABS; at += 1) {
    const tab = await context.newPage();
    watch(tab, problems);
    await tab.goto(url + documentPath('many tabs'));
    await saved(tab);
    expect(await carriedBy(tab, 'sse')).toBe('sse');
    await show(tab, 'hidden');
    tabs.push(tab);
  }
  let text = '';
  for (const tab of tabs) {
    await show(tab, 'visible');
    await expect(title(tab)).toHaveText(text.trim());
    await title(tab).click();
    await tab.keyboard.press('End');
    const word = `tab${tabs.indexOf(tab) + 1} `;
    await tab.keyboard.type(word);
    text += word;
    await saved(tab);
    await show(tab, 'hidden');
  }
  await Promise.all(tabs.map((tab) => show(tab, 'visible')));
  const last = tabs.slice(0, 4);
  await Promise.all(tabs.slice(4).map((tab) => tab.close()));
  for (const tab of last) await expect(title(tab)).toHaveText(text.trim());
});
