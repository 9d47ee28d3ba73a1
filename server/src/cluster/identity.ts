import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { SheafError } from '../error.ts';
import type { Incarnation, NodeId } from './message.ts';

const FILE = 'cluster.json';
const CLUSTER_BYTES = 16;
const NODE_BYTES = 8;
/** A node's name: what may stand in a log line or a host name. */
const NODE_ID = /^[A-Za-z0-9._-]{1,64}$/;
const CLUSTER_ID = /^[0-9a-f]{32}$/;

/**
 * Nodes that start together each make a cluster of their own, and become one while these are so young, ms. Two older
 * clusters never merge: somebody has mixed up addresses.
 */
const YOUNG_MS = 600_000;

/** Which cluster a node belongs to. */
export interface ClusterId {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** When it was made, ms since 1970. */
  readonly created: number;
}

/** A node's lasting name from text. Throws `malformed`. */
export function parseNodeId(text: string): NodeId {
  if (!NODE_ID.test(text))
    throw new SheafError('malformed', 'A node is named by 1 to 64 letters, digits, dots, - and _.');
  // The one place that mints it.
  return text as NodeId;
}

/** A cluster's id from what another node said. Throws `malformed`. */
export function parseClusterId(id: string, created: number): ClusterId {
  if (!CLUSTER_ID.test(id) || !Number.isSafeInteger(created))
    throw new SheafError('malformed', 'A cluster is named by 32 hexadecimal digits.');
  return { id, created };
}

/** The cluster that two nodes of these clusters are in from now on; null: they are strangers. */
export function agreeOnCluster(own: ClusterId, theirs: ClusterId, now: number): ClusterId | null {
  if (own.id === theirs.id) return own;
  const [ownYoung, theirsYoung] = [own, theirs].map(({ created }) => now - created < YOUNG_MS);
  if (ownYoung && theirsYoung) return own.id < theirs.id ? own : theirs;
  if (ownYoung) return theirs;
  return theirsYoung ? own : null;
}

/** Who this node is: its name and cluster last, its incarnation is of this life. */
export class Identity {
  readonly node: NodeId;
  readonly incarnation: Incarnation;
  readonly #folder: string | null;
  #cluster: ClusterId;

  constructor(node: NodeId, cluster: ClusterId, folder: string | null) {
    this.node = node;
    this.#cluster = cluster;
    this.#folder = folder;
    // 64 random bits, as the contract wants them.
    this.incarnation = randomBytes(8).toString('hex') as Incarnation;
  }

  get cluster(): ClusterId {
    return this.#cluster;
  }

  /** Joins a cluster; resolves when that is on disk. */
  async adopt(cluster: ClusterId): Promise<void> {
    if (cluster.id === this.#cluster.id) return;
    this.#cluster = cluster;
    await this.save();
  }

  /** Writes it down, so that a crash leaves the old or the new. */
  async save(): Promise<void> {
    if (this.#folder === null) return;
    const file = join(this.#folder, FILE);
    const text = JSON.stringify({
      node: this.node,
      cluster: this.#cluster.id,
      created: this.#cluster.created,
    });
    const handle = await open(`${file}.new`, 'w');
    try {
      await handle.writeFile(`${text}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.new`, file);
  }
}

/**
 * The identity in a data folder (null: none is kept), made if there is none. `named`: the name that the settings give,
 * null for the kept or a random one. Throws `bad-setting` for a file that cannot be read.
 */
export async function openIdentity(
  folder: string | null,
  named: NodeId | null,
  now: number,
): Promise<Identity> {
  const kept = folder === null ? null : await readKept(folder);
  const cluster = kept?.cluster ?? { id: randomBytes(CLUSTER_BYTES).toString('hex'), created: now };
  const node = named ?? kept?.node ?? parseNodeId(randomBytes(NODE_BYTES).toString('hex'));
  const identity = new Identity(node, cluster, folder);
  if (kept === null || kept.node !== node) await identity.save();
  return identity;
}

async function readKept(folder: string): Promise<{ node: NodeId; cluster: ClusterId } | null> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, FILE), 'utf8'));
    if (typeof value !== 'object' || value === null || !('node' in value) || !('cluster' in value))
      throw new SheafError('malformed', 'It names no node and no cluster.');
    const created = 'created' in value ? Number(value.created) : 0;
    return { node: parseNodeId(String(value.node)), cluster: parseClusterId(String(value.cluster), created) };
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    const { message } = SheafError.from(thrown);
    throw new SheafError('bad-setting', `SHEAF_DATA: ${FILE} cannot be read: ${message}`, { cause: thrown });
  }
}
