import type { Frames } from './gathered.ts';

/** The frames of a page whose clock goes on when told to. For tests. */
export class TestFrames implements Frames {
  time = 0;
  shown = true;
  #timers: { at: number; fire: () => void }[] = [];
  #frame = new Set<() => void>();
  #drawn: ((ms: number) => void)[] = [];

  readonly now = () => this.time;
  readonly isShown = () => this.shown;
  readonly onFrame = (fire: () => void) => {
    this.#frame.add(fire);
    return () => this.#frame.delete(fire);
  };
  readonly onDrawn = (fire: (ms: number) => void) => this.#drawn.push(fire);
  readonly timer = (fire: () => void, ms: number) => {
    const timer = { at: this.time + ms, fire };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((one) => one !== timer));
  };

  /** A frame, of which drawing takes `ms`. */
  frame(ms = 0): void {
    const called = [...this.#frame];
    this.#frame.clear();
    for (const fire of called) fire();
    this.pass(ms);
    for (const fire of this.#drawn.splice(0)) fire(ms);
  }

  pass(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.time = next.at;
      next.fire();
    }
    this.time = until;
  }
}
