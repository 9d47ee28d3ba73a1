import { EVENTS_PATH } from '@sheaf/proto/channel/address';
import { addressOf } from '../endpoint.ts';
import type { Row } from '../link.ts';
import type { Carrier, CarrierContext, CarrierEvents } from './carrier.ts';
import { BadEvent, EventReader } from './event-reader.ts';
import { RequestFailed, ask } from './request.ts';
import { Uplink } from './uplink.ts';

/** An event stream down, POST up. It takes the server's frames by asking for the stream. */
export class EventStreamCarrier implements Carrier {
  readonly kind = 'sse';
  /** A POST of its own is dear: acknowledgements travel with others, or with the heartbeat. */
  readonly pace = { ackBytes: 256 * 1024, ackFrames: Infinity, ackMs: Infinity, beats: true };
  readonly #context: CarrierContext;
  readonly #events: CarrierEvents;
  readonly #uplink: Uplink;

  /** Connects. */
  constructor(context: CarrierContext, events: CarrierEvents) {
    this.#context = context;
    this.#events = events;
    this.#uplink = new Uplink(context, events);
    void this.#run();
  }

  get writable(): boolean {
    return this.#uplink.writable;
  }

  get bufferedBytes(): number {
    return this.#uplink.bufferedBytes;
  }

  /** The stream took them when it was asked for. */
  take(): void {}

  send(row: Row): void {
    this.#uplink.send(row);
  }

  stop(): void {
    this.#uplink.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#uplink;
    try {
      // Only the stream's own first event proves it.
      await this.#uplink.open();
      if (signal.aborted) return;
      const { turn, received } = this.#context.claim();
      this.#events.opened();
      const response = await ask(this.#context, {
        address: addressOf(this.#context.endpoint, EVENTS_PATH, { turn, received }),
        method: 'GET',
        type: 'text/event-stream',
        signal,
      });
      await this.#read(response, received);
      if (!signal.aborted) this.#end(new RequestFailed({ why: 'lost' }));
    } catch (thrown) {
      if (signal.aborted) return;
      if (thrown instanceof RequestFailed) this.#end(thrown);
      else if (thrown instanceof BadEvent) this.#end(new RequestFailed({ why: 'lost', cause: thrown }));
      else throw thrown;
    }
  }

  async #read(response: Response, received: number): Promise<void> {
    if (!response.body) throw new RequestFailed({ why: 'foreign' });
    const body = response.body.getReader();
    const events = new EventReader();
    let start: number | null = received;
    for (;;) {
      const chunk = await body.read().catch((thrown: unknown) => {
        throw new RequestFailed({ why: 'lost', cause: thrown });
      });
      if (chunk.done || this.#uplink.signal.aborted) return;
      this.#events.heard();
      for (const row of events.read(chunk.value)) {
        this.#events.frames(row, start);
        start = null;
        if (this.#uplink.signal.aborted) return;
      }
    }
  }

  #end(failure: RequestFailed): void {
    this.#uplink.stop();
    report(this.#events, failure);
  }
}

/** Tells a carrier's end. */
export function report(events: CarrierEvents, failure: RequestFailed): void {
  switch (failure.why) {
    case 'gone':
      return events.gone();
    case 'gap':
      // A later turn has the channel.
      return events.died('lost', failure.retryAfterMs);
    case 'too-large':
      return events.died('foreign', failure.retryAfterMs);
    case 'busy':
      return events.died('unavailable', failure.retryAfterMs);
    default:
      return events.died(failure.why, failure.retryAfterMs);
  }
}
