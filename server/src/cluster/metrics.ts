import type { MetricFamily, MetricSample } from '../metric.ts';
import type { Peer } from './peer.ts';
import type { ClusterState } from './cluster-state.ts';
import type { PeerTraffic, Traffic } from './traffic.ts';

/** What a link may be like; each is a number of its own, of which one is 1. */
const STATES = ['linked', 'suspect', 'lost', 'dead'] as const;

/** How a node sees another: as in SPEC REPL-7. */
export type PeerState = (typeof STATES)[number];

/** How this node sees a peer. */
export function stateOfPeer({ linkage }: Pick<Peer, 'linkage'>): PeerState {
  return linkage.state === 'linked' && linkage.suspect ? 'suspect' : linkage.state;
}

/** Updates that a peer was sent and has not acknowledged. */
export function lagOf({ outgoing, acknowledged }: Peer): number {
  return outgoing.sent - acknowledged;
}

/** How long the oldest of them has been on the way, ms. */
export function lagMsOf({ unacknowledgedSince }: Peer, now: number): number {
  return unacknowledgedSince === null ? 0 : Math.max(0, now - unacknowledgedSince);
}

interface PeerMetric {
  readonly name: string;
  readonly help: string;
  readonly value: (peer: Peer, traffic: PeerTraffic, now: number) => number;
}

const METRICS: readonly PeerMetric[] = [
  {
    name: 'lag_updates',
    help: 'Updates sent to the peer and not acknowledged by it yet.',
    value: (peer) => lagOf(peer),
  },
  {
    name: 'lag_seconds',
    help: 'How long the oldest unacknowledged update has been on the way.',
    value: (peer, _, now) => lagMsOf(peer, now) / 1_000,
  },
  {
    name: 'silence_seconds',
    help: 'Time since something was heard of the peer.',
    value: ({ heardAt }, _, now) => (now - heardAt) / 1_000,
  },
  {
    name: 'queue_bytes',
    help: 'Updates that wait to be sent to the peer.',
    value: ({ outgoing }) => outgoing.bytes,
  },
  {
    name: 'dirty_documents',
    help: 'Documents that the peer will be told to fetch.',
    value: ({ outgoing }) => outgoing.dirty,
  },
  {
    name: 'to_fetch_documents',
    help: 'Documents that are being fetched from the peer, or wait for it.',
    value: ({ toFetch, fetching }) => toFetch.size + fetching.size,
  },
  { name: 'links_total', help: 'Links made with the peer.', value: (_, { links }) => links },
  {
    name: 'sent_updates_total',
    help: 'Updates sent to the peer.',
    value: (_, { sentUpdates }) => sentUpdates,
  },
  {
    name: 'sent_bytes_total',
    help: 'Bytes of the updates sent to the peer.',
    value: (_, { sentBytes }) => sentBytes,
  },
  {
    name: 'sent_batches_total',
    help: 'Batches sent to the peer, also those without updates.',
    value: (_, { sentBatches }) => sentBatches,
  },
  {
    name: 'sent_resyncs_total',
    help: 'Times that the peer was told to fetch documents instead of being sent updates.',
    value: (_, { sentResyncs }) => sentResyncs,
  },
  {
    name: 'received_updates_total',
    help: 'Updates that came from the peer.',
    value: (_, { receivedUpdates }) => receivedUpdates,
  },
  {
    name: 'received_bytes_total',
    help: 'Bytes of the updates that came from the peer.',
    value: (_, { receivedBytes }) => receivedBytes,
  },
  {
    name: 'received_batches_total',
    help: 'Batches that came from the peer.',
    value: (_, { receivedBatches }) => receivedBatches,
  },
  {
    name: 'received_resyncs_total',
    help: 'Times that the peer told this node to fetch documents.',
    value: (_, { receivedResyncs }) => receivedResyncs,
  },
  {
    name: 'digests_total',
    help: 'Comparisons of everything that is held, by digests, begun with the peer.',
    value: (_, { comparisons }) => comparisons,
  },
  {
    name: 'fetches_total',
    help: 'Documents whose missing part was asked for from the peer.',
    value: (_, { fetches }) => fetches,
  },
  {
    name: 'fetched_bytes_total',
    help: 'Bytes of updates that were fetched from the peer.',
    value: (_, { fetchedBytes }) => fetchedBytes,
  },
];

/** The numbers of each link for `/metrics`, with the peer's name as the label `peer`. `now`: the core's clock, ms. */
export function linkMetrics(state: ClusterState, traffic: Traffic, now: number): MetricFamily[] {
  const peers = [...state.peers.values()].map((peer) => ({ peer, traffic: traffic.with(peer.node) }));
  const plain = METRICS.map(({ name, help, value }): MetricFamily => {
    const samples = peers.map((at): MetricSample => ({
      labels: { peer: at.peer.node },
      value: value(at.peer, at.traffic, now),
    }));
    const type = name.endsWith('_total') ? 'counter' : 'gauge';
    return { name: `sheaf_cluster_peer_${name}`, help, type, samples };
  });
  const states = peers.flatMap(({ peer }) =>
    STATES.map((name): MetricSample => {
      const labels = { peer: peer.node, state: name };
      return { labels, value: Number(stateOfPeer(peer) === name) };
    }),
  );
  return [
    {
      name: 'sheaf_cluster_peer_state',
      help: 'How the peer is seen: 1 for one of its states.',
      type: 'gauge',
      samples: states,
    },
    ...plain,
    {
      name: 'sheaf_cluster_peer_batch_updates',
      help: 'Updates in each batch that was sent with any.',
      type: 'histogram',
      samples: peers.flatMap(({ peer, traffic: at }) => at.batchUpdates.samples({ peer: peer.node })),
    },
  ];
}

/** What a replicator counts, of all peers together. */
interface Counters {
  readonly sent: number;
  readonly received: number;
  readonly batches: number;
  readonly fetches: number;
  readonly comparisons: number;
  readonly failures: number;
}

/** The numbers of all links together for `/metrics`, by name. */
export function sumMetrics(state: ClusterState, counters: Counters): Record<string, number> {
  const peers = [...state.peers.values()];
  const linked = peers.filter(({ linkage }) => linkage.state === 'linked');
  const most = (values: number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
  return {
    sheaf_cluster_nodes: peers.length + 1,
    sheaf_cluster_links: linked.length,
    sheaf_cluster_lag_updates: most(linked.map(lagOf)),
    // Of other nodes that tell what they have on disk; and documents in which somebody waits for them.
    sheaf_cluster_confirming_nodes: state.copies?.confirming ?? 0,
    sheaf_cluster_waiting_documents: state.copies?.waiting ?? 0,
    sheaf_cluster_queue_bytes: most(linked.map(({ outgoing }) => outgoing.bytes)),
    sheaf_cluster_dirty_documents: most(linked.map(({ outgoing }) => outgoing.dirty)),
    sheaf_cluster_updates_sent_total: counters.sent,
    sheaf_cluster_updates_received_total: counters.received,
    sheaf_cluster_batches_total: counters.batches,
    sheaf_cluster_fetches_total: counters.fetches,
    sheaf_cluster_comparisons_total: counters.comparisons,
    sheaf_cluster_failures_total: counters.failures,
  };
}
