import { EVENTS_PATH } from '@sheaf/proto/channel/address';
import { addressOf } from '../endpoint.ts';
import type { HttpAnswer } from '../http.ts';
import type { CarrierContext, CarrierEvents, Claim } from './carrier.ts';
import { EventReader } from './event-reader.ts';
import { HttpCarrier } from './http-carrier.ts';
import { RequestFailed, ask } from './request.ts';

const NOTHING = new Uint8Array(0);

/** An event stream down, POST up. It takes the server's frames by asking for the stream. */
export class EventStreamCarrier extends HttpCarrier {
  readonly kind = 'sse';
  /** A POST of its own is dear: acknowledgements travel with others, or with the heartbeat. */
  readonly pace = { ackBytes: 256 * 1024, ackFrames: Infinity, ackMs: Infinity, beats: true };

  /** Connects. */
  constructor(context: CarrierContext, events: CarrierEvents) {
    super(context, events);
    void this.run((claim) => this.#read(claim));
  }

  /** Only the stream's own first event proves it. */
  async #read({ turn, received }: Claim): Promise<void> {
    const { signal } = this.uplink;
    const response = await ask(this.context, {
      address: addressOf(this.context.endpoint, EVENTS_PATH, { turn, received }),
      method: 'GET',
      type: 'text/event-stream',
      signal,
    });
    let start: number | null = received;
    await readEvents(response, signal, {
      heard: () => this.events.heard(),
      row: (row) => {
        this.events.frames(row, start);
        start = null;
      },
    });
    throw new RequestFailed({ why: 'lost' });
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
