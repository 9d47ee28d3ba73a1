import {
  PAGE,
  PAGE_WAIT_MS,
  PAST_THE_WORKER,
  answerFor,
  cacheName,
  inTurns,
  outdatedCaches,
} from './precache.ts';
import type { Build, RouterRule } from './precache.ts';

/*
 * Opens the app without a network. The page always comes from the network where that answers in time, so that page and
 * server are of one version; what it needs has a hash in its name, so that versions cannot mix, and is kept
 * for tabs of the last versions too.
 */

/** What of a worker's global scope is used: TypeScript has no library for pages and workers at once. */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Installing extends Extendable {
  /** Where the browser has static routing. */
  addRoutes?(rules: readonly RouterRule[]): Promise<void>;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Scope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install', listener: (event: Installing) => void): void;
  addEventListener(type: 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}

// The build puts its list here.
declare const SHEAF_BUILD: Build;
const build = SHEAF_BUILD;
const cache = cacheName(build.version);
// In a worker, `self` is its own scope and no window.
const scope = self as unknown as Scope;

scope.addEventListener('install', (event) => {
  event.waitUntil(install());
  // A browser that knows no such rules asks the worker, which says the same, only later.
  event.addRoutes?.(PAST_THE_WORKER).catch(() => undefined);
});
scope.addEventListener('activate', (event) => event.waitUntil(activate()));
scope.addEventListener('fetch', (event) => {
  switch (answerFor(event.request, location.origin)) {
    case 'network':
      return;
    case 'page':
      return event.respondWith(page(event.request));
    case 'file':
      return event.respondWith(file(event.request));
  }
});

/** All or nothing: a version of which a file is missing, or another's, is not installed. */
async function install(): Promise<void> {
  const kept = await caches.open(cache);
  await inTurns(Object.entries(build.files), ([address, integrity]) => keep(kept, address, integrity));
  // Tabs of older versions find their files in their version's cache.
  await scope.skipWaiting();
}

async function keep(kept: Cache, address: string, integrity: string | null): Promise<void> {
  const known = integrity === null ? await caches.match(address) : undefined;
  if (known) return kept.put(address, known);
  const answer = await fetch(address, {
    priority: 'low',
    ...(integrity === null ? {} : { cache: 'no-cache', integrity }),
  });
  if (!answer.ok) throw new Error(`${address}: ${String(answer.status)}`);
  await kept.put(address, answer);
}

async function activate(): Promise<void> {
  const outdated = outdatedCaches(await caches.keys(), cache);
  await Promise.all(outdated.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

async function page(request: Request): Promise<Response> {
  const kept = await caches.match(PAGE, { cacheName: cache });
  if (!kept) return fetch(request);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), PAGE_WAIT_MS);
  try {
    const answer = await fetch(request, { signal: late.signal });
    // A proxy whose server is away answers with an error of its own.
    return answer.status >= 500 ? kept : answer;
  } catch {
    // No network, or too slow a one: what is kept opens.
    return kept;
  } finally {
    clearTimeout(timer);
  }
}

async function file(request: Request): Promise<Response> {
  const known = await caches.match(request, { ignoreVary: true });
  if (known) return known;
  const answer = await fetch(request);
  // Fonts of other scripts, and parts that the list leaves out, are kept once they were used.
  if (answer.ok && answer.status === 200) {
    const copy = answer.clone();
    const kept = await caches.open(cache);
    // A full disk costs the copy, not the answer.
    await kept.put(request, copy).catch(() => undefined);
  }
  return answer;
}
