import { encodeFrame } from '@sheaf/proto/channel/frame';
import type { EncodedFrame } from '@sheaf/proto/channel/outgoing';
import type { Limits } from '../limits.ts';
import type { Carrier } from './carrier.ts';
import type { ServerChannel } from './channel.ts';

/** One request for frames. */
export interface Poll {
  /** Whether it may wait until there are some. */
  readonly hold: boolean;
  /** Answers it, once. */
  readonly answer: (frames: readonly EncodedFrame[]) => void;
}

/**
 * Polls of one turn (SPEC CH-8): what the client lacks waits in the channel until it asks, and presence waits here. An
 * answer that was lost is made again, for the next poll tells what has come.
 */
export class PollCarrier implements Carrier {
  readonly kind = 'poll';
  readonly bufferedBytes = null;
  readonly #channel: ServerChannel;
  readonly #limits: Limits;
  #poll: Poll | null = null;
  #hidden = false;
  #batch: EncodedFrame[] = [];
  #bytes = 0;
  #full = false;
  readonly #loose = new Map<string, EncodedFrame>();
  #looseBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #answering: NodeJS.Immediate | null = null;
  #over = false;

  constructor(channel: ServerChannel, limits: Limits) {
    this.#channel = channel;
    this.#limits = limits;
  }

  /** Whether a poll hangs. */
  get asked(): boolean {
    return this.#poll !== null;
  }

  /** A page that nobody sees asks when its browser lets it, which may be once a minute (SPEC CH-7). */
  get silenceMs(): number {
    return this.#hidden ? this.#limits.channelResumeMs : this.#limits.channelDeadMs;
  }

  /** A poll came; what it lacks is sent behind it, in the same turn. One that hangs already must be answered first. */
  ask(poll: Poll): void {
    this.#poll = poll;
    this.#hidden = !poll.hold;
    this.#batch = [{ head: new Uint8Array(0), body: encodeFrame(this.#channel.welcome(true)) }];
    this.#bytes = 0;
    this.#full = false;
    if (!poll.hold || this.#loose.size > 0) this.#answerSoon();
    else this.#timer = setTimeout(this.#answer, this.#limits.channelPollMs);
  }

  /** The client waits no more for this poll. */
  abandon(poll: Poll): void {
    if (this.#poll === poll) this.#clear();
  }

  send(frame: EncodedFrame): void {
    if (this.#poll === null || this.#full) return;
    const bytes = frame.head.length + frame.body.length;
    // One at least goes with each answer, and none behind one that did not fit.
    if (this.#bytes > 0 && this.#bytes + bytes > this.#limits.channelPollBytes) {
      this.#full = true;
      return;
    }
    this.#batch.push(frame);
    this.#bytes += bytes;
    this.#answerSoon();
  }

  sendLoose(frame: EncodedFrame, key: string): void {
    // An answer shows that the server is there.
    if (key === 'ping' || this.#over) return;
    const before = this.#loose.get(key);
    const bytes = this.#looseBytes + size(frame) - (before ? size(before) : 0);
    if (bytes > this.#limits.channelPresenceBytes) return;
    this.#loose.set(key, frame);
    this.#looseBytes = bytes;
    if (this.#poll !== null) this.#answerSoon();
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#answer();
  }

  /** Gathers what the rest of this turn sends. */
  #answerSoon(): void {
    this.#answering ??= setImmediate(this.#answer);
  }

  readonly #answer = (): void => {
    const poll = this.#poll;
    if (poll === null) return;
    const frames = [...this.#batch, ...this.#loose.values()];
    this.#clear();
    this.#loose.clear();
    this.#looseBytes = 0;
    poll.answer(frames);
  };

  #clear(): void {
    this.#poll = null;
    this.#batch = [];
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#answering !== null) clearImmediate(this.#answering);
    this.#timer = null;
    this.#answering = null;
  }
}

function size({ head, body }: EncodedFrame): number {
  return head.length + body.length;
}
