import type { ServerResponse } from 'node:http';
import type { EncodedFrame } from '@sheaf/proto/channel/outgoing';
import type { Limits } from '../limits.ts';
import type { Carrier } from './carrier.ts';
import type { ServerChannel } from './channel.ts';

/** A larger frame's text is made as bytes once, and not joined with each connection's `id:`; bytes of the frame. */
const JOIN_BYTES = 16 * 1024;

/** So much of a frame counts against `unreadBytes`, bytes: what is larger is bounded where it is made. */
const SMALL_BYTES = 64 * 1024;

/** What a frame that waits takes besides its bytes, about. */
const FRAME_COST = 128;

/**
 * Writes events for all streams of a server: a frame that goes to many in one turn becomes base64 once, and all that one
 * turn writes to a stream leaves as one chunk.
 */
export class EventWriter {
  #last: EncodedFrame | null = null;
  #lastText: string | Buffer = '';
  readonly #corked: ServerResponse[] = [];
  #encoded = 0;

  /** How many frames became text: those that were shared count once. */
  get encoded(): number {
    return this.#encoded;
  }

  /** Writes a frame as one event (WHATWG HTML, section 9.2.6); false if the network takes no more for now. */
  write(response: ServerResponse, frame: EncodedFrame, id: number): boolean {
    this.#cork(response);
    const text = this.#textOf(frame);
    if (typeof text === 'string') return response.write(`id: ${id}\n${text}`, 'latin1');
    response.write(`id: ${id}\n`, 'latin1');
    return response.write(text);
  }

  #textOf(frame: EncodedFrame): string | Buffer {
    if (frame === this.#last) return this.#lastText;
    this.#last = frame;
    this.#lastText = encode(frame);
    this.#encoded += 1;
    return this.#lastText;
  }

  #cork(response: ServerResponse): void {
    if (response.writableCorked > 0) return;
    if (this.#corked.length === 0) process.nextTick(this.#flush);
    this.#corked.push(response);
    response.cork();
  }

  /** A text is shared within a turn: kept longer it would take more memory than what it stands for. */
  readonly #flush = (): void => {
    this.#last = null;
    this.#lastText = '';
    for (const response of this.#corked.splice(0)) if (!response.writableEnded) response.uncork();
  };
}

function encode({ head, body }: EncodedFrame): string | Buffer {
  const bytes = head.length === 0 ? body : Buffer.concat([head, body]);
  const text = `data: ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')}\n\n`;
  return bytes.length <= JOIN_BYTES ? text : Buffer.from(text, 'latin1');
}

/** What an event stream is made of. Its response's head was written. */
export interface EventStreamOptions {
  readonly response: ServerResponse;
  readonly writer: EventWriter;
  readonly channel: ServerChannel;
  readonly limits: Limits;
  /** The number of the last frame that the client has. */
  readonly received: number;
}

/** A response that does not end (SPEC CH-8): carries the server's frames. */
export class EventStreamCarrier implements Carrier {
  readonly kind = 'sse';
  readonly #response: ServerResponse;
  readonly #options: EventStreamOptions;
  #id: number;
  /** Frames that wait for the network, which are not made text before it takes them. */
  #queue: { readonly frame: EncodedFrame; readonly id: number }[] = [];
  #queuedBytes = 0;
  /** What waits, of large frames only the beginning, bytes. */
  #unread = 0;
  #full = false;
  #over = false;
  #late: NodeJS.Timeout | null = null;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#response = options.response;
    this.#id = options.received;
    options.response.on('drain', this.#drain);
    options.response.on('close', this.#closed);
    // The connection may be lost at any time; `close` follows.
    options.response.on('error', () => {});
  }

  get bufferedBytes(): number {
    return this.#response.writableLength + this.#queuedBytes;
  }

  send(frame: EncodedFrame, number: number): void {
    this.#id = number;
    this.#write(frame);
  }

  sendLoose(frame: EncodedFrame): void {
    this.#write(frame);
  }

  close(): void {
    if (this.#over) return;
    this.#forget();
    this.#response.end();
    this.#late = setTimeout(() => this.#response.destroy(), this.#options.limits.closeMs);
  }

  #write(frame: EncodedFrame): void {
    if (this.#over) return;
    if (!this.#full) {
      this.#full = !this.#options.writer.write(this.#response, frame, this.#id);
      return;
    }
    this.#queue.push({ frame, id: this.#id });
    this.#queuedBytes += cost(frame);
    // The engine bounds all but answers to what a peer asks for: who asks and never reads is cut. The bytes of large
    // frames are views of what is there anyway.
    this.#unread += unread(frame);
    if (this.#unread > this.#options.limits.unreadBytes) this.#response.destroy();
  }

  readonly #drain = (): void => {
    this.#full = false;
    let written = 0;
    while (!this.#full && written < this.#queue.length) {
      const next = this.#queue[written];
      if (!next) break;
      written += 1;
      this.#queuedBytes -= cost(next.frame);
      this.#unread -= unread(next.frame);
      this.#full = !this.#options.writer.write(this.#response, next.frame, next.id);
    }
    this.#queue.splice(0, written);
    if (!this.#full && !this.#over) this.#options.channel.drained(this);
  };

  readonly #closed = (): void => {
    if (this.#late !== null) clearTimeout(this.#late);
    this.#forget();
    this.#options.channel.lost(this);
  };

  /** What waits is kept by the channel, as far as anybody may still want it. */
  #forget(): void {
    this.#over = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#unread = 0;
  }
}

function cost({ head, body }: EncodedFrame): number {
  return head.length + body.length + FRAME_COST;
}

function unread({ head, body }: EncodedFrame): number {
  return Math.min(head.length + body.length, SMALL_BYTES) + FRAME_COST;
}
