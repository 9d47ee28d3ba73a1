/*
 * What tests may rely on, ours and those of others; these stay.
 *
 * role textbox "Document", data-testid="editor"   the text; its first heading of level 1 is the title
 * role toolbar "Format"; "format-ID"              undo redo bold italic underline strike code link heading-1 heading-2
 *                                                 heading-3 bullet-list ordered-list task-list quote code-block callout
 *                                                 toggle table; "format-more" has those that do not fit, role menu "More formatting"
 * "slash-menu"; "slash-ID"                        role listbox "Insert", behind a slash
 * "mention-menu", "emoji-menu"; "mention-ID",     role listbox, behind an at sign and a colon
 *   "emoji-NAME"
 * "date-box", "formula-box"                       where a day and a formula in the text are changed
 * "code-language", "code-copy"                    the head of a block of code, role group "Code in LANGUAGE"
 * "contents"                                      role navigation "Table of contents" in the text
 * "bubble"; "bubble-ID"                           role toolbar "Selected text", or "Link" with the caret in one
 * "link-box", "link-address"                      where a link's address is typed
 * "block-handle", "touch-handle", "drop-line",    beside a block, for a mouse and for fingers, where a drag would leave it,
 *   "block-menu"                                  and role menu "Block"; items are "item-ID"
 * "find", "find-text", "find-result"              role search "Find", with buttons of these names
 * "search", "palette-text"; "choice-ID"           the palette, role dialog "Go to", opened in the sidebar or with Ctrl+K
 * "shortcuts", "shortcuts-text"                   role dialog "Keyboard shortcuts"
 * "outline", "counts", "leave-focus"              headings; words and characters in the document's menu; ends focus mode
 * "table-row", "table-column", "table-menu"       handles of the table with the caret, and their menu, whose items are
 *   "table-add-row", "table-add-column"           "table-ID" of client/src/editor/table/menu-items.ts
 * role figure, named by its description or name   an image or a file; "image-caption", "image-alt", "image-width" (role slider),
 *                                                 "download-file"
 * role figure, named by its title and host        a link card; "card-link", "card-show" (a frame), "card-title", "card-address";
 *                                                 "link-to-card" in the bubble
 * "save-state" with data-state                    opening saved saving partly-saved reconnecting offline not-saved read-only
 *                                                 denied deleted; only `saved` says that all is on the server's disk;
 *                                                 data-keeping tells whether this browser keeps what is written
 *                                                 data-at-risk: changes that are in this page and nowhere else
 * "carrier" with data-carrier                     sse poll; there only while no WebSocket carries the page
 * "faces"                                         who else is here, a list of buttons that follow them; `.caret` with data-name in the text
 * "more-faces"                                    those for whom there is no room, a number; opens role menu "Also here"
 * "document-list", "create-document"              the list's page
 * "new-document", "self", "menu"                  the sidebar; "menu" opens it on narrow screens
 * "kept-list"                                     says that the list is of what this device keeps
 * "recover-text", "recover-update"                download what the server does not take
 * "device-link", "kept-documents",                the page at /device: what this browser keeps, one "kept-document" each
 *   "forget-device", "forget-reason", "nothing-kept"
 * "document-menu", "menu-said"                    the header's menu, role menu "Document"; what it says was done
 * "cluster", "cluster-summary", "cluster-nodes",  the operator's page at /admin/cluster: a sentence, tables, and a drawing
 *   "cluster-links", "cluster-drawing"
 * role dialog "Your name", "person-name",         how others see one, and the language of the page; English in tests
 *   "person-language"
 * "page-title", "opening"                         the header's title; the page before its document
 * "editor-failed", "readable-text"                the text where the editor cannot be
 */
import { expect as stockExpect, test as base } from '@playwright/test';
import type { Browser, BrowserContextOptions, Locator, Page, TestInfo } from '@playwright/test';
import { AxeBuilder } from '@axe-core/playwright';
import { HocuspocusProvider } from '@hocuspocus/provider';
import { BLOCK, BLOCK_END, CONTENT_FIELD } from '@sheaf/schema/content';
import type { ServerOptions } from '@sheaf/server';
import * as Y from 'yjs';
import { chosenTopology, startSite } from './server.ts';
import type { Form, Site, Topology } from './server.ts';
import { NO_POSTGRES, startPostgres } from '../server/src/store/postgres/postgres-for-tests.ts';
import type { TestServer } from '../server/src/store/postgres/postgres-for-tests.ts';

/** Waits longer than Playwright's own: a machine may be busy with other tests. */
export const expect = stockExpect.configure({ timeout: 15_000 });

/** Opens pages as different people: each has a browser profile of their own. */
export type Visit = (path: string, options?: BrowserContextOptions & { name?: string }) => Promise<Page>;

/** What a story, or all of a run, may choose. */
export interface StoryOptions {
  server: ServerOptions;
  topology: Topology;
}

interface Story extends StoryOptions {
  form: Form;
  site: Site;
  visit: Visit;
  problems: string[];
}

/** What every story gets. A page that throws or that breaks the content security policy fails its story. */
export const test = base.extend<Story, { postgres: () => Promise<TestServer | null> }>({
  server: [{}, { option: true }],
  topology: [chosenTopology(), { option: true }],
  // One for all stories of a worker, started by the first that wants it.
  postgres: [
    async ({ browserName: _browserName }, use) => {
      await using cleanUp = new AsyncDisposableStack();
      let started: ReturnType<typeof startPostgres> | null = null;
      await use(() => (started ??= startPostgres().then((server) => cleanUp.use(server))));
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  form: async ({ topology, postgres }, use, info) => {
    if (topology !== 'shared') return use({ topology });
    const server = await postgres();
    if (server === null) return info.skip(true, NO_POSTGRES);
    return use({ topology, database: await server.createDatabase() });
  },
  site: async ({ server, form }, use) => {
    await using site = await startSite(server, form);
    await use(site);
  },
  problems: async ({ browser: _browser }, use) => {
    const problems: string[] = [];
    await use(problems);
    expect(problems).toEqual([]);
  },
  visit: async ({ browser, site, problems }, use) => {
    const opened: Page[] = [];
    await use(async (path, { name, ...options } = {}) => {
      const page = await visitAs({ browser, options, problems });
      if (name !== undefined) await page.addInitScript(introduce, name);
      // Where there are several servers, each person is on another one than the one before.
      await page.goto((site.urls[opened.length % site.urls.length] ?? site.url) + path);
      opened.push(page);
      return page;
    });
    for (const page of opened) await page.context().close();
  },
});

/** A browser reports each failed attempt to connect as an error: stories that stop the server expect them. */
const NETWORK = /WebSocket connection|Failed to load resource|^Firefox can’t establish a connection/;

async function visitAs(from: {
  browser: Browser;
  options: BrowserContextOptions;
  problems: string[];
}): Promise<Page> {
  const context = await from.browser.newContext({ viewport: { width: 1280, height: 800 }, ...from.options });
  const page = await context.newPage();
  page.on('pageerror', ({ message, stack = '' }) => {
    if (!NETWORK.test(message)) from.problems.push(`${message}\n${stack}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !NETWORK.test(message.text())) from.problems.push(message.text());
  });
  return page;
}

/** Runs in the page before its own code: gives its person a name. */
function introduce(name: string): void {
  // A frame within it is somebody else's, and may have no storage; nor has the empty page before, where Firefox runs this too.
  if (window !== top || origin === 'null') return;
  const known = localStorage.getItem('sheaf.person');
  if (known === null)
    localStorage.setItem('sheaf.person', JSON.stringify({ id: name, name, color: '#2f7d6b' }));
}

/** The address of a document's page. */
export function documentPath(name: string): string {
  return `/d/${encodeURIComponent(name)}`;
}

/** The text of a document's page, ready to be typed in. */
export function editor(page: Page) {
  return page.getByRole('textbox', { name: 'Document' });
}

/** Where it is in the window, px; it waits until it is there. */
export async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error(`Nothing is drawn of ${String(locator)}.`);
  return box;
}

/** The first line of a document's page. */
export function title(page: Page) {
  return editor(page).getByRole('heading', { level: 1 }).first();
}

/** Writes a title, and goes to the line behind it. */
export async function begin(page: Page, words = 'Title'): Promise<void> {
  await title(page).click();
  await page.keyboard.type(words);
  await press(page, 'Enter');
}

const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Which rules of accessibility are asked: all but some; or only those about colours, where all else was asked before. */
interface Rules {
  readonly without?: string[];
  readonly onlyColours?: boolean;
}

/**
 * Boxes that scroll within text that is written in: arrows move the caret there, and the box goes along (tables.spec). axe counts
 * only what Tab reaches, which in a text moves the caret itself.
 */
const SCROLLED_BY_CARET = '.prose[contenteditable=true] :is(.tableWrapper, pre)';

/** What a screen reader, or an eye that sees little, would miss on a page, each as `RULE: HTML`. */
export async function violations(
  page: Page,
  { without = [], onlyColours = false }: Rules = {},
): Promise<string[]> {
  // A page has no frames: what is for them costs as much again.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const asked = onlyColours ? axe.withRules(COLOURS) : axe.disableRules(without);
  const { violations: found } = await asked.analyze();
  const told: string[] = [];
  for (const { id, nodes } of found) {
    const counted: string[] = [];
    for (const { html, target } of nodes) {
      const scrolls = id === 'scrollable-region-focusable';
      const isText = scrolls && (await page.locator(String(target[0])).evaluate(matches, SCROLLED_BY_CARET));
      if (!isText) counted.push(html);
    }
    if (counted.length > 0) told.push(`${id}: ${counted.join(' ')}`);
  }
  return told;
}

function matches(element: Element, selector: string): boolean {
  return element.matches(selector);
}

/** Pastes as a browser does: an event with what a clipboard holds, by type. */
export async function paste(page: Page, clipboard: Readonly<Record<string, string>>): Promise<void> {
  await editor(page).evaluate((element, held) => {
    const clipboardData = new DataTransfer();
    for (const [type, data] of Object.entries(held)) clipboardData.setData(type, data);
    const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
    // Firefox makes one that holds nothing, whatever it is given.
    Object.defineProperty(event, 'clipboardData', { value: clipboardData });
    element.dispatchEvent(event);
  }, clipboard);
}

/** How a page is looked at. */
const LOOKS = [
  { name: 'light', width: 1280, colorScheme: 'light' },
  { name: 'dark', width: 1280, colorScheme: 'dark' },
  { name: 'narrow', width: 320, colorScheme: 'light' },
] as const;

/** Looks at a page as it is: nothing that a screen reader would miss, no sideways scroll, a picture for people. */
export async function inspect(page: Page, info: TestInfo, picture: string): Promise<void> {
  for (const { name, width, colorScheme } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    expect(await violations(page, { onlyColours: name === 'dark' }), name).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await page.screenshot({ path: info.outputPath(`${picture}-${name}.png`) });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Presses keys one after another, each seen by the page before the next: a browser tells of a moved caret late. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.evaluate(
      () => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(() => seen(undefined)))),
    );
  }
}

/** The save pill. */
export function saveState(page: Page) {
  return page.getByTestId('save-state');
}

/** Waits until the page says that all is saved. */
export async function saved(page: Page): Promise<void> {
  await expect(saveState(page)).toHaveAttribute('data-state', 'saved');
}

/** Waits until the app would open without a network, and this page is in its service worker's care. */
export async function installed(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((changed) => {
        navigator.serviceWorker.addEventListener('controllerchange', changed, { once: true });
      });
  });
}

/**
 * A peer without a page: a stock provider in this process, where there are several servers on another than the first page.
 * It is synced with its own server, which may not have all yet that is saved on that page's: a story that goes on from such
 * words waits for them. `close` it.
 */
export function peer(
  site: Site,
  name: string,
): { provider: HocuspocusProvider; doc: Y.Doc; close: () => void } {
  const doc = new Y.Doc();
  const provider = new HocuspocusProvider({
    url: `${site.otherUrl.replace('http', 'ws')}/hocuspocus`,
    name,
    document: doc,
  });
  return { provider, doc, close: () => provider.destroy() };
}

/** A peer who has put blocks behind those of a document; the server has them. */
export async function peerWith(site: Site, name: string, blocks: string[]): Promise<ReturnType<typeof peer>> {
  const writer = peer(site, name);
  await expect.poll(() => writer.provider.synced).toBe(true);
  insertBlocks(writer.doc, blockCount(writer.doc), blocks);
  await expect.poll(() => writer.provider.unsyncedChanges).toBe(0);
  return writer;
}

/** Has a part of the page's code wait, as on a slow network, until what is returned is called. Service workers would not ask for it. */
export async function heldBack(page: Page, part: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(`**/assets/${part}-*.js`, async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

/** The words of a peer's document, a line for each block. */
export function textOf(doc: Y.Doc): string {
  return doc.getText(CONTENT_FIELD).toString().replaceAll(BLOCK_END, '\n');
}

/** How many blocks a peer's document has. */
export function blockCount(doc: Y.Doc): number {
  return textOf(doc).split('\n').length - 1;
}

/** The index in the flow behind so many blocks. */
function indexAfter(doc: Y.Doc, blocks: number): number {
  const lines = textOf(doc).split('\n').slice(0, blocks);
  return lines.reduce((sum, { length }) => sum + length + 2, 0);
}

/** Adds paragraphs to a peer's document, behind so many blocks. */
export function insertBlocks(doc: Y.Doc, after: number, texts: string[]): void {
  const flow = doc.getText(CONTENT_FIELD);
  doc.transact(() => {
    let index = indexAfter(doc, after);
    for (const text of texts) {
      flow.insertEmbed(index, new Y.XmlElement(BLOCK));
      flow.insert(index + 1, text + BLOCK_END, {});
      index += text.length + 2;
    }
  });
}

/** Deletes so many blocks of a peer's document from one on. */
export function deleteBlocks(doc: Y.Doc, from: number, count: number): void {
  const start = indexAfter(doc, from);
  doc.getText(CONTENT_FIELD).delete(start, indexAfter(doc, from + count) - start);
}

/** Adds words at the end of the block of a peer's document that says `block`. */
export function typeInto(doc: Y.Doc, block: string, words: string): void {
  const at = textOf(doc).split('\n').indexOf(block);
  if (at < 0) throw new Error(`There is no ${block}.`);
  doc.getText(CONTENT_FIELD).insert(indexAfter(doc, at + 1) - 1, words);
}
