import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from '../../../server/src/free-port-for-tests.ts';
import { NodeProcess } from '../../../server/src/node-process-for-tests.ts';

/** Nodes link within, ms. */
const LINKED_MS = 10_000;

/** A node that is measured. */
export interface MeasuredNode {
  readonly pid: number;
  readonly port: number;
  /** A number of its `/metrics`; NaN if it has none of that name. */
  metric(name: string): Promise<number>;
}

/** Starts so many nodes as a person would, with empty folders, each linked with each. One has no cluster at all. */
export async function startNodes(
  count: number,
): Promise<{ readonly nodes: readonly MeasuredNode[] } & AsyncDisposable> {
  await using cleanUp = new AsyncDisposableStack();
  const ports = await freePorts(count);
  const peers = ports.map((port) => `127.0.0.1:${String(port)}`).join(',');
  const started: NodeProcess[] = [];
  for (const port of ports) {
    const folder = await mkdtemp(join(tmpdir(), 'sheaf-bench-'));
    cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
    const env = { SHEAF_CLUSTER_LISTEN: `127.0.0.1:${String(port)}`, SHEAF_CLUSTER_PEERS: peers };
    started.push(cleanUp.use(new NodeProcess({ folder, env: count === 1 ? {} : env })));
  }
  await Promise.all(started.map((node) => node.start()));
  const nodes = started.map(measured);
  const end = performance.now() + LINKED_MS;
  for (const node of count === 1 ? [] : nodes)
    while ((await node.metric('sheaf_cluster_links')) < count - 1) {
      if (performance.now() > end) throw new Error('The nodes did not find each other.');
      await wait(20);
    }
  const kept = cleanUp.move();
  return { nodes, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

function measured({ pid, url }: NodeProcess): MeasuredNode {
  if (pid === null) throw new Error('The node does not run.');
  return {
    pid,
    port: Number(new URL(url).port),
    async metric(name) {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1] ?? NaN);
    },
  };
}
