import { mount, unmount } from 'svelte';
import App from './App.svelte';
import { DocumentList } from './state/document-list.svelte.ts';
import { Documents } from './state/documents.ts';
import { Router } from './state/router.svelte.ts';
import { Self } from './state/self.svelte.ts';
import { ViewOptions } from './state/view-options.svelte.ts';
import type { Sessions } from './state/sessions.ts';
import { registerServiceWorker, workerPage } from './state/service-worker.ts';
import type { Rung } from './channel/rung.ts';
import { PageSettingsSource } from './state/page-settings.ts';
import type { EarlySocket } from './sync/early-socket.ts';
import { Tokens } from './sync/tokens.ts';
import { OfflineStore } from './sync/offline-store.ts';
import { Persistence } from './sync/persistence.ts';
import { UploadMemory } from './sync/uploads/upload-memory.ts';
import { keepLanguage, keptLanguage, loadSpeech } from './words/language.ts';
import type { Speech } from './words/language.ts';

/** The name of this browser's database. */
const DATABASE = 'sheaf';

/** How the page reaches its server. */
export interface Way {
  /** The sync endpoint, `ws:` or `wss:`. */
  readonly url: string;
  /** The only carrier to use; null: the best that the network lets through. */
  readonly carrier: Rung | null;
  /** What looks for the way already; null: nothing does. */
  readonly early: EarlySocket | null;
}

/** Makes the page and everything behind it; called once. */
export function start(way: Way): void {
  const settings = new PageSettingsSource({
    fetch: (input, init) => fetch(input, init),
    base: location.origin,
  });
  const tokens = new Tokens({
    url: () => settings.tokenUrl(),
    fetch: (input, init) => fetch(input, init),
  });
  const documents = new Documents({
    fetch: (input, init) => fetch(input, init),
    base: location.origin,
    tokens,
  });
  const store = new OfflineStore({
    name: DATABASE,
    now: Date.now,
    randomId,
    tabs: new BroadcastChannel(DATABASE),
  });
  const uploads = new UploadMemory(() => localStorage);
  const list = new DocumentList(documents, store);
  const router = new Router();
  const kept = storageOf(() => localStorage);
  const options = new ViewOptions(kept);
  const loading = loadSpeech({
    asked: new URLSearchParams(location.search).get('lang'),
    kept: keptLanguage(kept),
    preferred: navigator.languages,
  });

  let opened: Promise<Sessions> | undefined;
  /** For who leaves the page, which can't wait. */
  let known: Sessions | undefined;

  /** What documents need comes when the first is opened; a part that did not come is asked for again. */
  function sessions(): Promise<Sessions> {
    opened ??= openSessions().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  async function openSessions(): Promise<Sessions> {
    const [module, { Compactor }] = await Promise.all([
      import('./state/sessions.ts'),
      import('./sync/compactor.ts'),
    ]);
    const compactor = new Compactor(DATABASE);
    known = new module.Sessions({
      url: way.url,
      carrier: way.carrier,
      early: way.early,
      tokens,
      store,
      // Where pages are not of https, browsers have no storage manager.
      persistence: new Persistence(window.isSecureContext ? navigator.storage : null, () => undefined),
      compact: (name) => compactor.compact(name),
      uploads,
      randomId,
    });
    return known;
  }

  /** Sends what an earlier visit left in this browser, without waiting for somebody to open it. */
  async function sendKept(): Promise<void> {
    const copies = await store.documents();
    if (copies.some(({ unsent, deleted }) => unsent > 0 && !deleted) || uploads.documents().length > 0)
      (await sessions()).sendAgain();
  }

  function sendQuietly(): void {
    // Without a store there is nothing to send, and without the code there is no network: `online` tries again.
    sendKept().catch(() => undefined);
  }

  window.addEventListener('beforeunload', (event) => {
    if (known && known.changesAtRisk > 0) event.preventDefault();
  });
  window.addEventListener('online', sendQuietly);
  router.listen(new AbortController().signal);
  void list.load();
  sendQuietly();
  const shown = Promise.withResolvers<void>();
  const worker = workerPage(shown.promise);
  if (import.meta.env.PROD) void registerServiceWorker(worker);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void list.load();
  });

  void showFirst();

  /** Shows the page as soon as its messages are there. */
  async function showFirst(): Promise<void> {
    const speech = await loading;
    show(speech, new Self(kept, Math.random, speech.words.names));
  }

  /** Puts the page there, in a language; in another one when that is chosen. */
  function show(speech: Speech, self: Self): void {
    const { code, direction } = speech.language;
    document.documentElement.lang = code;
    document.documentElement.dir = direction;
    const onlanguage = async (chosen: string) => {
      keepLanguage(kept, chosen);
      const next = await loadSpeech({ asked: chosen, kept: null, preferred: navigator.languages });
      await unmount(app);
      show(next, self);
    };
    const props = {
      documents,
      list,
      router,
      self,
      sessions,
      store,
      opensOffline: import.meta.env.PROD && worker.workers !== null,
      onshown: shown.resolve,
      options,
      speech,
      storage: storageOf(() => sessionStorage),
    };
    const app = mount(App, {
      target: document.getElementById('app') ?? document.body,
      props: { ...props, onlanguage: (chosen: string) => void onlanguage(chosen) },
    });
  }
}

function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}

function storageOf(which: () => Storage): Storage | null {
  try {
    return which();
  } catch {
    // Browsers that keep nothing for this site throw at the mere mention.
    return null;
  }
}
