import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Limits } from './limits.ts';
import { type Server, startServer } from './main.ts';
import { open, type Person, until, Wire } from './nodes-for-tests.ts';

/** Nodes of one cluster in this process, and their people; `wires[a][b]` leads from a to b. */
class Nodes implements AsyncDisposable {
  readonly servers: Server[] = [];
  readonly wires: Wire[][] = [];
  readonly folders: (string | null)[] = [];
  readonly #limits: Partial<Limits>;
  readonly #stack = new AsyncDisposableStack();

  constructor(limits: Partial<Limits>) {
    this.#limits = limits;
  }

  /** `count` nodes have wires; the first `start` of them are started, all unless told. */
  static async make(
    count: number,
    options: { disks?: boolean; limits?: Partial<Limits>; start?: number } = {},
  ): Promise<Nodes> {
    const nodes = new Nodes({ peerRetryMs: 100, ...options.limits });
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
    const server = await startServer({
      data: this.folders[index] ?? null,
      cluster: { listen: { host: '127.0.0.1', port: 0 }, peers, node: null, tls: null },
      limits: this.#limits,
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

  /** Both ways between two nodes. */
  between(a: number, b: number): Wire[] {
    return [this.wires[a]?.[b], this.wires[b]?.[a]].filter((wire) => wire !== undefined);
  }

  /** Somebody opens a document on a node. */
  open(index: number, name: string): Person {
    const person = open(this.servers[index]?.url ?? '', name);
    this.#stack.use(person);
    return person;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

async function metric(server: Server, name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}

const isSaved = ({ provider }: Person): boolean => provider.isSynced && provider.unsyncedChanges === 0;
const textOf = ({ text }: Person): string => text.toJSON();
const seen = ({ provider }: Person): number => provider.awareness?.getStates().size ?? 0;
const same = (people: readonly Person[]): boolean => new Set(people.map(textOf)).size === 1;

async function documents(server: Server): Promise<string[]> {
  const url = `${server.url}/sheaf.documents.v1.DocumentService/ListDocuments`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  // The shape is the contract's.
  const { documents: listed = [] } = (await answer.json()) as { documents?: { name: string }[] };
  return listed.map(({ name }) => name).toSorted();
}

test('REPL-1 people on three nodes write into one document, and see each other', async () => {
  await using nodes = await Nodes.make(3);
  const people = nodes.servers.map((_, at) => nodes.open(at, 'plan'));
  await until(() => people.every(isSaved), 'all are in');
  people.forEach(({ provider }, at) => provider.awareness?.setLocalStateField('name', `p${at}`));
  people.forEach(({ text }, at) => text.insert(0, `from ${at} `));
  const all = (text: string): boolean =>
    ['from 0 ', 'from 1 ', 'from 2 '].every((part) => text.includes(part));
  await until(() => people.every((person) => all(textOf(person))), 'everybody has all');
  assert.ok(same(people));
  await until(() => people.every(isSaved), 'all is saved');
  await until(() => people.every((person) => seen(person) === 3), 'everybody is seen');
  people[0]?.[Symbol.dispose]();
  await until(() => people.slice(1).every((person) => seen(person) === 2), 'one has left');
  for (const server of nodes.servers) assert.equal(await metric(server, 'sheaf_cluster_failures_total'), 0);
});

test('REPL-8 a cut link heals within 5 s: text, deletes, deletions and people', async (context) => {
  await using nodes = await Nodes.make(2);
  const [a, b] = [nodes.open(0, 'plan'), nodes.open(1, 'plan')];
  const doomed = nodes.open(0, 'doomed');
  doomed.text.insert(0, 'x');
  a.text.insert(0, 'one two three');
  await until(() => textOf(b) === 'one two three' && [a, b, doomed].every(isSaved), 'both have it');
  for (const wire of nodes.between(0, 1)) wire.cut();
  await until(
    async () => (await metric(nodes.servers[0] as Server, 'sheaf_cluster_links')) === 0,
    'it is cut',
  );
  a.text.insert(0, 'zero ');
  b.text.delete(3, 4);
  const more = nodes.open(1, 'only there');
  more.text.insert(0, 'new');
  const url = `${nodes.servers[1]?.url}/sheaf.documents.v1.DocumentService/DeleteDocument`;
  await until(() => [a, b, more].every(isSaved), 'each side saves');
  const deleted = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"doomed"}',
  });
  assert.equal(deleted.status, 200);
  assert.notEqual(textOf(a), textOf(b));
  for (const wire of nodes.between(0, 1)) wire.restore();
  const took = await until(() => textOf(a) === 'zero one three' && same([a, b]), 'they are equal', 5_000);
  await until(
    async () => (await documents(nodes.servers[0] as Server)).join() === 'only there,plan',
    'documents',
    5_000,
  );
  context.diagnostic(`equal ${Math.round(took)} ms after the heal`);
});

test('REPL-9 what was called saved on a node that is killed is on the others, and people go on there', async () => {
  await using nodes = await Nodes.make(3, { disks: true });
  const [a, b] = [nodes.open(0, 'plan'), nodes.open(1, 'plan')];
  a.text.insert(0, 'kept');
  await until(() => textOf(b) === 'kept' && isSaved(a), 'it is saved');
  await nodes.servers[0]?.stop();
  b.text.insert(4, ' and more');
  await until(() => isSaved(b), 'the others go on');
  await nodes.start(0);
  const back = nodes.open(0, 'plan');
  await until(() => textOf(back) === 'kept and more', 'the node has caught up', 5_000);
});

test('REPL-10 a node with an empty disk gets everything, open or not', async () => {
  await using nodes = await Nodes.make(3, { start: 2 });
  const large = 'a long paragraph '.repeat(200_000);
  const person = nodes.open(0, 'large');
  person.text.insert(0, large);
  for (let at = 0; at < 30; at += 1) {
    const other = nodes.open(at % 2, `note ${at}`);
    other.text.insert(0, `note ${at}`);
    await until(() => isSaved(other), 'it is saved');
    other[Symbol.dispose]();
  }
  await until(() => isSaved(person), 'the large one is saved', 20_000);
  await nodes.start(2);
  await until(
    async () => (await documents(nodes.servers[2] as Server)).length === 31,
    'all documents',
    10_000,
  );
  for (const wire of [...nodes.between(0, 2), ...nodes.between(1, 2)]) wire.cut();
  const [there, note] = [nodes.open(2, 'large'), nodes.open(2, 'note 7')];
  await until(() => textOf(there) === large && textOf(note) === 'note 7', 'they are whole', 20_000);
});

test('REPL-6 a link that falls behind tells what to fetch instead of growing', async () => {
  await using nodes = await Nodes.make(2, { limits: { peerQueueBytes: 200_000 } });
  const [a, b] = [nodes.open(0, 'plan'), nodes.open(1, 'plan')];
  await until(() => [a, b].every(isSaved), 'both are in');
  for (const wire of nodes.between(0, 1)) wire.silence();
  for (let at = 0; at < 300; at += 1) {
    a.text.insert(0, 'x'.repeat(50_000));
    await new Promise<void>((resolve) => setImmediate(resolve));
    if ((await metric(nodes.servers[0] as Server, 'sheaf_cluster_dirty_documents')) > 0) break;
  }
  assert.ok((await metric(nodes.servers[0] as Server, 'sheaf_cluster_dirty_documents')) > 0);
  for (const wire of nodes.between(0, 1)) wire.restore();
  await until(() => same([a, b]), 'they are equal', 10_000);
});
