import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, CDPSession, Page } from '@playwright/test';

/** Runs in each page. */
const VISIBLE = fileURLToPath(new URL('plain/visible.js', import.meta.url));
/** Until what was asked for is drawn. */
const DRAWN = 'new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))';
/** Between two keystrokes, ms: long enough for all that one causes. */
const KEY_MS = 120;
/** Longest wait for a page to show its document, or to answer, ms. */
const OPEN_MS = 120_000;

/** A page with an editor that shows a document. */
export interface EditorPage {
  readonly page: Page;
  /** From the start of the navigation to the first frame with text of the document, ms. */
  readonly visibleMs: number;
  /** To the first frame in which it can be written in, ms. */
  readonly writableMs: number;
  /** Code and styles that were fetched until then: their names. */
  readonly fetched: readonly string[];
}

/** Opens an editor; `context` decides whether the browser knows the page already. */
export async function openEditorPage(context: BrowserContext, url: string): Promise<EditorPage> {
  const page = await context.newPage();
  // One that is busy with what others type answers late.
  page.setDefaultTimeout(OPEN_MS);
  await page.addInitScript({ path: VISIBLE });
  await page.goto(url, { waitUntil: 'commit' });
  const visibleMs = await noted(page, 'benchVisibleMs');
  const writableMs = await noted(page, 'benchWritableMs');
  const fetched = await page.evaluate(
    (until) =>
      performance
        .getEntriesByType('resource')
        .filter(({ startTime, name }) => startTime < until && /\.(?:js|css)$/.test(name))
        .map(({ name }) => name.slice(name.lastIndexOf('/') + 1)),
    writableMs,
  );
  return { page, visibleMs, writableMs, fetched };
}

/** When something happened in a page, which its script notes by this name. */
async function noted(page: Page, name: string): Promise<number> {
  const found = await page.waitForFunction(
    (key) => {
      const at: unknown = Reflect.get(globalThis, key);
      return typeof at === 'number' ? at : null;
    },
    name,
    { timeout: OPEN_MS },
  );
  return Number(await found.jsonValue());
}

/** Counts what the page's main thread does. */
async function countWork(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  // By the thread's own clock: what other processes take of its core meanwhile is no work of the page.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return session;
}

/** Processor time that the page's main thread has spent in tasks since it began, ms (Chromium's own count). */
async function busyMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1_000;
}

/** Work of the page's main thread for each of some letters that a person types, ms, sorted. */
export interface KeystrokeWork {
  /** Until the frame with the letter is drawn. */
  readonly drawn: Float64Array;
  /** Until the next letter: all that it causes, and all else that the page does meanwhile. */
  readonly whole: Float64Array;
}

/** Puts the caret into the middle of the document, where {@link measureKeystrokes} types. */
export async function enterMiddle(page: Page): Promise<void> {
  const paragraphs = page.locator('.ProseMirror > p');
  const middle = paragraphs.nth(Math.floor((await paragraphs.count()) / 2));
  await middle.evaluate((element) =>
    Reflect.apply(Reflect.get(element, 'scrollIntoView'), element, [{ block: 'center' }]),
  );
  // What is scrolled to from afar is laid out behind the next frame, and nobody presses sooner.
  await page.evaluate(DRAWN);
  const box = await middle.boundingBox();
  if (box === null) throw new Error('The paragraph in the middle is not shown.');
  // Where others type, nothing stands still for as long as a locator's click waits.
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForTimeout(KEY_MS * 10);
}

/** Types `count` letters, and throws if they are not in the text then; with `silent` it measures the same without, which is what looking takes. */
export async function measureKeystrokes(
  page: Page,
  count: number,
  { silent = false } = {},
): Promise<KeystrokeWork> {
  const session = await countWork(page);
  const before = await lettersAtCaret(page);
  const drawn = new Float64Array(count);
  const whole = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const start = await busyMs(session);
    if (!silent) {
      const key = { key: 'e', code: 'KeyE', windowsVirtualKeyCode: 69 };
      await session.send('Input.dispatchKeyEvent', { ...key, type: 'keyDown', text: 'e' });
      await session.send('Input.dispatchKeyEvent', { ...key, type: 'keyUp' });
    }
    await page.evaluate(DRAWN);
    drawn[index] = (await busyMs(session)) - start;
    await page.waitForTimeout(KEY_MS);
    whole[index] = (await busyMs(session)) - start;
  }
  const typed = (await lettersAtCaret(page)) - before;
  if (typed !== (silent ? 0 : count)) throw new Error(`Of ${count} letters ${typed} are in the text.`);
  await session.detach();
  return { drawn: drawn.sort(), whole: whole.sort() };
}

/** How much text the paragraph with the caret has. */
async function lettersAtCaret(page: Page): Promise<number> {
  const length = await page.evaluate(
    '((at) => (at?.nodeType === 1 ? at : at?.parentElement)?.closest("p")?.textContent.length)(getSelection().anchorNode)',
  );
  return Number(length ?? 0);
}

/** Work of the page's main thread while `ms` pass, ms. */
export async function measureBusy(page: Page, during: () => Promise<void>): Promise<number> {
  const session = await countWork(page);
  const before = await busyMs(session);
  await during();
  const after = await busyMs(session);
  await session.detach();
  return after - before;
}

/** A browser profile of nobody yet. */
export function freshProfile(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 1280, height: 800 } });
}
