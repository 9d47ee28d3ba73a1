import type { Pace, Row } from '../link.ts';
import type { CarrierKind } from '../rung.ts';
import type { Carrier, CarrierContext, CarrierEvents, Claim } from './carrier.ts';
import { BadEvent } from './event-reader.ts';
import { RequestFailed } from './request.ts';
import { Uplink } from './uplink.ts';

/** What carriers over HTTP share: POSTs up, a beginning by `open`, and how they end. They differ in the way down. */
export abstract class HttpCarrier implements Carrier {
  abstract readonly kind: CarrierKind;
  abstract readonly pace: Pace;
  protected readonly context: CarrierContext;
  protected readonly events: CarrierEvents;
  protected readonly uplink: Uplink;

  constructor(context: CarrierContext, events: CarrierEvents) {
    this.context = context;
    this.events = events;
    this.uplink = new Uplink(context, events);
  }

  get writable(): boolean {
    return this.uplink.writable;
  }

  get bufferedBytes(): number {
    return this.uplink.bufferedBytes;
  }

  /** The first request down took the server's frames. */
  take(): void {}

  send(row: Row): void {
    this.uplink.send(row);
  }

  stop(): void {
    this.uplink.stop();
  }

  /** Shows that there is a way to the channel, and reads what comes down it, by `read`, until that throws. */
  protected async run(read: (claim: Claim) => Promise<void>): Promise<void> {
    const { signal } = this.uplink;
    try {
      await this.uplink.open();
      if (signal.aborted) return;
      const claim = this.context.claim();
      this.events.opened();
      await read(claim);
    } catch (thrown) {
      if (signal.aborted) return;
      this.uplink.stop();
      reportEnd(this.events, thrown);
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
