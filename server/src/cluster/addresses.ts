import { SheafError } from '../error.ts';
import type { NodeId } from './message.ts';
import { formatAddress, type NodeAddress, type Remote } from './remote.ts';

/** Where each node is called, and a session to it for what is large. */
export class Addresses {
  readonly #open: (address: NodeAddress) => Remote;
  /** A session that is of no more use is closed after, ms. */
  readonly #leaveMs: number;
  readonly #known = new Map<
    NodeId,
    { address: NodeAddress; how: 'dialled' | 'said'; remote: Remote | null }
  >();

  constructor(open: (address: NodeAddress) => Remote, leaveMs: number) {
    this.#open = open;
    this.#leaveMs = leaveMs;
  }

  /** An address that we have dialled outranks what the node says of itself. */
  found(node: NodeId, address: NodeAddress, how: 'dialled' | 'said'): void {
    const known = this.#known.get(node);
    if (known !== undefined) {
      if (known.how === 'dialled' && how === 'said') return;
      if (formatAddress(known.address) === formatAddress(address)) return;
      // What it is being asked it may still answer.
      setTimeout(() => known.remote?.close(), this.#leaveMs).unref();
    }
    this.#known.set(node, { address, how, remote: null });
  }

  /** Whether somebody knows where a node is called. */
  knows(node: NodeId): boolean {
    return this.#known.has(node);
  }

  /** A session to a node. Throws `storage-unavailable` when nobody knows where it is. */
  remote(node: NodeId): Remote {
    const known = this.#known.get(node);
    if (known === undefined)
      throw new SheafError('storage-unavailable', `Nobody knows where node ${node} is called.`);
    known.remote ??= this.#open(known.address);
    return known.remote;
  }

  close(): void {
    for (const { remote } of this.#known.values()) remote?.close();
  }
}
