import type { ChannelProtocol } from '@sheaf/proto/channel/classify';
import { encodeFrame, encodeHead } from '@sheaf/proto/channel/frame';
import type { CountedFrame } from '@sheaf/proto/channel/frame';
import { Incoming } from '@sheaf/proto/channel/incoming';
import type { Arrival } from '@sheaf/proto/channel/incoming';
import { Outgoing, encodeClose, encodeMessage } from '@sheaf/proto/channel/outgoing';
import type { EncodedFrame } from '@sheaf/proto/channel/outgoing';
import { LatestPresence } from './presence.ts';

/** What a row holds beside the body of its longest frame: its head and an acknowledgement, bytes. */
const ROW_REST_BYTES = 64;
/** Frames of one row, bytes. One frame of the longest body fits. */
export const ROW_BYTES = 256 * 1024 + ROW_REST_BYTES;
/** Where the network takes no rows of that size they get smaller, down to this, bytes. */
const LEAST_ROW_BYTES = 16 * 1024 + ROW_REST_BYTES;

/** What may wait for a carrier, bytes: the largest document, as one message, with room to spare. */
const QUEUE_BYTES = 128 * 1024 * 1024;

/** When a carrier wants to be told what came. */
export interface Pace {
  /** An acknowledgement is due when so much came that was not acknowledged: bytes, frames, or for so long, ms. */
  readonly ackBytes: number;
  readonly ackFrames: number;
  readonly ackMs: number;
  /** Whether silence must be broken by a row of its own. */
  readonly beats: boolean;
}

/** Frames to send, one behind the other. The first counted one follows number `from`. */
export interface Row {
  readonly from: number;
  readonly bytes: Uint8Array;
}

/** What a link is made of. */
export interface LinkOptions {
  readonly protocol: ChannelProtocol;
  /** What is kept for repeating, bytes. */
  readonly ringBytes: number;
  /** The longest message that may come, bytes. */
  readonly messageBytes: number;
  /** The longest row that the network takes, as far as is known, bytes; {@link ROW_BYTES} unless told. */
  readonly rowBytes?: number;
}

/**
 * One side's end of a channel without its carriers: what was sent and must be repeated, what has come, which
 * acknowledgement is due. It does no input and no output, and is told the time.
 */
export class Link {
  readonly #outgoing: Outgoing;
  readonly #incoming = new Incoming();
  readonly #presence: LatestPresence;
  readonly #messageBytes: number;
  #rowBytes: number;
  /** Number of the last frame that was handed to the present carrier. */
  #written = 0;
  #unwrittenBytes = 0;
  /** Frames that have no number yet: the ring has room for what is on its way only. */
  #queue: EncodedFrame[] = [];
  readonly #ringBytes: number;
  #acknowledgedByUs = 0;
  #unacknowledgedBytes = 0;
  #unacknowledgedSince = Infinity;
  #tellNow = false;
  #saidAt = -Infinity;
  /** What is acknowledged at most. */
  #limit = Infinity;
  readonly #pongs: number[] = [];
  #ping: number | null = null;

  constructor(options: LinkOptions) {
    this.#outgoing = new Outgoing({ ringBytes: options.ringBytes });
    this.#presence = new LatestPresence(options.protocol);
    this.#ringBytes = options.ringBytes;
    this.#messageBytes = options.messageBytes;
    this.#rowBytes = Math.max(LEAST_ROW_BYTES, Math.min(ROW_BYTES, options.rowBytes ?? ROW_BYTES));
  }

  /** Number of the last counted frame that came. */
  get received(): number {
    return this.#incoming.received;
  }

  /** Number of the last counted frame that the peer has. */
  get acknowledged(): number {
    return this.#outgoing.acknowledged;
  }

  /** Whether the peer has all that was said. */
  get delivered(): boolean {
    return this.#queue.length === 0 && this.#outgoing.acknowledged === this.#outgoing.sent;
  }

  /** Whether more waits than is ever kept. */
  get overflowed(): boolean {
    return this.#unwrittenBytes > QUEUE_BYTES;
  }

  /** What no carrier has been given, bytes. */
  get unwrittenBytes(): number {
    return this.#unwrittenBytes + this.#presence.bytes;
  }

  /** Takes one message; the bytes must not change afterwards. */
  send(message: Uint8Array): void {
    if (this.#presence.take(message)) return;
    for (const frame of encodeMessage(message, this.#rowBytes - ROW_REST_BYTES)) this.#push(frame);
  }

  /** Says that nothing follows. */
  close(code: number, reason: string): void {
    this.#push(encodeClose(code, reason));
  }

  #push(frame: EncodedFrame): void {
    this.#queue.push(frame);
    this.#unwrittenBytes += size(frame);
  }

  /** Counts what waits, as far as the ring can keep it. */
  #advance(ringBytes: number): void {
    let moved = 0;
    for (const frame of this.#queue) {
      const full = this.#outgoing.bytes > 0 && this.#outgoing.bytes + size(frame) > ringBytes;
      if (full) break;
      this.#outgoing.push(frame);
      moved += 1;
    }
    if (moved > 0) this.#queue = this.#queue.slice(moved);
  }

  /** The peer has the frames up to `received`. Throws BadAcknowledgement. */
  acknowledge(received: number): void {
    this.#outgoing.acknowledge(received);
    // A peer may have more than this carrier brought: another one did.
    if (this.#written < received) this.#rewindTo(received);
  }

  /** A frame with its number; what is whole by it. Throws BadFrame. */
  take(frame: CountedFrame, number: number, now: number): Arrival | null {
    const before = this.#incoming.received;
    const arrival = this.#incoming.take(frame, number, this.#messageBytes);
    if (this.#incoming.received === before) return null;
    this.#unacknowledgedBytes += frame.type === 'close' ? 0 : frame.body.length;
    this.#unacknowledgedSince = Math.min(this.#unacknowledgedSince, now);
    return arrival;
  }

  /** Frames behind number `limit` are not acknowledged: a request that asks for them may be on its way. */
  holdAt(limit: number): void {
    this.#limit = limit;
  }

  /** What came, as it may be told. */
  get acknowledgeable(): number {
    return Math.max(this.#acknowledgedByUs, Math.min(this.received, this.#limit));
  }

  /** What came was told by other means than a row. */
  told(received: number): void {
    this.#acknowledgedByUs = received;
    this.#unacknowledgedBytes = 0;
    this.#unacknowledgedSince = Infinity;
  }

  /** What came shall be told with the next row, and at once. */
  tellNow(): void {
    this.#tellNow = true;
  }

  /** Asks for a sign of life with the next row. */
  ping(nonce: number): void {
    this.#ping = nonce;
  }

  /** Answers one with the next row. */
  pong(nonce: number): void {
    // One answer tells as much as many.
    this.#pongs.splice(0, this.#pongs.length, nonce);
  }

  /**
   * The network did not take a row of so many `bytes`: later ones are half as long; returns how long, or null if that
   * one was as short as rows get.
   */
  shrink(bytes: number): number | null {
    if (bytes <= LEAST_ROW_BYTES) return null;
    this.#rowBytes = Math.max(LEAST_ROW_BYTES, Math.floor(Math.min(this.#rowBytes, bytes) / 2));
    return this.#rowBytes;
  }

  /** Whether each frame that is kept fits into a row. They are numbered, so they can't be cut anew. */
  get fits(): boolean {
    const kept = [...(this.#outgoing.since(this.#outgoing.acknowledged) ?? []), ...this.#queue];
    return kept.every((frame) => size(frame) <= this.#rowBytes);
  }

  /** What is not acknowledged shall be sent again. False if it is not kept any more. */
  rewind(): boolean {
    return this.#rewindTo(this.#outgoing.acknowledged);
  }

  /** As `rewind`, for another carrier: who is here is told again as well. */
  restart(): boolean {
    this.#presence.repeat();
    return this.rewind();
  }

  #rewindTo(number: number): boolean {
    const frames = this.#outgoing.since(number);
    if (frames === null) return false;
    this.#written = number;
    this.#unwrittenBytes = sizeOf(frames) + sizeOf(this.#queue);
    return true;
  }

  /** When there is a row at the latest, if nothing happens; ms. */
  deadline(pace: Pace, heartbeatMs: number): number {
    return Math.min(
      this.#unacknowledgedSince + pace.ackMs,
      pace.beats ? this.#saidAt + heartbeatMs : Infinity,
    );
  }

  /** The next row for a carrier, or null if nothing needs to be said now. */
  next(pace: Pace, heartbeatMs: number, now: number): Row | null {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    const add = (...added: readonly Uint8Array[]): void => {
      parts.push(...added);
      for (const part of added) bytes += part.length;
    };
    this.#advance(this.#ringBytes);
    const from = this.#written;
    for (const frame of this.#unwritten()) {
      if (bytes > 0 && bytes + size(frame) > this.#rowBytes) break;
      add(frame.head, frame.body);
      this.#written += 1;
      this.#unwrittenBytes -= size(frame);
    }
    // Presence must not overtake: it means nothing before what introduced its sender.
    if (this.#written === this.#outgoing.sent && this.#queue.length === 0)
      this.#presence.drain((message) => {
        const head = encodeHead('presence', message.length);
        if (bytes > 0 && bytes + head.length + message.length > this.#rowBytes) return false;
        add(head, message);
        return true;
      });
    for (const nonce of this.#pongs.splice(0)) add(encodeFrame({ type: 'pong', nonce }));
    if (this.#ping !== null) add(encodeFrame({ type: 'ping', nonce: this.#ping }));
    this.#ping = null;
    const late = this.#tellNow || this.deadline(pace, heartbeatMs) <= now || this.#muchUnacknowledged(pace);
    if (bytes === 0 && !late) return null;
    const received = this.acknowledgeable;
    if (late || received > this.#acknowledgedByUs) {
      add(encodeFrame({ type: 'ack', received }));
      this.told(received);
      this.#tellNow = false;
    }
    this.#saidAt = now;
    return { from, bytes: join(parts, bytes) };
  }

  /** The clock was set back by `ms`: what is due stays as far away as it was. */
  setBack(ms: number): void {
    this.#saidAt -= ms;
    this.#unacknowledgedSince -= ms;
  }

  /** Something was said by other means than a row. */
  said(now: number): void {
    this.#saidAt = now;
  }

  /** All that is not acknowledged, if it is no more than `bytes`. It is not taken for written. */
  remainder(bytes: number): Row | null {
    this.#advance(bytes);
    const frames = this.#outgoing.since(this.acknowledged) ?? [];
    const total = sizeOf(frames) + sizeOf(this.#queue);
    if (total === 0 || total > bytes) return null;
    return {
      from: this.acknowledged,
      bytes: join(
        frames.flatMap(({ head, body }) => [head, body]),
        total,
      ),
    };
  }

  #unwritten(): readonly EncodedFrame[] {
    return this.#written === this.#outgoing.sent ? [] : (this.#outgoing.since(this.#written) ?? []);
  }

  #muchUnacknowledged(pace: Pace): boolean {
    const frames = this.acknowledgeable - this.#acknowledgedByUs;
    return frames > 0 && (this.#unacknowledgedBytes >= pace.ackBytes || frames >= pace.ackFrames);
  }
}

function size(frame: EncodedFrame): number {
  return frame.head.length + frame.body.length;
}

function sizeOf(frames: readonly EncodedFrame[]): number {
  return frames.reduce((sum, frame) => sum + size(frame), 0);
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
