import { CHANNEL_VERSION, ID_BYTES, KEY_BYTES, encodeFrame } from '@sheaf/proto/channel/frame';
import { Asked } from './asked.ts';
import type { Carrier, CarrierContext, CarrierEvents, Claim } from './carriers/carrier.ts';
import type { CreateCarrier } from './carriers/create.ts';
import { headersOf } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import type { Environment } from './environment.ts';
import type { Link } from './link.ts';
import type { CarrierKind } from './rung.ts';

/** A carrier that runs. */
export interface Running {
  readonly id: number;
  readonly carrier: Carrier;
  /** Number of the last counted frame that it brought. */
  position: number;
}

/** What is told of carriers, each time with the one that it is about. */
export type Heard = {
  readonly [K in keyof CarrierEvents]: (running: Running, ...told: Parameters<CarrierEvents[K]>) => void;
};

/** What the carriers of a channel are made of. */
export interface CarrierSetOptions {
  readonly environment: Environment;
  readonly endpoint: Endpoint;
  /** The subprotocols that the program asked for. */
  readonly protocols: readonly string[];
  /** Makes carriers. */
  readonly create: CreateCarrier;
  readonly link: Link;
  /** ms of the wall clock. */
  readonly now: () => number;
  readonly heard: Heard;
}

/**
 * The carriers that run for one channel, and which of them it uses: what they show of the channel to the server (its id and
 * key, turns, the numbers from which they ask on), and what of them is still to be listened to.
 */
export class CarrierSet {
  /** Headers of each request over HTTP. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #options: CarrierSetOptions;
  readonly #id: Uint8Array;
  readonly #key: Uint8Array;
  readonly #running = new Map<number, Running>();
  readonly #asked = new Asked();
  #current: Running | null = null;
  #turn = 0;
  #openedOverHttp = false;

  constructor(options: CarrierSetOptions) {
    const { endpoint, environment } = options;
    this.#options = options;
    this.#id = environment.secret(ID_BYTES);
    this.#key = environment.secret(KEY_BYTES);
    this.headers = headersOf(endpoint, this.#id, this.#key);
  }

  /** The one that the channel uses; null while it has none. */
  get current(): Running | null {
    return this.#current;
  }

  /** Starts one. Throws what the browser throws for an address that it refuses. */
  start(id: number, kind: CarrierKind): void {
    const carrier = this.#options.create(kind, this.#contextOf(id), this.#eventsOf(id));
    this.#running.set(id, { id, carrier, position: 0 });
  }

  /** Lets the channel use one; null if it does not run. */
  use(id: number): Running | null {
    const running = this.#running.get(id) ?? null;
    if (running) this.#current = running;
    return running;
  }

  /** Ends one; nothing is heard of it any more. */
  stop(id: number): void {
    this.release(id)?.carrier.stop();
  }

  stopAll(): void {
    for (const id of [...this.#running.keys()]) this.stop(id);
  }

  /** Listens to one no more, without ending it. */
  release(id: number): Running | undefined {
    const running = this.#running.get(id);
    this.#running.delete(id);
    if (this.#current === running) this.#current = null;
    return running;
  }

  /** The server brings frames behind number `start`, which were asked for. */
  answered(running: Running, start: number): void {
    running.position = start;
    this.#asked.answered(running.id);
    this.holdBack(this.#options.now());
  }

  /** Lets the link acknowledge nothing that is asked for and was not answered (SPEC CH-16). */
  holdBack(now: number): void {
    this.#options.link.holdAt(this.#asked.limit(now));
  }

  /** The clock was set back by `ms`. */
  setBack(ms: number): void {
    this.#asked.setBack(ms);
  }

  #contextOf(id: number): CarrierContext {
    const { environment, endpoint, protocols } = this.#options;
    return {
      environment,
      endpoint,
      headers: this.headers,
      protocols,
      hello: () => this.#hello(),
      opened: () => this.#openedOverHttp,
      claim: () => this.#claim(id),
      ask: (turn) => this.#ask(id, turn),
    };
  }

  #eventsOf(id: number): CarrierEvents {
    const { heard } = this.#options;
    const to =
      <A extends unknown[]>(act: (running: Running, ...told: A) => void) =>
      (...told: A): void => {
        const running = this.#running.get(id);
        if (running) act(running, ...told);
      };
    return {
      opened: to(heard.opened),
      frames: to(heard.frames),
      heard: to(heard.heard),
      answered: to((running, bytes: Uint8Array) => {
        this.#openedOverHttp = true;
        heard.answered(running, bytes);
      }),
      writable: to(heard.writable),
      unsent: to(heard.unsent),
      tooLarge: to(heard.tooLarge),
      gone: to(heard.gone),
      plain: to(heard.plain),
      died: to((running, ...told: Parameters<CarrierEvents['died']>) => {
        this.release(id);
        heard.died(running, ...told);
      }),
    };
  }

  #hello(): Uint8Array {
    const { received, acknowledged: from } = this.#options.link;
    const [id, key] = [this.#id, this.#key];
    return encodeFrame({ type: 'hello', version: CHANNEL_VERSION, id, key, turn: 0, received, from });
  }

  #claim(id: number): Claim {
    this.#turn += 1;
    return {
      turn: this.#turn,
      received: this.#ask(id, this.#turn),
      from: this.#options.link.acknowledged,
    };
  }

  /** A carrier asks for what follows the number that this returns. */
  #ask(id: number, turn: number): number {
    const { link } = this.#options;
    const received = link.acknowledgeable;
    const now = this.#options.now();
    this.#asked.ask(id, { turn, received }, now);
    this.holdBack(now);
    link.told(received);
    link.said(now);
    return received;
  }
}
