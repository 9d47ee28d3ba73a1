import { decodeFrames, encodeFrame } from '@sheaf/proto/channel/frame';
import { BadFrame } from '@sheaf/proto/channel/incoming';
import { ChannelSocket } from './channel-socket.ts';
import type { ChannelSocketOptions } from './channel-socket.ts';
import type { Environment, NativeWebSocket } from './environment.ts';
import { MemoryChoices } from './memory.ts';
import type { ChannelStatus } from './status.ts';
import { TestServer, TestServerSocket } from './test-server.ts';
import type { TestCarrier, TestChannel } from './test-server.ts';
import type { Signal } from './wake.ts';

/** How the network between a test's client and its server behaves. */
export interface Network {
  /** `silent`: it opens and moves nothing. `cut`: it works for `cutMs`. `first`, `none`: a server that knows no channels. */
  webSocket: 'ok' | 'refused' | 'hangs' | 'silent' | 'cut' | 'first' | 'none';
  cutMs: number;
  /** `html`: a portal answers everything with a page. `forgets`: POSTs are told that nothing ever came. */
  http: 'ok' | 'down' | 'hangs' | 'html' | 'draining' | 'busy' | 'forgets';
  /** `held`: a body comes when it has ended. */
  stream: 'ok' | 'held';
  /** Time of one way, ms. */
  latencyMs: () => number;
  /** The longest body that gets through, bytes. */
  bodyBytes: number;
  /** Whether the answer of this request is lost. */
  loses: () => boolean;
}

/** A world for one channel: a clock that only moves when told, a network, a server. */
export class World {
  now = 1_000_000_000;
  readonly server = new TestServer();
  readonly network: Network = {
    webSocket: 'ok',
    cutMs: 300,
    http: 'ok',
    stream: 'ok',
    latencyMs: () => 5,
    bodyBytes: Infinity,
    loses: () => false,
  };
  readonly choices = new MemoryChoices();
  /** Each request and WebSocket, as it was begun. */
  readonly requests: {
    readonly what: string;
    readonly at: number;
    readonly init: RequestInit | undefined;
  }[] = [];
  readonly environment: Environment;
  /** Numbers that it gives as random ones. */
  random: () => number = () => 0.5;
  readonly #sockets = new Set<FakeWebSocket>();
  readonly #streams = new Set<(error: Error) => void>();
  #timers: { at: number; order: number; fire: () => void }[] = [];
  #order = 0;
  #hidden = false;
  #secrets = 0;
  readonly #heard = new Set<(signal: Signal) => void>();

  constructor() {
    const isHidden = (): boolean => this.#hidden;
    this.environment = {
      now: () => this.now,
      timer: (fire, ms) => this.timer(fire, ms),
      random: () => this.random(),
      secret: (length) => new Uint8Array(length).fill((this.#secrets += 1)),
      fetch: (input, init) => this.#fetch(String(input), init),
      openWebSocket: (url, protocols) => {
        this.requests.push({ what: 'websocket', at: this.now, init: undefined });
        const socket = new FakeWebSocket(this, url, protocols);
        this.#sockets.add(socket);
        return socket;
      },
      signals: {
        get hidden() {
          return isHidden();
        },
        listen: (heard, signal) => {
          this.#heard.add(heard);
          signal.addEventListener('abort', () => this.#heard.delete(heard));
        },
      },
      choices: this.choices,
    };
  }

  /** Opens a socket, and writes down what it tells. */
  open(options: ChannelSocketOptions = {}, url = 'ws://sheaf.test/hocuspocus'): Opened {
    return new Opened(url, { ...options, environment: { ...this.environment, ...options.environment } });
  }

  signal(signal: Signal): void {
    if (signal === 'hidden' || signal === 'visible') this.#hidden = signal === 'hidden';
    for (const heard of [...this.#heard]) heard(signal);
  }

  timer(fire: () => void, ms: number): () => void {
    this.#order += 1;
    const timer = { at: this.now + ms, order: this.#order, fire };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Calls `act` after one way through the network. */
  later(act: () => void): void {
    this.timer(act, this.network.latencyMs());
  }

  /** Lets `ms` pass. */
  async run(ms: number): Promise<void> {
    const end = this.now + ms;
    await settle();
    for (;;) {
      const next = this.#timers
        .filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.now = Math.max(this.now, next.at);
      next.fire();
      await settle();
    }
    this.now = end;
  }

  /** Somebody sets the clock back; timers fire when they would have. */
  setBack(ms: number): void {
    this.now -= ms;
    for (const timer of this.#timers) timer.at -= ms;
  }

  /** The machine sleeps: time passes, and nothing happens. */
  sleep(ms: number): void {
    this.now += ms;
  }

  /** It sleeps, and timers stand still meanwhile: they end so much later. */
  standStill(ms: number): void {
    this.now += ms;
    for (const timer of this.#timers) timer.at += ms;
  }

  /** All that is connected is cut. */
  cut(): void {
    for (const socket of [...this.#sockets]) socket.cut();
    for (const fail of [...this.#streams]) fail(new TypeError('The network is gone.'));
  }

  /** The server's process ends, and all that it knew. */
  kill(): void {
    this.server.channels.clear();
    this.cut();
  }

  forget(socket: FakeWebSocket): void {
    this.#sockets.delete(socket);
  }

  async #fetch(address: string, init: RequestInit | undefined): Promise<Response> {
    const url = new URL(address);
    const what = url.pathname.split('/').at(-1) ?? '';
    this.requests.push({ what, at: this.now, init });
    const signal = init?.signal ?? null;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const fail = (error: Error): void => {
      this.#streams.delete(fail);
      reject(error);
    };
    this.#streams.add(fail);
    signal?.addEventListener('abort', () => fail(new DOMException('Aborted.', 'AbortError')));
    const answer = (response: Response): void => {
      if (this.network.loses()) return this.later(() => fail(new TypeError('The answer is lost.')));
      this.later(() => {
        this.#streams.delete(fail);
        resolve(response);
      });
    };
    // What was sent arrives whether or not its sender still waits.
    this.later(() => this.#serve(what, url, init, answer, fail));
    return promise;
  }

  #serve(
    what: string,
    url: URL,
    init: RequestInit | undefined,
    answer: (response: Response) => void,
    fail: (error: Error) => void,
  ): void {
    const { http } = this.network;
    if (http === 'hangs') return;
    if (http === 'down') return fail(new TypeError('Nobody listens.'));
    if (http === 'html')
      return answer(new Response('<p>Sign in</p>', { headers: { 'content-type': 'text/html' } }));
    if (http === 'draining')
      return answer(new Response('', { status: 503, headers: { 'retry-after': '4' } }));
    if (http === 'busy') return answer(new Response('', { status: 429 }));
    const body = init?.body instanceof Uint8Array ? init.body : new Uint8Array(0);
    if (body.length > this.network.bodyBytes) return answer(new Response('', { status: 413 }));
    if (what === 'open') return this.#opened(body, answer);
    const channel = this.server.find(new Headers(init?.headers).get('sheaf-channel') ?? '');
    const number = (name: string): number => Number(url.searchParams.get(name));
    const isTrial = what === 'events' && number('turn') === 0;
    const resumes = what === 'messages' || isTrial || channel?.canResume(number('received'));
    if (!channel || !resumes) return answer(new Response('', { status: 410 }));
    if (what === 'messages') return this.#messages(channel, number('from'), body, answer);
    if (!isTrial && !channel.mayTake(what === 'events' ? 'sse' : 'poll', number('turn')))
      return answer(new Response('', { status: 409 }));
    if (what === 'events') return this.#events(channel, number('turn'), number('received'), init, answer);
    const hold = url.searchParams.get('hold') !== '0';
    new TestPoll(this, channel, answer).start(number('turn'), number('received'), hold);
  }

  #opened(body: Uint8Array, answer: (response: Response) => void): void {
    const [hello] = decodeFrames(body);
    if (hello?.type !== 'hello') return answer(new Response('', { status: 400 }));
    const { channel, welcome } = this.server.meet(hello);
    answer(channel === null ? new Response('', { status: 410 }) : frames(welcome));
  }

  #messages(
    channel: TestChannel,
    from: number,
    body: Uint8Array,
    answer: (response: Response) => void,
  ): void {
    if (this.network.http === 'forgets')
      return answer(frames(encodeFrame({ type: 'ack', received: 0 }), 409));
    let status = 200;
    try {
      channel.receive(decodeFrames(body), from);
    } catch (thrown) {
      if (!(thrown instanceof BadFrame)) throw thrown;
      status = 409;
    }
    answer(frames(encodeFrame({ type: 'ack', received: channel.incoming.received }), status));
  }

  #events(
    channel: TestChannel,
    turn: number,
    received: number,
    init: RequestInit | undefined,
    answer: (response: Response) => void,
  ): void {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {
      highWaterMark: 1e9,
    });
    const writer = writable.getWriter();
    // What nobody reads is nobody's trouble.
    const ignore = (): undefined => undefined;
    const finish = (reason: Error | null): void =>
      void (reason === null ? writer.close() : writer.abort(reason)).catch(ignore);
    let ended = false;
    // One connection keeps the order of what it moves; a proxy that holds it back does so for as long as it lasts.
    const held: (() => void)[] | null = this.network.stream === 'held' ? [] : null;
    let at = 0;
    const inOrder = (act: () => void): void => {
      at = Math.max(at, this.now + this.network.latencyMs());
      this.timer(act, at - this.now);
    };
    const write = (chunk: Uint8Array): void => {
      const act = (): void => (ended ? undefined : void writer.write(chunk).catch(ignore));
      if (held) held.push(act);
      else inOrder(act);
    };
    const stop = (error: Error | null): void => {
      if (ended) return;
      this.#streams.delete(stop);
      if (channel.carrier === carrier) channel.carrier = null;
      if (!error) for (const act of held ?? []) act();
      ended = true;
      finish(error);
    };
    const carrier: TestCarrier = {
      kind: 'sse',
      send: (row, number) =>
        write(new TextEncoder().encode(`id: ${number}\ndata: ${Buffer.from(row).toString('base64')}\n\n`)),
      end: () => inOrder(() => stop(null)),
    };
    this.#streams.add(stop);
    init?.signal?.addEventListener('abort', () => stop(new DOMException('Aborted.', 'AbortError')));
    answer(new Response(readable, { headers: { 'content-type': 'text/event-stream' } }));
    carrier.send(this.server.welcome(true, channel), received);
    if (turn > 0) channel.take(carrier, turn, received);
  }
}

/** Turns of the event loop until nothing is left to do in this moment. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function frames(row: Uint8Array, status = 200): Response {
  return new Response(row.slice(), { status, headers: { 'content-type': 'application/octet-stream' } });
}

/** One poll: answered with what there is, or later. */
class TestPoll implements TestCarrier {
  readonly kind = 'poll';
  readonly #world: World;
  readonly #channel: TestChannel;
  readonly #answer: (response: Response) => void;
  #rows: Uint8Array[];
  #soon = false;
  #over = false;

  constructor(world: World, channel: TestChannel, answer: (response: Response) => void) {
    this.#world = world;
    this.#channel = channel;
    this.#answer = answer;
    this.#rows = [world.server.welcome(true, channel)];
  }

  start(turn: number, received: number, hold: boolean): void {
    this.#channel.take(this, turn, received);
    if (!hold) this.end();
    else this.#world.timer(() => this.end(), 15_000);
  }

  send(row: Uint8Array): void {
    if (this.#over) return;
    this.#rows.push(row);
    if (!this.#soon) this.#world.timer(() => this.end(), 0);
    this.#soon = true;
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#answer(frames(Buffer.concat(this.#rows)));
    this.#rows = [];
  }
}

/** A WebSocket of a browser, over a test's network. */
class FakeWebSocket implements NativeWebSocket {
  binaryType = 'blob';
  protocol = '';
  readonly extensions = '';
  readonly bufferedAmount = 0;
  readonly #world: World;
  readonly #listeners = new Map<string, ((event: never) => void)[]>();
  readonly #server: TestServerSocket;
  #state: 'connecting' | 'open' | 'closed' = 'connecting';
  /** A network keeps the order of what one connection moves. */
  #upAt = 0;
  #downAt = 0;

  constructor(world: World, _url: string, protocols: readonly string[]) {
    this.#world = world;
    this.#server = new TestServerSocket(
      world.server,
      (row) => this.#down(() => this.#dispatch('message', { data: Uint8Array.from(row).buffer })),
      (code) => this.#down(() => this.#closed(code, true)),
    );
    const { webSocket } = world.network;
    if (webSocket === 'hangs') return;
    const refused = webSocket === 'refused' || (webSocket === 'none' && protocols.length > 0);
    world.later(() => world.later(() => (refused ? this.#closed(1006, false) : this.#open(protocols))));
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(data: string | ArrayBuffer | ArrayBufferView<ArrayBuffer>): void {
    if (this.#state === 'connecting') throw new DOMException('Connecting.', 'InvalidStateError');
    const { webSocket } = this.#world.network;
    if (webSocket === 'silent' || this.#state === 'closed') return;
    // A server that knows no channels gives back what it gets.
    if (webSocket === 'first' || webSocket === 'none')
      return this.#down(() => this.#dispatch('message', { data }));
    if (!(data instanceof Uint8Array)) throw new TypeError('No bytes.');
    const row = Uint8Array.from(data);
    this.#upAt = Math.max(this.#upAt, this.#world.now + this.#world.network.latencyMs());
    this.#world.timer(() => {
      if (this.#state === 'open') this.#server.message(row);
    }, this.#upAt - this.#world.now);
  }

  close(): void {
    this.#server.gone();
    this.#world.later(() => this.#closed(1000, true));
  }

  cut(): void {
    this.#closed(1006, false);
  }

  #open(protocols: readonly string[]): void {
    if (this.#state !== 'connecting') return;
    const { webSocket, cutMs } = this.#world.network;
    this.#state = 'open';
    if (webSocket === 'first') this.protocol = protocols[0] ?? '';
    else if (webSocket !== 'none')
      this.protocol = protocols.find((name) => name === 'sheaf.channel.v1') ?? '';
    if (webSocket === 'cut') this.#world.timer(() => this.cut(), cutMs);
    this.#dispatch('open', {});
  }

  #down(act: () => void): void {
    this.#downAt = Math.max(this.#downAt, this.#world.now + this.#world.network.latencyMs());
    this.#world.timer(() => {
      if (this.#state === 'open') act();
    }, this.#downAt - this.#world.now);
  }

  #closed(code: number, wasClean: boolean): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#world.forget(this);
    this.#server.gone();
    if (!wasClean) this.#dispatch('error', {});
    this.#dispatch('close', { code, reason: '', wasClean });
  }

  #dispatch(type: string, event: object): void {
    // The listeners of each type were given with the type of its events.
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }
}

/** A channel's socket, with all that it told. */
export class Opened {
  readonly socket: ChannelSocket;
  readonly messages: string[] = [];
  readonly events: string[] = [];
  readonly statuses: ChannelStatus[] = [];
  closed: { code: number; reason: string; wasClean: boolean } | null = null;

  constructor(url: string, options: ChannelSocketOptions) {
    const onStatus = (status: ChannelStatus): void => void this.statuses.push(status);
    this.socket = new ChannelSocket(url, [], { ...options, onStatus });
    this.socket.addEventListener('open', () => this.events.push('open'));
    this.socket.addEventListener('error', () => this.events.push('error'));
    this.socket.addEventListener('message', (event) => {
      if (event instanceof MessageEvent) this.messages.push(new TextDecoder().decode(event.data));
    });
    this.socket.addEventListener('close', (event) => {
      if (!(event instanceof CloseEvent)) return;
      const { code, reason, wasClean } = event;
      this.events.push('close');
      this.closed = { code, reason, wasClean };
    });
  }

  send(text: string): void {
    this.socket.send(new TextEncoder().encode(text));
  }

  /** The carriers that it had, one after another. */
  get carriers(): string[] {
    const kinds = this.statuses.map(({ carrier }) => carrier ?? 'none');
    return kinds.filter((kind, at) => kind !== kinds[at - 1] && kind !== 'none');
  }
}
