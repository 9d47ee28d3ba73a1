import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@sheaf/server';
import type { Server, ServerOptions } from '@sheaf/server';

/** How a story's servers stand beside each other. */
export type Topology = 'one' | 'replicas' | 'shared';

/** The same, with what it takes: the address of an empty database. */
export type Form =
  { readonly topology: 'one' | 'replicas' } | { readonly topology: 'shared'; readonly database: string };

/** The form in which stories run that do not choose one: SHEAF_TEST_TOPOLOGY, one server unless told. */
export function chosenTopology(): Topology {
  const chosen = process.env['SHEAF_TEST_TOPOLOGY'] ?? 'one';
  if (chosen === 'one' || chosen === 'replicas' || chosen === 'shared') return chosen;
  throw new Error(`SHEAF_TEST_TOPOLOGY is "one", "replicas" or "shared", not "${chosen}".`);
}

/** What nodes in processes of their own are told to stand beside each other so. */
export function settingsOf(form: Form): Readonly<Record<string, string>> {
  return form.topology === 'shared' ? { SHEAF_DATABASE_URL: form.database } : {};
}

/** Servers of a story. */
const SERVERS: Readonly<Record<Topology, number>> = { one: 1, replicas: 3, shared: 2 };
/** Nodes find each other within, ms. */
const LINKED_MS = 20_000;
const LOOK_MS = 20;

/** The servers of one story's own, that can be stopped and started again at the same addresses. */
export interface Site extends AsyncDisposable {
  /** `http://HOST:PORT` of the first, without a slash at the end. */
  readonly url: string;
  /** Of all. */
  readonly urls: readonly string[];
  /** Of the last: where there are several, another than the first. */
  readonly otherUrl: string;
  stop(): Promise<void>;
  /** Starts them again at their addresses, with what they kept; `changed` is otherwise from now on. */
  start(changed?: ServerOptions): Promise<void>;
}

/** One server, which keeps its address. */
class Place {
  #options: ServerOptions;
  readonly #form: Form;
  #server: Server | null = null;
  #port = 0;
  #clusterPort = 0;

  constructor(options: ServerOptions, form: Form) {
    this.#options = options;
    this.#form = form;
  }

  /** Where other nodes call it; null before it was started for the first time. */
  get clusterPort(): number | null {
    return this.#clusterPort === 0 ? null : this.#clusterPort;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  async start(others: readonly number[], changed: ServerOptions = {}): Promise<void> {
    this.#options = { ...this.#options, ...changed };
    const host = '127.0.0.1';
    const listen = { host, port: this.#clusterPort };
    const peers = others.map((port) => ({ kind: 'address' as const, host, port }));
    const cluster = { listen, peers, node: null, tls: null };
    const { topology } = this.#form;
    this.#server = await startServer({
      ...this.#options,
      ...(topology === 'one' ? {} : { cluster }),
      ...(topology === 'shared' ? { database: this.#form.database } : {}),
      port: this.#port,
    });
    this.#port = this.#server.port;
    this.#clusterPort = this.#server.clusterPort ?? 0;
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  async links(): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return Number(/^sheaf_cluster_links (\d+)$/m.exec(text)?.[1]);
  }
}

/**
 * Starts a story's servers on free ports. Without `options.data` they are empty, and their folders go with them; with it,
 * the first has that folder.
 */
export async function startSite(options: ServerOptions, form: Form): Promise<Site> {
  await using cleanUp = new AsyncDisposableStack();
  const places: Place[] = [];
  for (let at = 0; at < SERVERS[form.topology]; at += 1) {
    const given = at === 0 ? (options.data ?? null) : null;
    const data = given ?? (await mkdtemp(join(tmpdir(), 'sheaf-e2e-')));
    if (given === null) cleanUp.defer(() => rm(data, { recursive: true, force: true }));
    places.push(new Place({ ...options, data }, form));
  }
  const stop = async (): Promise<void> => void (await Promise.all(places.map((place) => place.stop())));
  cleanUp.defer(stop);
  await startAll(places);
  const kept = cleanUp.move();
  return {
    url: places[0]?.url ?? '',
    urls: places.map(({ url }) => url),
    otherUrl: places.at(-1)?.url ?? '',
    stop,
    start: (changed) => startAll(places, changed),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function startAll(places: readonly Place[], changed: ServerOptions = {}): Promise<void> {
  for (const place of places) {
    const ports = places.filter((other) => other !== place).map(({ clusterPort }) => clusterPort);
    await place.start(
      ports.filter((port) => port !== null),
      changed,
    );
  }
  if (places.length === 1) return;
  const until = Date.now() + LINKED_MS;
  for (const place of places)
    while ((await place.links()) < places.length - 1) {
      if (Date.now() > until) throw new Error('The nodes did not find each other.');
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
}
