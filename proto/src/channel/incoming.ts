import type { CountedFrame } from './frame.ts';

/** Parts of one message at most: without it, empty ones would take memory without end. */
const MESSAGE_PARTS = 4_096;

/** What has come whole. */
export type Arrival =
  | { readonly type: 'message'; readonly data: Uint8Array }
  | { readonly type: 'close'; readonly code: number; readonly reason: string };

/** A frame that must not come now. */
export class BadFrame extends Error {
  override readonly name = 'BadFrame';
  readonly problem: 'gap' | 'too-large' | 'after-close';

  constructor(problem: 'gap' | 'too-large' | 'after-close', message: string) {
    super(message);
    this.problem = problem;
  }
}

/**
 * What one side has received: takes each counted frame once and in order, whichever carrier brings it (SPEC CH-3),
 * and joins the parts of messages.
 */
export class Incoming {
  #received = 0;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #closed = false;

  /** Number of the last frame that was taken. */
  get received(): number {
    return this.#received;
  }

  /** Whether a message has begun and not ended. */
  get isPartial(): boolean {
    return this.#parts.length > 0;
  }

  /**
   * Takes frame `number`; returns what is whole by it. A repeated frame is passed over: null. `messageBytes`: the
   * longest message. A single part is handed on as the view that it is; joined ones are a copy. Throws {@link BadFrame}.
   */
  take(frame: CountedFrame, number: number, messageBytes: number): Arrival | null {
    if (number <= this.#received) return null;
    if (number > this.#received + 1)
      throw new BadFrame('gap', `Frame ${number} came where ${this.#received + 1} was due.`);
    if (this.#closed) throw new BadFrame('after-close', 'A frame came after the last one.');
    const arrival = this.#read(frame, messageBytes);
    this.#received = number;
    return arrival;
  }

  #read(frame: CountedFrame, messageBytes: number): Arrival | null {
    if (frame.type === 'close') {
      this.#closed = true;
      return { type: 'close', code: frame.code, reason: frame.reason };
    }
    if (this.#bytes + frame.body.length > messageBytes)
      throw new BadFrame('too-large', `A message is larger than ${messageBytes} bytes.`);
    if (frame.type === 'part') {
      if (this.#parts.length === MESSAGE_PARTS)
        throw new BadFrame('too-large', `A message has more than ${MESSAGE_PARTS} parts.`);
      // Kept beyond the call, so not as a view of what the carrier may reuse.
      this.#parts.push(frame.body.slice());
      this.#bytes += frame.body.length;
      return null;
    }
    if (this.#parts.length === 0) return { type: 'message', data: frame.body };
    const data = new Uint8Array(this.#bytes + frame.body.length);
    let at = 0;
    for (const part of [...this.#parts, frame.body]) {
      data.set(part, at);
      at += part.length;
    }
    this.#parts = [];
    this.#bytes = 0;
    return { type: 'message', data };
  }
}
