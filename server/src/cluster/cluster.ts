import { Health, ServerReflection, ServerReflectionAlpha } from '@sheaf/proto/grpc';
import type { UploadHash } from '@sheaf/proto/upload-address';
import { ReplicationService } from '@sheaf/proto/replication';
import { hostname } from 'node:os';
import type { Documents } from '../document/documents.ts';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { MetricFamily } from '../metric.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Catalogue, EarlierHistory, Member, SharedStore, UpdateLog } from '../store/store.ts';
import type { UploadStore } from '../store/uploads/upload-store.ts';
import { nodeOfCertificate } from './certificate.ts';
import { Addresses } from './addresses.ts';
import { Dialler } from './dialler.ts';
import { Diallers } from './diallers.ts';
import { healthService } from './health-service.ts';
import { openIdentity } from './identity.ts';
import { Links } from './links.ts';
import { Listener } from './listener.ts';
import { Members } from './members.ts';
import type { NodeId } from './message.ts';
import { linkMetrics, sumMetrics } from './metrics.ts';
import { linkedReplicas, operationsOn } from './operations.ts';
import { type ClusterOverview, Overview } from './overview.ts';
import type { PeerSource, StoreSource } from './peer-source.ts';
import { reflectionAlphaService, reflectionService } from './reflection-service.ts';
import { type ClusterTls, formatAddress, type NodeAddress, openRemote, type Remote } from './remote.ts';
import { NodeUploads, type UploadCopies } from './node-uploads.ts';
import type { Replicator } from './replicator.ts';
import { replicationService } from './service.ts';
import { SharedLogNode } from './shared-log.ts';
import { Verifier } from './verification.ts';

/** Whether as many nodes are in reach as acknowledgements wait for is looked at this often, ms. */
const REACH_MS = 5_000;

/** How a node takes part in a cluster. */
export interface ClusterOptions {
  /** Where other nodes call this one. Port 0 picks a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** What nodes that share a store call; null: where it listens, or this machine's name if that is everywhere. */
  readonly address?: NodeAddress | null;
  readonly peers: readonly (PeerSource | StoreSource)[];
  /** The node's lasting name; null: a random one, kept in the data folder. */
  readonly node: NodeId | null;
  /** null: plain text. */
  readonly tls: ClusterTls | null;
  /** So many nodes, this one included, have to have on disk what is acknowledged; 1 unless told (SPEC REPL-13). */
  readonly replicas?: number;
}

/** What a node's part in a cluster needs of its server. */
export interface ClusterParts {
  readonly documents: Documents;
  readonly catalogue: Catalogue;
  /** The store that nodes share; null: each has a disk of its own. */
  readonly shared: SharedStore | null;
  readonly log: UpdateLog;
  readonly earlier: EarlierHistory | null;
  /** This node's own. */
  readonly uploads: UploadStore;
  readonly limits: Limits;
  /** Ends this node in order. */
  readonly drain: () => void;
  /** Folder that keeps who this node is; null: nothing is kept. */
  readonly folder: string | null;
  /** Whether the server takes changes now. */
  readonly serving: () => boolean;
  readonly report: (words: string, error: SheafError) => void;
}

/** A node's part in a cluster. */
export interface Cluster {
  readonly node: NodeId;
  /** Where it listens. */
  readonly port: number;
  metrics(): Record<string, number>;
  /** The numbers of each link. */
  families(): readonly MetricFamily[];
  /** All nodes and links, as far as this node can see. */
  overview(): Promise<ClusterOverview>;
  /** Brings an upload of a document from a linked node that has it; false if none has. */
  bringUpload(document: DocumentName, hash: UploadHash): Promise<boolean>;
  /** Offers an upload to the other nodes; see `NodeUploads.offer`. */
  offerUpload(document: DocumentName, hash: UploadHash): Promise<UploadCopies>;
  /** Tells the other nodes that this one ends: its people are gone. */
  drain(): void;
  /** Lets go what is being sent, and ends all links. */
  close(): Promise<void>;
}

/**
 * Begins to replicate. `replicator` is the relay that the documents were made with. Throws `bad-setting` when it cannot
 * listen, or `storage-unavailable`.
 */
export async function startCluster(
  options: ClusterOptions,
  parts: ClusterParts,
  replicator: Replicator,
): Promise<Cluster> {
  const { limits, folder, report } = parts;
  const now = (): number => performance.now();
  const named = options.tls === null ? options.node : nodeOfCertificate(options.tls.cert, options.node);
  const identity = await openIdentity(folder, named, Date.now());
  // Who works on one store is of one cluster.
  if (parts.shared !== null) await identity.adopt(await parts.shared.members.cluster(identity.cluster));
  const isSuspect = (node: NodeId): boolean => {
    const linkage = replicator.state.peers.get(node)?.linkage;
    return linkage?.state !== 'linked' || linkage.suspect;
  };
  const links = new Links(identity, limits, {
    event: (event) => replicator.event(event),
    shared: parts.shared !== null,
    isSuspect,
    asksPersisted: replicator.others > 0,
  });
  const calling = { tls: options.tls, limits };
  const addresses = new Addresses((address) => openRemote(address, calling), limits.peerAnswerMs);
  const remote = (node: NodeId): Remote => addresses.remote(node);
  let members: Members | null = null;
  const isApart = (): boolean => members?.live?.some(({ node }) => !replicator.isLinkedTo(node)) ?? true;
  const { documents } = parts;
  const shared =
    parts.shared === null ? null : new SharedLogNode({ documents, limits, now, isApart, report });
  const { holdings, bulk, histories } = replicator.start({
    ...parts,
    shared,
    links: {
      send: (link, batch, messages) => links.send(link, batch, messages),
      cut: (link) => links.cut(link),
      remote,
    },
    report,
  });
  if (shared === null) await holdings.now();
  shared?.start();
  const verifier = new Verifier({
    ...parts,
    holdings,
    remote,
    replicas: () => linkedReplicas(replicator.state),
  });
  const linked = (): ReadonlyMap<NodeId, Remote> =>
    new Map(
      [...replicator.state.peers.values()]
        .filter(({ linkage, node }) => linkage.state === 'linked' && addresses.knows(node))
        .map(({ node }) => [node, remote(node)]),
    );
  const { others } = replicator;
  const uploads = new NodeUploads({ uploads: parts.uploads, limits, node: identity.node, others, linked });
  const service = replicationService({
    identity,
    links,
    bulk,
    histories,
    uploads,
    holdings,
    limits,
    now,
    shared: shared !== null,
    state: replicator.state,
    verifier,
    operations: operationsOn(parts),
    found: (node, address) => addresses.found(node, address, 'said'),
  });
  const health = healthService([ReplicationService.typeName], parts.serving);
  const listener = new Listener(options.tls, limits, (router) => {
    router.service(ReplicationService, service);
    router.service(Health, health);
    const all = [ReplicationService, Health, ServerReflection, ServerReflectionAlpha];
    router.service(ServerReflection, reflectionService(all));
    router.service(ServerReflectionAlpha, reflectionAlphaService(all));
  });
  const port = await listener.listen(options.listen);
  links.address = formatAddress({ host: isWildcard(options.listen.host) ? '' : options.listen.host, port });
  const dial = (address: NodeAddress): Dialler =>
    new Dialler({
      ...calling,
      address,
      own: identity.node,
      links,
      found: (node, at) => addresses.found(node, at, 'dialled'),
      report,
    });
  const diallers = new Diallers(options.peers, dial, report);
  diallers.start();
  if (parts.shared !== null) {
    const { node, incarnation } = identity;
    const self: Member = { node, incarnation, address: calledAt(options, port) };
    const changed = (found: readonly Member[]): void => diallers.meet(found);
    members = new Members({ membership: parts.shared.members, self, limits, changed, report });
    await members.start();
  }
  const overview = new Overview({ identity, state: replicator.state, remote, now });
  const reach = setInterval(() => reportReach(replicator, report), REACH_MS);
  return {
    node: identity.node,
    port,
    metrics: () => sumMetrics(replicator.state, replicator.counters),
    families: () => linkMetrics(replicator.state, replicator.traffic, now()),
    overview: () => overview.look(),
    bringUpload: (document, hash) => uploads.bring(document, hash),
    offerUpload: (document, hash) => uploads.offer(document, hash),
    drain: () => replicator.event({ kind: 'drain' }),
    close: async () => {
      shared?.stop();
      await members?.stop();
      clearInterval(reach);
      await diallers.stop(links);
      replicator.stop();
      addresses.close();
      await listener.close();
    },
  };
}

function calledAt({ address = null, listen }: ClusterOptions, port: number): string {
  return formatAddress(address ?? { host: isWildcard(listen.host) ? hostname() : listen.host, port });
}

/** Tells once that acknowledgements wait for more nodes than there are, and once more when that has changed. */
function reportReach({ state, others }: Replicator, report: ClusterParts['report']): void {
  const { copies } = state;
  if (copies === null || !copies.reachChanged()) return;
  const words = `SHEAF_ACK waits for ${others} other nodes`;
  const message =
    copies.confirming < others
      ? `${copies.confirming} are linked that tell what they have on disk: people are told where their changes are, and go on.`
      : 'There are as many now.';
  report(words, new SheafError('storage-unavailable', message));
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
