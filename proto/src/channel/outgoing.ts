import { encodeFrame, encodeHead } from './frame.ts';

/** Longest body of a frame, bytes; a longer message goes in several. */
export const PART_BYTES = 256 * 1024;

/** One counted frame as bytes: `head`, then `body` as it came, which many channels may share. */
export interface EncodedFrame {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** A message as counted frames: one, or several with bodies of at most `partBytes`. Large bodies are not copied. */
export function encodeMessage(message: Uint8Array, partBytes = PART_BYTES): EncodedFrame[] {
  const frames: EncodedFrame[] = [];
  let at = 0;
  for (; message.length - at > partBytes; at += partBytes)
    frames.push({ head: encodeHead('part', partBytes), body: message.subarray(at, at + partBytes) });
  frames.push({ head: encodeHead('message', message.length - at), body: message.subarray(at) });
  return frames;
}

/** The last frame of a side. */
export function encodeClose(code: number, reason: string): EncodedFrame {
  return { head: encodeFrame({ type: 'close', code, reason }), body: NOTHING };
}

/** Hears which large frames are kept. */
export interface LargeListener {
  kept(frame: EncodedFrame): void;
  forgotten(frame: EncodedFrame): void;
}

const NOBODY: LargeListener = { kept: () => undefined, forgotten: () => undefined };

/** Says that a peer acknowledges what was never sent: it lies, or counts wrong. */
export class BadAcknowledgement extends Error {
  override readonly name = 'BadAcknowledgement';
}

/**
 * What one side has sent: counts its frames and keeps those that the peer has not acknowledged, so that another
 * carrier can repeat them (SPEC CH-3). Beyond its bound the oldest are let go, and a peer that lacks one of those
 * can't resume any more.
 */
export class Outgoing {
  readonly #ringBytes: number;
  readonly #ringFrames: number;
  readonly #largeBytes: number;
  readonly #onLarge: LargeListener;
  readonly #ring: EncodedFrame[] = [];
  #first = 0;
  #bytes = 0;
  /** Numbers of the frames that count as large, and their bytes. */
  readonly #large = new Set<number>();
  #largeKept = 0;
  #sent = 0;
  #acknowledged = 0;

  /**
   * `ringBytes`, `ringFrames`: what is kept at most, for small frames take more memory than their bytes. The newest
   * frame is always kept. `largeBytes`: what is kept beside `ringBytes` of frames that are pushed as large, none unless told;
   * `onLarge` hears of each of these.
   */
  constructor(options: {
    readonly ringBytes: number;
    readonly ringFrames?: number;
    readonly largeBytes?: number;
    readonly onLarge?: LargeListener;
  }) {
    this.#ringBytes = options.ringBytes;
    this.#largeBytes = options.largeBytes ?? 0;
    this.#onLarge = options.onLarge ?? NOBODY;
    this.#ringFrames = options.ringFrames ?? Infinity;
  }

  /** Number of the last frame. */
  get sent(): number {
    return this.#sent;
  }

  /** Number of the last frame that the peer has. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** What is kept, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Counts and keeps a frame; returns its number. `large`: its body is shared by many, so it does not count as the ring's. */
  push(frame: EncodedFrame, large = false): number {
    this.#ring.push(frame);
    this.#bytes += size(frame);
    this.#sent += 1;
    if (large && this.#largeBytes > 0) {
      this.#large.add(this.#sent);
      this.#largeKept += size(frame);
      this.#onLarge.kept(frame);
    }
    while (this.#isFull && this.#sent - this.#oldest > 1) this.#forgetOldest();
    return this.#sent;
  }

  /** The peer has the frames up to `received`. Throws {@link BadAcknowledgement}; an older count says nothing new. */
  acknowledge(received: number): void {
    if (received > this.#sent)
      throw new BadAcknowledgement(`${received} frames are acknowledged where ${this.#sent} were sent.`);
    if (received <= this.#acknowledged) return;
    this.#acknowledged = received;
    while (this.#oldest < received) this.#forgetOldest();
  }

  /** The frames behind number `received`, oldest first; null if one of them is kept no more. */
  since(received: number): readonly EncodedFrame[] | null {
    if (received < this.#oldest || received > this.#sent) return null;
    return this.#ring.slice(this.#first + received - this.#oldest);
  }

  /** Nobody will ask for any of it again. */
  clear(): void {
    while (this.#oldest < this.#sent) this.#forgetOldest();
  }

  get #isFull(): boolean {
    if (this.#largeKept > this.#largeBytes) return true;
    return this.#bytes - this.#largeKept > this.#ringBytes || this.#sent - this.#oldest > this.#ringFrames;
  }

  /** Number before the oldest frame that is kept. */
  get #oldest(): number {
    return this.#sent - (this.#ring.length - this.#first);
  }

  #forgetOldest(): void {
    const frame = this.#ring[this.#first];
    if (!frame) return;
    if (this.#large.size > 0 && this.#large.delete(this.#oldest + 1)) {
      this.#largeKept -= size(frame);
      this.#onLarge.forgotten(frame);
    }
    this.#bytes -= size(frame);
    this.#ring[this.#first] = { head: NOTHING, body: NOTHING };
    this.#first += 1;
    // Moved down now and then, not at each frame.
    if (this.#first < 64 || this.#first * 2 < this.#ring.length) return;
    this.#ring.splice(0, this.#first);
    this.#first = 0;
  }
}

function size(frame: EncodedFrame): number {
  return frame.head.length + frame.body.length;
}
