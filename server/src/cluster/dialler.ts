import { Code, ConnectError } from '@connectrpc/connect';
import { SheafError } from '../error.ts';
import { type BatchInit, type Links, NODE_HEADER } from './links.ts';
import type { NodeId } from './message.ts';
import { parseNodeId } from './identity.ts';
import { type Calling, formatAddress, type NodeAddress, openRemote } from './remote.ts';

/** What a dialler needs. */
export interface DiallerOptions extends Calling {
  readonly address: NodeAddress;
  readonly own: NodeId;
  readonly links: Links;
  /** This node answers at the address. */
  readonly found: (node: NodeId, address: NodeAddress) => void;
  readonly report: (words: string, error: SheafError) => void;
}

/** Failures that another try won't mend soon: told once. */
const LASTING: ReadonlySet<Code> = new Set([
  Code.Unauthenticated,
  Code.PermissionDenied,
  Code.FailedPrecondition,
  Code.Unimplemented,
]);

/** Keeps a link to one address: dials until there is one, and again when it is lost. */
export class Dialler {
  readonly #options: DiallerOptions;
  readonly #stopping = new AbortController();
  #node: NodeId | null = null;
  #told: Code | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: DiallerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const isSelf = this.#node === this.#options.own;
      const isLinked = this.#node !== null && this.#options.links.linkTo(this.#node) !== null;
      if (!isSelf && !isLinked) await this.#dial();
      await this.#pause();
    }
  }

  /** Half to one and a half of the limit, so that nodes do not dial one another in step. */
  #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { signal } = this.#stopping;
    if (signal.aborted) return Promise.resolve();
    const timer = setTimeout(resolve, this.#options.limits.peerRetryMs * (0.5 + Math.random()));
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
    return promise;
  }

  /** One link, from the greeting to its end. */
  async #dial(): Promise<void> {
    const { address, links, limits } = this.#options;
    const remote = openRemote(address, this.#options);
    // A stream whose session is destroyed need not hear of it; one that is aborted does.
    const ending = new AbortController();
    const end = (): void => {
      ending.abort();
      remote.close();
    };
    this.#stopping.signal.addEventListener('abort', end, { once: true });
    const late = setTimeout(end, limits.peerAnswerMs);
    const { promise: greeted, resolve: goOn } = Promise.withResolvers<ReturnType<Links['add']> | null>();
    async function* requests(): AsyncGenerator<{ batch: BatchInit }> {
      yield links.greeting();
      const link = await greeted;
      if (link !== null) yield* link.outbox;
    }
    let linked: number | null = null;
    try {
      const answers = remote.client.link(requests(), { signal: ending.signal })[Symbol.asyncIterator]();
      const first = await answers.next();
      const certificate = remote.certificate();
      const peer = await links.greet(first.value?.batch, { dialled: true, certificate });
      clearTimeout(late);
      this.#found(peer.node);
      // From here on whoever ends the links lets go out what is being sent.
      this.#stopping.signal.removeEventListener('abort', end);
      const link = links.add(peer, true, end);
      linked = link.id;
      goOn(link);
      this.#told = null;
      for (let next = await answers.next(); next.done !== true; next = await answers.next())
        if (next.value.batch !== undefined) link.receive(next.value.batch);
    } catch (thrown) {
      this.#failed(thrown);
    } finally {
      clearTimeout(late);
      goOn(null);
      remote.close();
      this.#stopping.signal.removeEventListener('abort', end);
      if (linked !== null) links.remove(linked);
    }
  }

  #found(node: NodeId): void {
    this.#node = node;
    this.#options.found(node, this.#options.address);
  }

  #failed(thrown: unknown): void {
    const error = ConnectError.from(thrown);
    const refuser = error.metadata.get(NODE_HEADER);
    if (refuser !== null && error.code === Code.AlreadyExists) this.#found(parseNodeId(refuser));
    const lasting = LASTING.has(error.code) || thrown instanceof SheafError;
    if (!lasting || this.#told === error.code) return;
    this.#told = error.code;
    const words = `Node at ${formatAddress(this.#options.address)}`;
    this.#options.report(words, SheafError.from(thrown));
  }
}
