import { Histogram } from '../metric.ts';
import type { Message, NodeId } from './message.ts';

/** Updates of a batch: the bounds of its histogram. */
const BATCH_UPDATES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

/** What went between this node and one other since this one started. Bytes are those of the updates alone. */
export class PeerTraffic {
  sentUpdates = 0;
  sentBytes = 0;
  sentBatches = 0;
  sentResyncs = 0;
  receivedUpdates = 0;
  receivedBytes = 0;
  receivedBatches = 0;
  receivedResyncs = 0;
  comparisons = 0;
  fetches = 0;
  fetchedBytes = 0;
  links = 0;
  /** Updates of each batch that was sent with any. */
  readonly batchUpdates = new Histogram(BATCH_UPDATES);

  /** A batch leaves. */
  sent(messages: readonly Message[]): void {
    const { updates, bytes, resyncs } = measure(messages);
    this.sentBatches += 1;
    this.sentUpdates += updates;
    this.sentBytes += bytes;
    this.sentResyncs += resyncs;
    if (updates > 0) this.batchUpdates.observe(updates);
  }

  /** A batch came. */
  received(messages: readonly Message[]): void {
    const { updates, bytes, resyncs } = measure(messages);
    this.receivedBatches += 1;
    this.receivedUpdates += updates;
    this.receivedBytes += bytes;
    this.receivedResyncs += resyncs;
  }
}

function measure(messages: readonly Message[]): { updates: number; bytes: number; resyncs: number } {
  let [updates, bytes, resyncs] = [0, 0, 0];
  for (const message of messages) {
    if (message.kind === 'resync') resyncs += 1;
    if (message.kind !== 'updates') continue;
    updates += message.updates.length;
    for (const { update } of message.updates) bytes += update.length;
  }
  return { updates, bytes, resyncs };
}

/** The traffic with each peer. */
export class Traffic {
  readonly #peers = new Map<NodeId, PeerTraffic>();

  /** What went between this node and `node`. */
  with(node: NodeId): PeerTraffic {
    let traffic = this.#peers.get(node);
    if (traffic === undefined) this.#peers.set(node, (traffic = new PeerTraffic()));
    return traffic;
  }
}
