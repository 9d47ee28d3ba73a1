import type { ServiceImpl } from '@connectrpc/connect';
import { Node_State as State, type ReplicationService } from '@sheaf/proto/replication';
import { type DocumentName, parseDocumentName } from '../store/document-name.ts';
import { toConnectError } from './bulk.ts';
import type { Holdings } from './holdings.ts';
import type { Identity } from './identity.ts';
import type { Held } from './inventory.ts';
import { lagMsOf, stateOfPeer } from './metrics.ts';
import type { Peer } from './peer.ts';
import type { ClusterState } from './cluster-state.ts';
import type { Verification, Verifier } from './verification.ts';

/** An answer is on its way after, ms. */
const ANSWERED_MS = 100;

/** What an operator may have done on a node, beside asking. */
export interface Operations {
  /** Compacts a document: what it takes on the disk before and behind it, bytes. Throws `not-found`, `deleted`. */
  compact(document: DocumentName): Promise<{ readonly before: number; readonly after: number }>;
  /** Begins to end this node in order. */
  drain(): void;
}

/** What an operator's calls are answered from. */
export interface OperatorOptions {
  readonly identity: Identity;
  readonly holdings: Holdings;
  readonly state: ClusterState;
  readonly now: () => number;
  readonly verifier: Verifier;
  readonly operations: Operations;
}

type OperatorCalls = Pick<
  ServiceImpl<typeof ReplicationService>,
  'listNodes' | 'locateDocument' | 'verify' | 'compact' | 'drain'
>;

const STATES = { linked: State.LINKED, suspect: State.SUSPECT, lost: State.LOST, dead: State.DEAD };

/** The unary calls of proto/sheaf/replication/v1 that are made for an operator. */
export function operatorCalls(options: OperatorOptions): OperatorCalls {
  const { holdings, identity, state, now, verifier, operations } = options;
  return {
    listNodes() {
      const self = {
        nodeId: identity.node,
        state: State.SELF,
        incarnation: BigInt(`0x${identity.incarnation}`),
        leaving: state.draining,
      };
      const peers = [...state.peers.values()].map((peer) => describePeer(peer, now()));
      return { clusterId: identity.cluster.id, nodes: [self, ...peers] };
    },
    async locateDocument(request) {
      const document = parse(request.document);
      const held = await holdings.of(document).catch(rethrow);
      const there = [...state.peers.values()].filter(({ follows }) => follows.has(document));
      return {
        nodeIds: [...(state.followed.has(document) ? [identity.node] : []), ...there.map(({ node }) => node)],
        ...(held === null ? {} : { held: describeHeld(document, held) }),
      };
    },
    async verify({ document, pageToken }) {
      const found =
        document === ''
          ? verifier.page(pageToken === '' ? '' : parse(pageToken))
          : verifier.one(parse(document));
      return describeVerification(await found.catch(rethrow));
    },
    async compact(request) {
      const { before, after } = await operations.compact(parse(request.document)).catch(rethrow);
      return { bytesBefore: BigInt(before), bytesAfter: BigInt(after) };
    },
    drain() {
      // Behind the answer, which would not reach anybody else: a node without people ends at once.
      setTimeout(() => operations.drain(), ANSWERED_MS);
      return {};
    },
  };
}

function parse(name: string): DocumentName {
  try {
    return parseDocumentName(name);
  } catch (thrown) {
    return rethrow(thrown);
  }
}

function rethrow(thrown: unknown): never {
  throw toConnectError(thrown);
}

/** What is held of a document, as nodes tell each other. */
export function describeHeld(
  document: DocumentName,
  held: Held,
): { document: string; digest?: Uint8Array; deletedTime?: bigint } {
  return held.kind === 'content'
    ? { document, digest: held.digest }
    : { document, deletedTime: BigInt(Math.max(held.time, 1)) };
}

function describePeer(peer: Peer, now: number) {
  const { node, incarnation, outgoing, acknowledged, leaving } = peer;
  return {
    nodeId: node,
    state: STATES[stateOfPeer(peer)],
    incarnation: BigInt(`0x${incarnation}`),
    sent: BigInt(outgoing.sent),
    acknowledged: BigInt(acknowledged),
    lagMs: BigInt(Math.round(lagMsOf(peer, now))),
    dirtyDocuments: outgoing.dirty,
    queueBytes: BigInt(outgoing.bytes),
    leaving,
  };
}

function describeVerification({ checked, findings, last, compared }: Verification) {
  return {
    checked,
    findings: findings.map(({ document, node, words }) => ({ document, nodeId: node ?? '', words })),
    nextPageToken: last ?? '',
    comparedNodeIds: [...compared],
  };
}
