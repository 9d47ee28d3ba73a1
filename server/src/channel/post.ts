import type { Frame } from '@sheaf/proto/channel/frame';
import type { Source } from './carrier.ts';
import type { Failure, ServerChannel } from './channel.ts';
import { Upstream } from './upstream.ts';

/** What became of a POST: all was taken; something was wrong; or the channel ended, or the POST was given up, before. */
export type PostOutcome = 'taken' | Failure | 'over' | 'given-up';

/** Frames that came in one POST. While the channel has paused it is not read, or waits. */
export class Post implements Source {
  readonly #channel: ServerChannel;
  readonly #upstream: Upstream;
  readonly #leave: () => void;
  #nonce: number | null = null;
  #givenUp = false;
  #goOn: () => void = () => {};

  /** `from`: the number before its first counted frame. */
  constructor(channel: ServerChannel, from: number) {
    this.#channel = channel;
    this.#upstream = new Upstream(
      {
        get paused() {
          return channel.paused;
        },
        take: (frame, number) => channel.receive(frame, number),
        control: (frame) => {
          if (frame.type === 'ping') this.#nonce = frame.nonce;
          else channel.control(frame);
        },
      },
      from,
    );
    this.#leave = channel.open(this);
  }

  /** Resolves when the channel reads: false if it is over, or if the POST was given up. */
  async ready(): Promise<boolean> {
    while (this.#channel.paused && !this.#givenUp) await this.#change();
    return !this.#givenUp && !this.#channel.over;
  }

  /** Hands frames to the channel; resolves when all were taken. */
  async bring(frames: readonly Frame[]): Promise<PostOutcome> {
    try {
      this.#upstream.bring(frames);
      while (this.#upstream.waits) {
        await this.#change();
        if (this.#givenUp) return 'given-up';
        if (this.#channel.over) return 'over';
        if (!this.#channel.paused) this.#upstream.resume();
      }
      // Of many pings the last is answered.
      if (this.#nonce !== null) this.#channel.control({ type: 'ping', nonce: this.#nonce });
      return 'taken';
    } catch (thrown) {
      return this.#channel.failed(thrown);
    }
  }

  /** Nothing of it is handed on any more. */
  giveUp(): void {
    this.#givenUp = true;
    this.#leave();
    this.#goOn();
  }

  pause(): void {
    // Each step looks whether the channel has paused.
  }

  resume(): void {
    this.#goOn();
  }

  ended(): void {
    this.#goOn();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }
}
