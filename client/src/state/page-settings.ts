import { PAGE_SETTINGS_PATH } from '@sheaf/proto/page-settings';
import type { PageSettings } from '@sheaf/proto/page-settings';

/** A server has told its settings within, ms, or the page goes on without. */
const ANSWER_MS = 3_000;

/** What the server tells its pages: asked for when first needed, and again after a failure. */
export class PageSettingsSource {
  readonly #fetch: typeof fetch;
  readonly #base: string;
  #settings: Promise<PageSettings> | undefined;

  /** `base`: an address of the page's origin. */
  constructor(options: { readonly fetch: typeof fetch; readonly base: string }) {
    this.#fetch = options.fetch;
    this.#base = options.base;
  }

  /** Where tokens are asked for, absolute; null where nobody needs one. Rejects while the server does not tell. */
  async tokenUrl(): Promise<string | null> {
    this.#settings ??= this.#load().catch((error: unknown) => {
      this.#settings = undefined;
      throw error;
    });
    const { tokenUrl } = await this.#settings;
    return tokenUrl === null ? null : new URL(tokenUrl, this.#base).href;
  }

  async #load(): Promise<PageSettings> {
    // The page preloads this address: a request that differs in its mode would be made a second time.
    const response = await this.#fetch(PAGE_SETTINGS_PATH, { signal: AbortSignal.timeout(ANSWER_MS) });
    const body: unknown = response.ok ? await response.json() : null;
    const tokenUrl: unknown =
      typeof body === 'object' && body !== null ? Reflect.get(body, 'tokenUrl') : null;
    if (tokenUrl === null || typeof tokenUrl === 'string') return { tokenUrl };
    throw new Error('The server’s settings are no settings.');
  }
}
