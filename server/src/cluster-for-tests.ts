import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Y from 'yjs';
import type { Access } from './access/access.ts';
import type { Limits } from './limits.ts';
import { type Server, startServer } from './main.ts';
import { open, type Person, until, Wire } from './nodes-for-tests.ts';

/** What all nodes of a test have in common. */
export interface NodesOptions {
  readonly limits?: Partial<Limits>;
  /** So many have to have what is acknowledged. */
  readonly replicas?: number;
  /** Address of a database that they share. */
  readonly database?: string;
  readonly access?: Access;
}

/** A busy machine makes no node suspect another, or give up asking it; what is cut is dialled again soon. */
const PATIENT: Partial<Limits> = {
  peerAnswerMs: 60_000,
  peerSuspectMs: 60_000,
  peerDeadMs: 120_000,
  peerRetryMs: 100,
};

/** Nodes of one cluster in this process, and their people; `wires[a][b]` leads from a to b. */
export class Nodes implements AsyncDisposable {
  readonly servers: Server[] = [];
  readonly wires: Wire[][] = [];
  readonly folders: (string | null)[] = [];
  readonly #options: NodesOptions;
  readonly #stack = new AsyncDisposableStack();

  constructor(options: NodesOptions) {
    this.#options = options;
  }

  /** `count` nodes have wires; the first `start` of them are started, all unless told. */
  static async make(
    count: number,
    options: NodesOptions & { disks?: boolean; start?: number } = {},
  ): Promise<Nodes> {
    const nodes = new Nodes(options);
    for (let from = 0; from < count; from += 1) {
      const row: Wire[] = [];
      for (let to = 0; to < count; to += 1) row.push(nodes.#stack.use(await new Wire().listen()));
      nodes.wires.push(row);
      const folder = options.disks === true ? await mkdtemp(join(tmpdir(), 'sheaf-node-')) : null;
      nodes.folders.push(folder);
      if (folder !== null) nodes.#stack.defer(() => rm(folder, { recursive: true, force: true }));
    }
    for (let index = 0; index < (options.start ?? count); index += 1) await nodes.start(index);
    await nodes.linked();
    return nodes;
  }

  async start(index: number): Promise<Server> {
    const peers = (this.wires[index] ?? []).filter((_, to) => to !== index).map(({ peer }) => peer);
    const { limits, replicas = 1, database = null, access } = this.#options;
    const server = await startServer({
      data: this.folders[index] ?? null,
      database,
      cluster: { listen: { host: '127.0.0.1', port: 0 }, peers, node: null, tls: null, replicas },
      limits: { ...PATIENT, ...limits },
      ...(access === undefined ? {} : { access }),
    });
    this.#stack.use(server);
    this.servers[index] = server;
    for (const row of this.wires) {
      const wire = row[index];
      if (wire !== undefined) wire.target = server.clusterPort;
    }
    return server;
  }

  /** Resolves when all are linked with all. */
  async linked(): Promise<void> {
    for (const server of this.servers)
      await until(
        async () => (await metric(server, 'sheaf_cluster_links')) === this.servers.length - 1,
        'all are linked',
      );
  }

  /**
   * Resolves when two nodes that were just started, and have called each other for nothing else, are linked by the link that stays:
   * each dials the other, and one link takes the other's place (`Links.refuseSurplus`). What is written in that moment comes later,
   * by way of what both can read.
   */
  async settled(a: number, b: number): Promise<void> {
    const wires = this.between(a, b);
    const isSettled = (): boolean =>
      wires.every(({ used }) => used) && wires.filter(({ held }) => held).length === 1;
    await until(isSettled, 'of two links one has given way');
  }

  /** A node that runs. */
  server(index: number): Server {
    const server = this.servers[index];
    assert.ok(server !== undefined);
    return server;
  }

  /** Both ways between two nodes. */
  between(a: number, b: number): Wire[] {
    return [this.wires[a]?.[b], this.wires[b]?.[a]].filter((wire) => wire !== undefined);
  }

  /** Somebody opens a document on a node. */
  open(index: number, name: string, doc = new Y.Doc(), token = 'none'): Person {
    const person = open(this.servers[index]?.url ?? '', name, doc, token);
    this.#stack.use(person);
    return person;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

/** A figure of a server's /metrics. */
export async function metric(server: Server, name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}

/** Whether somebody is in, and everything is acknowledged. */
export const isSaved = ({ provider }: Person): boolean => provider.isSynced && provider.unsyncedChanges === 0;
