import type { DrawingFrame, OpenFrame } from './frame.ts';
import { readAnswer } from './frame-messages.ts';
import type { DrawAnswer, DrawRequest } from './frame-messages.ts';
import { DRAW_MS, IDLE_MS, LONGEST_SOURCE, MOST_KEPT } from './limits.ts';

/** What became of a source. */
export type Outcome =
  | DrawAnswer
  /** Stopped after {@link DRAW_MS}; what draws could not be had. */
  | { readonly state: 'slow' | 'away' };

/**
 * Draws diagrams, one after the other, in one frame that opens with the first and closes when nothing was drawn for
 * IDLE_MS. A drawing that takes too long is stopped with its frame, and the next one gets another.
 */
export class Drawer {
  readonly #open: OpenFrame;
  /** The last outcomes, the oldest first: views come and go, and undo brings sources back. */
  readonly #known = new Map<string, Outcome>();
  #frame: DrawingFrame | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(open: OpenFrame) {
    this.#open = open;
  }

  /** Draws; null if `signal` was aborted before its turn came. */
  async draw(request: DrawRequest, signal: AbortSignal): Promise<Outcome | null> {
    const { source, dark } = request;
    if (source.length > LONGEST_SOURCE) return { state: 'large' };
    const key = `${dark ? 'dark' : 'light'} ${source}`;
    const turn = this.#last.then(async () => {
      if (signal.aborted) return null;
      const outcome = this.#known.get(key) ?? (await this.#ask(request));
      this.#keep(key, outcome);
      return outcome;
    });
    // Who asked is told; the next one is drawn all the same.
    this.#last = turn.catch(() => null);
    return turn;
  }

  #keep(key: string, outcome: Outcome): void {
    this.#known.delete(key);
    if (outcome.state !== 'away') this.#known.set(key, outcome);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KEPT && oldest !== undefined) this.#known.delete(oldest);
  }

  async #ask(request: DrawRequest): Promise<Outcome> {
    clearTimeout(this.#idle);
    this.#frame ??= await this.#open();
    if (!this.#frame) return { state: 'away' };
    const answer = await answerWithin(this.#frame.port, request);
    if (answer === null) this.#close();
    else this.#idle = setTimeout(() => this.#close(), IDLE_MS);
    return answer ?? { state: 'slow' };
  }

  #close(): void {
    this.#frame?.close();
    this.#frame = null;
  }
}

/** What the frame answers; null if it does not within DRAW_MS. */
function answerWithin(port: MessagePort, request: DrawRequest): Promise<DrawAnswer | null> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, DRAW_MS, null);
    port.addEventListener(
      'message',
      ({ data }) => {
        clearTimeout(late);
        resolve(readAnswer(data));
      },
      { once: true },
    );
    port.start();
    port.postMessage(request);
  });
}
