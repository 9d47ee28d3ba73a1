import { FRAMES_TYPE, POLL_PATH } from '@sheaf/proto/channel/address';
import { addressOf } from '../endpoint.ts';
import type { CarrierContext, CarrierEvents } from './carrier.ts';
import { HttpCarrier } from './http-carrier.ts';

/** A poll has an answer within, ms: longer than a server holds one. */
const POLL_MS = 25_000;
/** An `idle` one asks this often, ms. */
const IDLE_MS = 15_000;
/** After an answer that came at once and brought nothing that counts, the next poll waits, ms: nobody may make it spin. */
const PAUSE_MS = 100;

/**
 * Requests that wait for frames, POST up; for proxies that hold back an answer until it ends. `idle`: requests that are
 * answered at once, now and then.
 */
export class PollCarrier extends HttpCarrier {
  readonly kind: 'poll' | 'idle';
  /** Each request tells what came, and that the client is there. */
  readonly pace = { ackBytes: Infinity, ackFrames: Infinity, ackMs: Infinity, beats: false };
  /** What the last poll that could wait has asked for, and when. */
  #last = { received: -1, at: 0 };
  #hurry: () => void = () => {};

  /** Connects. */
  constructor(kind: 'poll' | 'idle', context: CarrierContext, events: CarrierEvents) {
    super(context, events);
    this.kind = kind;
    void this.run(({ turn }) => this.#ask(turn));
  }

  hurry(): void {
    this.#hurry();
  }

  async #ask(turn: number): Promise<void> {
    // The first is answered at once: it is the proof.
    let parameters: { hold?: number } = { hold: 0 };
    while (!this.uplink.signal.aborted) {
      await this.#poll(turn, parameters);
      if (this.kind === 'idle') await this.#wait(IDLE_MS);
      else parameters = {};
    }
  }

  async #poll(turn: number, parameters: { hold?: number }): Promise<void> {
    const received = this.context.ask(turn);
    if (parameters.hold === undefined && this.#isTooSoon(received)) await this.#wait(PAUSE_MS);
    if (this.uplink.signal.aborted) return;
    const frames = await this.uplink.request(POLL_MS, (signal) => ({
      address: addressOf(this.context.endpoint, POLL_PATH, { turn, received, ...parameters }),
      method: 'POST',
      type: FRAMES_TYPE,
      signal,
    }));
    if (!this.uplink.signal.aborted) this.events.frames(frames, received);
  }

  #isTooSoon(received: number): boolean {
    const at = this.context.environment.now();
    const { received: before, at: then } = this.#last;
    const tooSoon = received === before && at >= then && at < then + PAUSE_MS;
    this.#last = { received, at: tooSoon ? at + PAUSE_MS : at };
    return tooSoon;
  }

  #wait(ms: number): Promise<void> {
    const { signal } = this.uplink;
    return new Promise((resolve) => {
      const stop = (): void => {
        cancel();
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const cancel = this.context.environment.timer(stop, ms);
      signal.addEventListener('abort', stop, { once: true });
      if (this.kind === 'idle') this.#hurry = stop;
    });
  }
}
