/** The page's clock and frames; tests give their own. */
export interface Frames {
  /** A clock that goes forward, ms. */
  readonly now: () => number;
  /** Whether the page is drawn at all: a hidden one has no frames. */
  readonly isShown: () => boolean;
  /** Calls `fire` behind the next frame; returns what prevents it. */
  readonly onFrame: (fire: () => void) => () => void;
  /** Calls `fire` when the next frame has been drawn, with how long that took, ms. */
  readonly onDrawn: (fire: (ms: number) => void) => void;
  /** Calls `fire` once, `ms` from now; returns what prevents it. */
  readonly timer: (fire: () => void, ms: number) => () => void;
}

/** For each ms that showing took, what others do waits so many: the rest of the time is for the person at the page. */
const REST = 4;
/** Longest wait, ms, also where a browser makes no frames. */
const LONGEST_MS = 100;
/** So many that wait are handed on at once. */
const MOST = 1_000;

/**
 * Gathers what others do until the page has drawn a frame, and hands it on together: what one frame shows is put on the
 * page once. Where that takes long (a long document, many people) the next time comes later, so that the page always has
 * time for who types in it.
 */
export class Gathered<T> {
  readonly #frames: Frames;
  readonly #deliver: (items: readonly T[]) => void;
  #items: T[] = [];
  #cancel: (() => void) | null = null;
  /** When the next may be shown, ms. */
  #from = 0;

  constructor(frames: Frames, deliver: (items: readonly T[]) => void) {
    this.#frames = frames;
    this.#deliver = deliver;
  }

  /** Takes one, which is handed on within {@link LONGEST_MS}, behind all that were taken before. */
  add(item: T): void {
    this.#items.push(item);
    if (!this.#frames.isShown() || this.#items.length >= MOST) this.flush();
    else if (this.#cancel === null) this.#wait();
  }

  /** Hands on what waits. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    const items = this.#items;
    if (items.length === 0) return;
    this.#items = [];
    const { now, onDrawn } = this.#frames;
    const begun = now();
    this.#deliver(items);
    const showing = now() - begun;
    onDrawn((drawing) => (this.#from = now() + Math.min(LONGEST_MS, REST * (showing + drawing))));
  }

  /** Drops what waits. */
  end(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#items = [];
  }

  #wait(): void {
    const { now, timer, onFrame } = this.#frames;
    const rest = this.#from - now();
    if (rest > 0) {
      this.#cancel = timer(() => this.#wait(), Math.min(rest, LONGEST_MS));
      return;
    }
    const stopLate = timer(() => this.flush(), LONGEST_MS);
    const stopFrame = onFrame(() => this.flush());
    this.#cancel = () => {
      stopLate();
      stopFrame();
    };
  }
}

/** What of a window its frames are made of. */
export type FrameSource = Pick<
  Window,
  'cancelAnimationFrame' | 'clearTimeout' | 'requestAnimationFrame' | 'setTimeout'
> & {
  readonly document: Pick<Document, 'visibilityState'>;
  readonly performance: Pick<Performance, 'now'>;
};

/** The clock and the frames of a window. */
export function pageFrames(page: FrameSource): Frames {
  return {
    now: () => page.performance.now(),
    isShown: () => page.document.visibilityState !== 'hidden',
    // Not within it: a frame comes right behind a key or click, before the page hears where the selection is by that.
    onFrame: (fire) => {
      let task: number | undefined;
      const frame = page.requestAnimationFrame(() => (task = page.setTimeout(fire)));
      return () => {
        page.cancelAnimationFrame(frame);
        page.clearTimeout(task);
      };
    },
    // What a frame calls comes before it is drawn, and the next task behind that.
    onDrawn: (fire) => {
      page.requestAnimationFrame(() => {
        const begun = page.performance.now();
        page.setTimeout(() => fire(page.performance.now() - begun));
      });
    },
    timer: (fire, ms) => {
      const timer = page.setTimeout(fire, ms);
      return () => page.clearTimeout(timer);
    },
  };
}
