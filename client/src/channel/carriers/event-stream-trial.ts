import { EVENTS_PATH } from '@sheaf/proto/channel/address';
import { addressOf } from '../endpoint.ts';
import type { Row } from '../link.ts';
import type { Carrier, CarrierContext, CarrierEvents } from './carrier.ts';
import { readEvents } from './event-stream.ts';
import { reportEnd } from './http-carrier.ts';
import { RequestFailed, ask } from './request.ts';

/**
 * An event stream of turn 0, which takes nothing: its first event shows that events get through, while polls go on. One
 * that took the channel to find out would leave it without a way down wherever a proxy holds events back.
 */
export class EventStreamTrial implements Carrier {
  readonly kind = 'trial';
  readonly pace = { ackBytes: Infinity, ackFrames: Infinity, ackMs: Infinity, beats: false };
  readonly writable = false;
  readonly bufferedBytes = 0;
  readonly #lifetime = new AbortController();

  /** Connects. */
  constructor(context: CarrierContext, events: CarrierEvents) {
    void this.#run(context, events);
  }

  /** It never carries frames. */
  take(): void {}

  send(_row: Row): void {}

  stop(): void {
    this.#lifetime.abort();
  }

  async #run(context: CarrierContext, events: CarrierEvents): Promise<void> {
    const { signal } = this.#lifetime;
    try {
      const response = await ask(context, {
        address: addressOf(context.endpoint, EVENTS_PATH, { turn: 0, received: 0 }),
        method: 'GET',
        type: 'text/event-stream',
        signal,
      });
      await readEvents(response, signal, { heard: () => undefined, row: (row) => events.frames(row, null) });
      throw new RequestFailed({ why: 'lost' });
    } catch (thrown) {
      if (signal.aborted) return;
      this.stop();
      reportEnd(events, thrown);
    }
  }
}
