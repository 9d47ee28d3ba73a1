import type { Page } from '@playwright/test';
import * as Y from 'yjs';
import {
  begin,
  documentPath,
  editor,
  expect,
  inspect,
  installed,
  peer,
  press,
  saved,
  test,
  textOf,
  violations,
} from './site.ts';

const block = (page: Page) => editor(page).locator('.diagram-block');
const picture = (page: Page) => block(page).getByRole('img');
const said = (page: Page) => block(page).getByRole('status');
/** The frame that draws. */
const FRAME = 'iframe[src*="diagram-frame"]';

test('DIAGRAM-1, DIAGRAM-4, DIAGRAM-5: a diagram comes from the menu, follows what is typed, says what is wrong, and is printed', async ({
  visit,
  site,
}, info) => {
  const page = await visit(documentPath('diagram'));
  const friend = peer(site, 'diagram');
  await begin(page);
  await expect(page.locator(FRAME)).toHaveCount(0);
  await page.keyboard.type('/diag');
  await page.keyboard.press('Enter');
  await expect(picture(page)).toHaveAttribute('alt', 'Diagram');
  await expect(block(page).locator('code')).toHaveText('flowchart LR\n  A --> B');
  const frame = page.locator(FRAME);
  await expect(frame).toHaveAttribute('sandbox', 'allow-scripts');
  expect(await frame.evaluate((one: HTMLIFrameElement) => one.contentDocument)).toBe(null);

  // What is typed is drawn when nobody types; till then, and where it means nothing, the last picture stays.
  const before = await picture(page).getAttribute('src');
  await page.keyboard.type('\n  B -->|three| [');
  await expect(said(page)).toHaveText('The diagram can’t be drawn: line 3 means nothing.');
  await expect(picture(page)).toHaveAttribute('src', before ?? '');
  await expect(block(page)).toHaveClass(/is-old/);
  await inspect(page, info, 'diagram-wrong');
  await press(page, 'Backspace');
  await page.keyboard.type('C[نهاية]\n  accTitle: How it goes');
  await expect(picture(page)).toHaveAttribute('alt', 'How it goes');
  await expect(said(page)).toBeEmpty();
  await expect(block(page).locator('pre')).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // The source is seen while the caret is in it: the arrows go through it, and a press on the picture leads there.
  await page.screenshot({ path: info.outputPath('diagram-open.png'), animations: 'disabled' });
  await press(page, 'Control+Home');
  await expect(block(page)).not.toHaveClass(/is-open/);
  await expect(block(page).locator('pre')).toHaveCSS('opacity', '0');
  await press(page, 'ArrowDown', 'ArrowDown');
  await expect(block(page)).toHaveClass(/is-open/);
  await press(page, 'Control+Home');
  await picture(page).click();
  await expect(block(page)).toHaveClass(/is-open/);
  await page.keyboard.type('!');
  await expect(picture(page)).toHaveAttribute('alt', 'How it goes!');
  await expect.poll(() => textOf(friend.doc)).toContain('C[نهاية]\n  accTitle: How it goes!');

  // Dark paper has a picture of its own; paper that is printed is light.
  await press(page, 'Control+Home');
  await inspect(page, info, 'diagram');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(block(page).locator('img')).toHaveCount(2);
  await expect(block(page).locator('img').first()).toBeHidden();
  await inspect(page, info, 'diagram-dark');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(block(page).locator('img').first()).toBeVisible();
  await expect(block(page).locator('img').last()).toBeHidden();
  await expect(block(page).locator('pre')).toBeHidden();
  await page.screenshot({ path: info.outputPath('diagram-print.png'), animations: 'disabled' });
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.screenshot({ path: info.outputPath('diagram-phone.png'), animations: 'disabled' });
  await saved(page);
  friend.close();
});

/** Sources that want more than to be drawn. */
const HOSTILE = [
  'graph TD\n A-->B\n click A "javascript:alert(1)" "tip"\n click B href "https://elsewhere.example/x" _blank',
  'graph TD\n A["<img src=https://elsewhere.example/x onerror=alert(1)>"] --> B["<script>alert(1)</script>"]',
  '%%{init: {"securityLevel":"loose","htmlLabels":true,"flowchart":{"htmlLabels":true},"startOnLoad":true,' +
    '"themeCSS":"@import url(https://elsewhere.example/x.css); *{background:url(https://elsewhere.example/y)}"}}%%\n' +
    'graph TD\n A["<img src=https://elsewhere.example/z onerror=alert(1)>"] --> B',
  '---\nconfig:\n  securityLevel: sandbox\n  secure: []\n---\ngraph TD\n A["<iframe src=https://elsewhere.example/f>"] --> B',
  'flowchart TD\n A@{ img: "https://elsewhere.example/i.png", label: "x", h: 60, constraint: "on" }',
];
/** One that takes much longer than it may: 1,500 boxes. */
const SLOW = `block-beta\n columns 100\n ${Array.from({ length: 1_500 }, (_, index) => `b${index}`).join(' ')}`;

/** Code in Mermaid's language, as another program writes it. */
function writeDiagram(flow: Y.Text, source: string): void {
  const element = new Y.XmlElement('block');
  element.setAttribute('kind', 'code');
  element.setAttribute('language', 'mermaid');
  flow.insertEmbed(flow.length, element);
  flow.insert(flow.length, `${source}\u2029`);
}

test('DIAGRAM-2, DIAGRAM-3: hostile sources run and fetch nothing, and one that hangs is stopped while the page goes on', async ({
  visit,
  site,
  problems,
}) => {
  const page = await visit(documentPath('hostile'));
  const asked: string[] = [];
  page.on('requestfinished', (request) => asked.push(request.url()));
  await begin(page);
  const stranger = peer(site, 'hostile');
  await expect.poll(() => textOf(stranger.doc)).toContain('Title');
  const flow = stranger.doc.getText('content');
  for (const source of [...HOSTILE, SLOW, 'pie title Pets\n "Dogs" : 3']) writeDiagram(flow, source);
  // All are near to being seen, and drawn one after the other.
  await page.setViewportSize({ width: 1_000, height: 3_000 });
  await expect(said(page).filter({ hasText: 'can’t be drawn' })).toHaveCount(1);
  // Meanwhile the slow one is being drawn.
  await editor(page).evaluate((element) => element.ownerDocument.defaultView?.scrollTo(0, 0));
  await press(page, 'Control+Home', 'End');
  const longest = page.evaluate(async () => {
    let [last, most] = [performance.now(), 0];
    for (const until = last + 2_000; last < until;) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      most = Math.max(most, performance.now() - last);
      last = performance.now();
    }
    return most;
  });
  await page.keyboard.type(' goes on');
  await expect.poll(() => textOf(stranger.doc)).toContain('Title goes on');
  expect(await longest).toBeLessThan(1_000);
  await expect(said(page).filter({ hasText: 'took too long' })).toHaveCount(1);
  await expect(picture(page).last()).toHaveAttribute('alt', 'Pets');
  expect(await page.locator(FRAME).count()).toBeLessThanOrEqual(1);
  // All but the one that wants an image, and the slow one.
  await expect(picture(page)).toHaveCount(HOSTILE.length);
  expect(asked.filter((url) => url.includes('elsewhere'))).toEqual([]);
  expect(page.url()).toContain(documentPath('hostile'));
  // The browser tells what it refused.
  for (const problem of problems.splice(0)) expect(problem).toMatch(/Content Security Policy|sandbox/);
  stranger.close();
});

test('DIAGRAM-2: who drew a diagram once draws without a network, and before that reads its source', async ({
  visit,
  site,
}) => {
  const path = documentPath('offline-diagram');
  const page = await visit(path, { serviceWorkers: 'allow' });
  await begin(page);
  await installed(page);
  await page.keyboard.type('/diag');
  await page.keyboard.press('Enter');
  await expect(picture(page)).toHaveCount(1);
  await saved(page);
  const newcomer = await visit(documentPath('offline-other'), { serviceWorkers: 'allow' });
  await begin(newcomer);
  await installed(newcomer);
  await saved(newcomer);
  await site.stop();
  const again = await page.context().newPage();
  await again.goto(site.url + path);
  await expect(picture(again)).toHaveCount(1);
  await newcomer.keyboard.type('/diag');
  await newcomer.keyboard.press('Enter');
  await expect(said(newcomer)).toHaveText('Diagrams can’t be drawn without a connection yet.');
  await expect(block(newcomer).locator('pre')).toBeVisible();
});
