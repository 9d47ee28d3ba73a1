/** What the build tells the service worker. */
export interface Build {
  /** Changes with every file of the build. */
  readonly version: string;
  /** Address → `integrity` (Subresource Integrity), for files that keep their name while they change; else null. */
  readonly files: Readonly<Record<string, string | null>>;
}

/** The page of the app, which answers for all of its addresses. */
export const PAGE = '/';
/** Begins the name of each version's cache. */
const CACHE_PREFIX = 'sheaf-';
/** Versions whose files stay: tabs of the last ones may still be open and ask for a part. */
const VERSIONS = 3;
/** How long a page is waited for before the one that is kept is shown, ms. */
export const PAGE_WAIT_MS = 1_500;

/** Files that are fetched at once: of the six connections that a browser makes over HTTP/1.1 the page needs the others. */
const AT_ONCE = 2;

/** How a request is answered: by the app's page, by a file of a build, or not by the worker at all. */
export type Answer = 'page' | 'file' | 'network';

/**
 * What browsers ask the network without the worker (Service Workers, static routing): all but the app's own. Patterns of
 * paths are of this origin. For each other request a browser waits for the worker's word, which takes a tenth of what a POST
 * on this machine takes, and first starts the worker, which it ends after half a minute.
 */
export const PAST_THE_WORKER: readonly RouterRule[] = [
  { condition: { requestMethod: 'POST' }, source: 'network' },
  ...['/hocuspocus/*', '/yjs/*', '/uploads/*', '/page.json'].map((urlPattern): RouterRule => ({
    condition: { urlPattern },
    source: 'network',
  })),
];

/** A rule of `InstallEvent.addRoutes`, as far as it is used. */
export interface RouterRule {
  readonly condition: { readonly requestMethod: string } | { readonly urlPattern: string };
  readonly source: 'network';
}

/** The name of a version's cache. */
export function cacheName(version: string): string {
  return CACHE_PREFIX + version;
}

/** Caches that nobody needs any more, of `names` in the order in which they were made. Never `current`. */
export function outdatedCaches(names: readonly string[], current: string): string[] {
  const ours = names.filter((name) => name.startsWith(CACHE_PREFIX) && name !== current);
  return ours.slice(0, Math.max(0, ours.length - (VERSIONS - 1)));
}

/** Does `work` for each item, a few at a time. Rejects with the first failure, after which nothing more is begun. */
export async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const workNext = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item);
      } catch (thrown) {
        waiting.length = 0;
        throw thrown;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, workNext));
}

/**
 * What answers a request. Only GETs of this origin: the app's addresses by its page, files with a hash in their name by
 * what is kept. The API, both sync protocols, the channel and the server's own addresses always go to the network.
 */
export function answerFor(
  request: { readonly method: string; readonly mode: string; readonly url: string },
  origin: string,
): Answer {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin) return 'network';
  const { pathname } = url;
  if (request.mode === 'navigate')
    return pathname === '/' || pathname === '/device' || pathname.startsWith('/d/') ? 'page' : 'network';
  return pathname.startsWith('/assets/') || pathname === '/favicon.svg' ? 'file' : 'network';
}
