import type { Frame } from '@sheaf/proto/channel/frame';

/** Frames as they come, for one who waits for a certain one. */
export class Inbox {
  readonly #waiting = new Set<(frame: Frame) => void>();
  readonly #frames: Frame[] = [];
  readonly #broken = Promise.withResolvers<string>();

  /** Resolves, with words for how, when nothing more will come. */
  get broken(): Promise<string> {
    return this.#broken.promise;
  }

  put(frame: Frame): void {
    this.#frames.push(frame);
    for (const look of this.#waiting) look(frame);
  }

  breakOff(words: string): void {
    this.#broken.resolve(words);
  }

  /** The first frame that `fits`, also one that has come before; null after `ms`. Rejects when it breaks off first. */
  async take<F extends Frame>(fits: (frame: Frame) => frame is F, ms: number): Promise<F | null> {
    const { promise, resolve, reject } = Promise.withResolvers<F | null>();
    const look = (frame: Frame): void => {
      if (fits(frame)) resolve(frame);
    };
    const timer = setTimeout(() => resolve(null), ms);
    this.#waiting.add(look);
    for (const frame of this.#frames) look(frame);
    void this.broken.then((words) => reject(new BrokenOff(words)));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }
}

/** A connection that ended by something else than the server's word. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}
