import { encodeFrame } from '@sheaf/proto/channel/frame';
import type { Row } from '../link.ts';
import type { Death } from '../rung.ts';
import type { Carrier, CarrierContext, CarrierEvents } from './carrier.ts';

/** A server's end, in the same program. */
export interface MemoryPeer {
  /** Rows of the client; the first is its `hello`. */
  message(row: Uint8Array): void;
  /** The client has ended the carrier. */
  gone(): void;
}

/** Reaches a server's end: `send` brings the client a row, `close` ends the carrier. Each may be called at any time. */
export type ConnectMemory = (client: {
  readonly send: (row: Uint8Array) => void;
  readonly close: (why: Death) => void;
}) => MemoryPeer;

/** A carrier without a network: what is sent arrives in the next turn. */
export class MemoryCarrier implements Carrier {
  readonly kind = 'websocket';
  readonly pace = { ackBytes: 64 * 1024, ackFrames: 32, ackMs: 1_000, beats: true };
  readonly writable = true;
  readonly bufferedBytes = 0;
  readonly #context: CarrierContext;
  readonly #events: CarrierEvents;
  readonly #peer: MemoryPeer;
  #start: number | null = null;
  #over = false;

  /** Connects. */
  constructor(connect: ConnectMemory, context: CarrierContext, events: CarrierEvents) {
    this.#context = context;
    this.#events = events;
    this.#peer = connect({
      send: (row) => this.#later(() => this.#came(row)),
      close: (why) => this.#later(() => this.#ended(why)),
    });
    this.#later(() => {
      this.#events.opened();
      this.#write(this.#context.hello());
    });
  }

  take(): void {
    const claim = this.#context.claim();
    this.#start = claim.received;
    this.#write(encodeFrame({ type: 'take', ...claim }));
  }

  send(row: Row): void {
    this.#write(row.bytes);
  }

  stop(): void {
    this.#over = true;
    this.#context.environment.timer(() => this.#peer.gone(), 0);
  }

  #came(row: Uint8Array): void {
    const start = this.#start;
    this.#start = null;
    this.#events.frames(row, start);
  }

  #ended(why: Death): void {
    this.#over = true;
    this.#events.died(why, 0);
  }

  #write(row: Uint8Array): void {
    this.#context.environment.timer(() => this.#peer.message(row), 0);
  }

  #later(act: () => void): void {
    this.#context.environment.timer(() => {
      if (!this.#over) act();
    }, 0);
  }
}
