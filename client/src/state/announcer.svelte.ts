/** Something that the page tells. */
export interface Announcement {
  readonly text: string;
  /** Only to who hears the page: who looks at it sees it anyway. */
  readonly quiet: boolean;
}

/** What the page tells politely, one thing after another: what a menu did, who came, where one is. */
export class Announcer {
  #last = $state.raw<Announcement | null>(null);

  get last(): Announcement | null {
    return this.#last;
  }

  /** Shows it for a while as well. */
  say(text: string): void {
    this.#last = { text, quiet: false };
  }

  /** Tells it to who hears the page. */
  whisper(text: string): void {
    this.#last = { text, quiet: true };
  }
}
