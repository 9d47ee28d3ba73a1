import { EVENTS_PATH } from '@sheaf/proto/channel/address';
import { addressOf } from '../endpoint.ts';
import type { HttpAnswer } from '../http.ts';
import type { Row } from '../link.ts';
import type { Carrier, CarrierContext, CarrierEvents } from './carrier.ts';
import { BadEvent, EventReader } from './event-reader.ts';
import { RequestFailed, ask } from './request.ts';
import { Uplink } from './uplink.ts';

const NOTHING = new Uint8Array(0);

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
      let start: number | null = received;
      await readEvents(response, signal, {
        heard: () => this.#events.heard(),
        row: (row) => {
          this.#events.frames(row, start);
          start = null;
        },
      });
      throw new RequestFailed({ why: 'lost' });
    } catch (thrown) {
      if (signal.aborted) return;
      this.#uplink.stop();
      reportEnd(this.#events, thrown);
    }
  }
}

/** Reads a stream until it ends or `signal` is aborted. Throws RequestFailed and BadEvent. */
export async function readEvents(
  response: HttpAnswer,
  signal: AbortSignal,
  told: { heard(): void; row(row: Uint8Array): void },
): Promise<void> {
  if (!response.body) throw new RequestFailed({ why: 'foreign' });
  const body = response.body.getReader();
  const events = new EventReader();
  for (;;) {
    const chunk = await body.read().catch((thrown: unknown) => {
      throw new RequestFailed({ why: 'lost', cause: thrown });
    });
    if (chunk.done || signal.aborted) return;
    told.heard();
    for (const row of events.read(chunk.value ?? NOTHING)) {
      told.row(row);
      if (signal.aborted) return;
    }
  }
}

/** Tells a carrier's end, by what it threw. Throws what is nobody's failure but ours. */
export function reportEnd(events: CarrierEvents, thrown: unknown): void {
  if (thrown instanceof BadEvent) return events.died('lost', 0);
  if (!(thrown instanceof RequestFailed)) throw thrown;
  const failure = thrown;
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
