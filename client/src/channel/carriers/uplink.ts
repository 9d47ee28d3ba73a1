import { FRAMES_TYPE, MESSAGES_PATH, OPEN_PATH } from '@sheaf/proto/channel/address';
import { addressOf } from '../endpoint.ts';
import type { Row } from '../link.ts';
import type { CarrierContext, CarrierEvents } from './carrier.ts';
import { RequestFailed, ask, read } from './request.ts';
import type { ChannelRequest } from './request.ts';

/** A POST that has no answer is given up after, ms: longer than a server may hold one while it asks who this is. */
const POST_MS = 35_000;
/** `open` has an answer within, ms, or there is no way. */
const OPEN_MS = 10_000;
/** Waits before a POST is repeated, ms, each shortened at random by up to its half; after the last the carrier ends. */
const REPEATS_MS = [250, 500, 1_000, 2_000] as const;

/** The client's frames over HTTP: one POST at a time, each with all that waits. */
export class Uplink {
  readonly #context: CarrierContext;
  readonly #events: CarrierEvents;
  readonly #lifetime = new AbortController();
  /** Requests that are under way. */
  readonly #requests = new Set<AbortController>();
  #busy = false;
  #failures = 0;
  /** The `from` of the last POST, if it left a gap. */
  #gapAt: number | null = null;
  #bytes = 0;

  constructor(context: CarrierContext, events: CarrierEvents) {
    this.#context = context;
    this.#events = events;
  }

  get writable(): boolean {
    return !this.#busy && !this.#lifetime.signal.aborted;
  }

  get bufferedBytes(): number {
    return this.#bytes;
  }

  get signal(): AbortSignal {
    return this.#lifetime.signal;
  }

  /** Makes the channel, or shows that it is there; at most once for a channel. Throws RequestFailed. */
  async open(): Promise<void> {
    if (this.#context.opened()) return;
    const answer = await this.request(OPEN_MS, (signal) => ({
      address: addressOf(this.#context.endpoint, OPEN_PATH),
      method: 'POST',
      body: this.#context.hello(),
      type: FRAMES_TYPE,
      signal,
    }));
    if (!this.signal.aborted) this.#events.answered(answer);
  }

  /** Sends a request that ends with the carrier, or after `ms`; the answer's body. Throws RequestFailed. */
  async request(ms: number, make: (signal: AbortSignal) => ChannelRequest): Promise<Uint8Array> {
    const limit = new AbortController();
    const cancel = this.#context.environment.timer(() => limit.abort(), ms);
    // A signal that follows two others (`AbortSignal.any`) makes each POST of a browser 0.1 ms slower.
    this.#requests.add(limit);
    if (this.signal.aborted) limit.abort();
    try {
      return await read(await ask(this.#context, make(limit.signal)));
    } finally {
      cancel();
      this.#requests.delete(limit);
    }
  }

  send(row: Row): void {
    this.#busy = true;
    this.#bytes = row.bytes.length;
    void this.#post(row);
  }

  stop(): void {
    this.#lifetime.abort();
    for (const request of this.#requests) request.abort();
  }

  async #post(row: Row): Promise<void> {
    try {
      const answer = await this.request(POST_MS, (signal) => ({
        address: addressOf(this.#context.endpoint, MESSAGES_PATH, { from: row.from }),
        method: 'POST',
        body: row.bytes,
        type: FRAMES_TYPE,
        signal,
      }));
      this.#failures = 0;
      this.#gapAt = null;
      this.#settle(answer);
    } catch (thrown) {
      if (this.signal.aborted) return;
      if (!(thrown instanceof RequestFailed)) throw thrown;
      this.#failed(thrown, row);
    }
  }

  #settle(answer: Uint8Array): void {
    if (this.signal.aborted) return;
    this.#busy = false;
    this.#bytes = 0;
    this.#events.answered(answer);
    if (this.writable) this.#events.writable();
  }

  #failed(failure: RequestFailed, { from, bytes }: Row): void {
    if (failure.why === 'gap' && from !== this.#gapAt) this.#failures = 0;
    this.#gapAt = failure.why === 'gap' ? from : null;
    const wait = REPEATS_MS[this.#failures];
    this.#failures += 1;
    switch (failure.why) {
      case 'gone':
      case 'refused':
        return this.#events.gone();
      case 'gap':
        return this.#gap(failure.body, wait);
      case 'too-large':
        this.#busy = false;
        this.#bytes = 0;
        return this.#events.tooLarge(bytes.length);
      case 'unavailable':
      case 'foreign':
        return this.#events.died(failure.why, failure.retryAfterMs);
      case 'busy':
      case 'lost':
      case 'unreachable':
        if (wait === undefined) return this.#events.died('lost', failure.retryAfterMs);
        return this.#repeatAfter(wait * (1 - this.#context.environment.random() / 2));
    }
  }

  /** The server lacks what comes before: it said what it has. One that says the same again and again has lost it. */
  #gap(acknowledgement: Uint8Array, wait: number | undefined): void {
    if (wait === undefined) return this.#events.gone();
    this.#events.answered(acknowledgement);
    if (this.signal.aborted) return;
    if (this.#failures > 1) return this.#repeatAfter(wait);
    this.#busy = false;
    this.#bytes = 0;
    this.#events.unsent();
  }

  #repeatAfter(ms: number): void {
    const cancel = this.#context.environment.timer(() => {
      this.signal.removeEventListener('abort', cancel);
      this.#busy = false;
      this.#bytes = 0;
      this.#events.unsent();
    }, ms);
    this.signal.addEventListener('abort', cancel, { once: true });
  }
}
