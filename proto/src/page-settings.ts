/** `GET` gives a page's settings as JSON ({@link PageSettings}). */
export const PAGE_SETTINGS_PATH = '/page.json';

/** What a page is told by its server. */
export interface PageSettings {
  /** Where it gets tokens: an absolute address, or a path of its own origin; null: it needs none. */
  readonly tokenUrl: string | null;
}
