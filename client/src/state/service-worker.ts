/** Where the build puts the worker: at the root, so that it may answer for every page. */
const ADDRESS = '/sw.js';
/** Longest wait for a page to show what it opened with, ms: one that can't should still open without a network next time. */
export const SHOWN_MS = 10_000;
/** Longest wait for a page that has no moment to spare, ms. */
export const IDLE_MS = 2_000;
/** Waits before a worker that could not be fetched is tried again, one after another, ms; then the next visit tries. */
export const RETRY_MS: readonly number[] = [5_000, 30_000, 120_000, 600_000];

/** What of a page decides when its worker begins; tests give their own. */
export interface WorkerPage {
  /** Null in pages that are not of https or of this machine, and in some private windows. */
  readonly workers: { readonly register: (address: string) => Promise<unknown> } | null;
  /** When all has come that the page names itself. */
  readonly loaded: Promise<void>;
  /** When what the page opened with, such as a document, is on it. */
  readonly shown: Promise<void>;
  readonly timer: (ms: number) => Promise<void>;
  /** When the page has drawn what there is to draw and has a moment to spare, after `ms` at the latest. */
  readonly idle: (ms: number) => Promise<void>;
}

/**
 * Lets the service worker open the app without a network from the next visit on. It fetches and compiles the whole app, which
 * takes a core for a second: what the page was opened for comes first. Without workers it does nothing.
 */
export async function registerServiceWorker(page: WorkerPage): Promise<void> {
  const { workers, loaded, shown, timer, idle } = page;
  if (workers === null) return;
  await Promise.all([loaded, Promise.race([shown, timer(SHOWN_MS)])]);
  for (let failures = 0; ; failures += 1) {
    await idle(IDLE_MS);
    // The app works without: it only does not open without a network.
    const begun = await workers.register(ADDRESS).then(
      () => true,
      () => false,
    );
    const wait = RETRY_MS[failures];
    if (begun || wait === undefined) return;
    await timer(wait);
  }
}

/** That of the page that this runs in. */
export function workerPage(shown: Promise<void>): WorkerPage {
  return {
    workers: 'serviceWorker' in navigator ? navigator.serviceWorker : null,
    loaded: new Promise((resolve) => {
      if (document.readyState === 'complete') resolve();
      else window.addEventListener('load', () => resolve(), { once: true });
    }),
    shown,
    timer: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    idle: (timeout) =>
      new Promise((resolve) => {
        // Not in Safari, where nobody says so.
        if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout });
        else setTimeout(resolve, timeout);
      }),
  };
}
