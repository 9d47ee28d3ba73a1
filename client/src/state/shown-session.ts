import { emptySaveState, saveState } from '../sync/save-state.ts';
import type { SaveState } from '../sync/save-state.ts';
import type { DocumentSession } from '../sync/session.ts';

/** How long "Saving…" stays at least, ms, so that a page does not blink at every key. */
export const CALM_MS = 400;

/** What a page shows of a session. */
export interface Shown {
  readonly save: SaveState;
  /** Whether the document's content is here. */
  readonly loaded: boolean;
  /** Whether this person may type. */
  readonly editable: boolean;
  /** Parts of this browser's copy that could not be read. */
  readonly damaged: number;
}

/** The part of a session that is shown. */
export type ShownSource = Pick<DocumentSession, 'facts' | 'loaded' | 'damaged' | 'onChange'>;

/**
 * Tells when there is something else to show: a session changes three times with every letter, and a page that draws nothing else
 * for that should not look for it. Only the good news waits: that what was being saved is saved.
 */
export class ShownSession {
  readonly #session: ShownSource;
  #shown: Shown = { save: emptySaveState('opening'), loaded: false, editable: false, damaged: 0 };
  #savedSince: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #changed: () => void = () => undefined;

  constructor(session: ShownSource) {
    this.#session = session;
  }

  get current(): Shown {
    this.#read();
    return this.#shown;
  }

  /** Calls `changed` whenever {@link current} is another one; returns what ends that. */
  follow(changed: () => void): () => void {
    this.#changed = changed;
    const stop = this.#session.onChange(() => this.#look());
    return () => {
      stop();
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#savedSince = null;
      this.#changed = () => undefined;
    };
  }

  #look(): void {
    if (this.#read()) this.#changed();
  }

  /** Whether there is something else to show. */
  #read(): boolean {
    const { facts, loaded, damaged } = this.#session;
    const { readOnly, link } = facts;
    const editable = !readOnly && link !== 'denied' && link !== 'deleted' && link !== 'corrupt';
    const save = this.#calm(saveState(facts));
    const was = this.#shown;
    if (save === was.save && loaded === was.loaded && editable === was.editable && damaged === was.damaged)
      return false;
    this.#shown = { save, loaded, editable, damaged };
    return true;
  }

  /** What to show where it is `next` now. What stays equal stays the same. */
  #calm(next: SaveState): SaveState {
    const was = this.#shown.save;
    const isGoodNews = next.state === 'saved' && was.state === 'saving';
    if (!isGoodNews) this.#savedSince = null;
    else if (this.#waits()) return was;
    return isSame(next, was) ? was : next;
  }

  /** One timer serves many letters: it is not ended by the next, and begins anew where it ends too early. */
  #waits(): boolean {
    const now = performance.now();
    this.#savedSince ??= now;
    const rest = this.#savedSince + CALM_MS - now;
    if (rest <= 0) return false;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, rest);
    return true;
  }
}

/** Both were made by the same rule, with their parts in the same order. */
function isSame(one: SaveState, other: SaveState): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
