import { isCounted, type CountedFrame, type Frame } from '@sheaf/proto/channel/frame';

/** Who takes what a carrier brings. */
export interface Receiver {
  /** Whether nothing may be delivered now. */
  readonly paused: boolean;
  /** Counted frame `number`. Throws BadFrame. */
  take(frame: CountedFrame, number: number): void;
  /** Any other frame. Throws BadAcknowledgement, MalformedFrame. */
  control(frame: Exclude<Frame, CountedFrame>): void;
}

/** What one carrier, or one POST, brings: numbers its counted frames, and holds them while the channel has paused. */
export class Upstream {
  readonly #receiver: Receiver;
  #number: number;
  #held: Frame[] = [];

  /** `from`: the number before the first counted frame. */
  constructor(receiver: Receiver, from: number) {
    this.#receiver = receiver;
    this.#number = from;
  }

  /** Whether frames wait for the channel to go on. */
  get waits(): boolean {
    return this.#held.length > 0;
  }

  /** The client says anew what it counts from. */
  restart(from: number): void {
    this.#number = from;
  }

  /** Takes frames in their order, as far as the channel does. Throws what the receiver throws. */
  bring(frames: readonly Frame[]): void {
    if (this.waits) {
      this.#held = [...this.#held, ...frames];
      return;
    }
    let at = 0;
    for (; at < frames.length && !this.#receiver.paused; at++) {
      const frame = frames[at];
      if (frame) this.#take(frame);
    }
    this.#held = frames.slice(at);
  }

  /** Goes on with what waits. Throws what the receiver throws; the rest is then gone. */
  resume(): void {
    const held = this.#held;
    this.#held = [];
    this.bring(held);
  }

  #take(frame: Frame): void {
    if (!isCounted(frame)) {
      this.#receiver.control(frame);
      return;
    }
    this.#number += 1;
    this.#receiver.take(frame, this.#number);
  }
}
