import { MalformedFrame, decodeFrames } from '@sheaf/proto/channel/frame';
import type { Frame, Welcome } from '@sheaf/proto/channel/frame';
import { BadFrame } from '@sheaf/proto/channel/incoming';
import { BadAcknowledgement } from '@sheaf/proto/channel/outgoing';
import type { Running } from './carrier-set.ts';
import type { Link } from './link.ts';

/** Carriers in a row that may bring what is no channel's. */
const MALFORMED_CARRIERS = 3;

/** What frames say. */
export interface FrameEvents {
  /** A message, or somebody's presence. */
  message(data: Uint8Array): void;
  /** The peer closes, and waits to hear that all came that it sent before. */
  closed(code: number, reason: string): void;
  welcomed(welcome: Welcome): void;
  /** This way leads to the channel and back. */
  proved(running: Running): void;
  drain(afterMs: number): void;
  /** What this carrier brings is no channel's. */
  lose(id: number): void;
  /** The channel is no more. */
  gone(): void;
  tooLarge(words: string): void;
}

/** What a reader needs of its channel. */
export interface FrameReaderOptions {
  readonly link: Link;
  readonly now: () => number;
  /** Whether a carrier is the one that the channel uses. */
  readonly isCurrent: (running: Running) => boolean;
  /** Whether nothing more shall be read. */
  readonly isOver: () => boolean;
  readonly events: FrameEvents;
}

/** Reads the frames that a channel's carriers bring, hands them to the link, and tells what they say. */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  #malformed = 0;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  /** `proves`: whether they came down a way that shall be proved, and not as the answer of a POST. */
  read(running: Running, bytes: Uint8Array, proves: boolean): void {
    try {
      for (const frame of decodeFrames(bytes)) {
        if (this.#options.isOver()) return;
        this.#take(running, frame, proves);
      }
    } catch (thrown) {
      this.#failed(running.id, thrown);
    }
  }

  #take(running: Running, frame: Frame, proves: boolean): void {
    const { link, events, now, isCurrent } = this.#options;
    switch (frame.type) {
      case 'message':
      case 'part':
      case 'close': {
        running.position += 1;
        const arrival = link.take(frame, running.position, now());
        if (arrival?.type === 'message') events.message(arrival.data);
        if (arrival?.type === 'close') events.closed(arrival.code, arrival.reason);
        return;
      }
      case 'presence':
        // From an earlier carrier it may be old.
        if (isCurrent(running)) events.message(frame.body);
        return;
      case 'welcome':
        return this.#welcome(running, frame, proves);
      case 'ack':
        link.acknowledge(frame.received);
        return;
      case 'ping':
        link.pong(frame.nonce);
        return;
      case 'pong':
        return;
      case 'drain':
        return events.drain(frame.afterMs);
      case 'hello':
      case 'take':
        throw new MalformedFrame(`A server does not send a ${frame.type}.`);
    }
  }

  #welcome(running: Running, welcome: Welcome, proves: boolean): void {
    const { link, events } = this.#options;
    const isNew = link.received === 0 && link.acknowledged === 0;
    if (!welcome.resumed && !isNew) return events.gone();
    link.acknowledge(welcome.received);
    events.welcomed(welcome);
    if (proves) events.proved(running);
  }

  #failed(id: number, thrown: unknown): void {
    const { events } = this.#options;
    const foreign =
      thrown instanceof MalformedFrame || thrown instanceof BadFrame || thrown instanceof BadAcknowledgement;
    if (!foreign) throw thrown;
    if (thrown instanceof BadFrame && thrown.problem === 'too-large') return events.tooLarge(thrown.message);
    this.#malformed += 1;
    if (this.#malformed >= MALFORMED_CARRIERS || thrown instanceof BadAcknowledgement) return events.gone();
    events.lose(id);
  }
}
