import { Code, ConnectError, createClient } from '@connectrpc/connect';
import type { Client, Transport } from '@connectrpc/connect';
import { ClusterService, LinkState } from '@sheaf/proto/cluster';
import type { ClusterLink, ClusterNode } from '@sheaf/proto/cluster';

/** A server that has not answered for so long is taken for out of reach, ms. */
const ANSWER_MS = 5_000;

/** How one node sees another. */
export type LinkCondition = 'linked' | 'suspect' | 'lost' | 'dead' | 'unknown';

/** A node of the cluster. */
export interface NodeView {
  readonly name: string;
  /** As the server sees it that was asked. */
  readonly condition: LinkCondition;
  readonly isSelf: boolean;
  readonly hasAnswered: boolean;
  readonly isLeaving: boolean;
}

/** What one node says of its way to another. */
export interface LinkView {
  readonly from: string;
  readonly to: string;
  readonly condition: LinkCondition;
  /** Updates that are not acknowledged, and since when, ms. */
  readonly lagUpdates: number;
  readonly lagMs: number;
  readonly queueBytes: number;
  readonly dirtyDocuments: number;
}

/** The cluster as a server sees it. */
export interface ClusterView {
  readonly nodes: readonly NodeView[];
  readonly links: readonly LinkView[];
}

/** What a server answered to who asks for its cluster. */
export type ClusterAnswer =
  | { readonly kind: 'cluster'; readonly cluster: ClusterView }
  /** It is the only server. */
  | { readonly kind: 'alone' }
  /** It wants a token, or another one. */
  | { readonly kind: 'locked' }
  /** It shows it to nobody. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable' };

const CONDITIONS: ReadonlyMap<LinkState, LinkCondition> = new Map([
  [LinkState.LINKED, 'linked'],
  [LinkState.SUSPECT, 'suspect'],
  [LinkState.LOST, 'lost'],
  [LinkState.DEAD, 'dead'],
]);

/** Asks a server for its cluster. */
export class ClusterSource {
  readonly #client: Client<typeof ClusterService>;

  constructor(transport: Transport) {
    this.#client = createClient(ClusterService, transport);
  }

  /** `token`: the administrator's, null without one. Never throws. */
  async ask(token: string | null, signal: AbortSignal): Promise<ClusterAnswer> {
    const headers = new Headers(token === null ? {} : { authorization: `Bearer ${token}` });
    try {
      const answer = await this.#client.getOverview({}, { signal, headers, timeoutMs: ANSWER_MS });
      if (answer.clusterId === '') return { kind: 'alone' };
      const { nodes, links } = answer;
      return { kind: 'cluster', cluster: { nodes: nodes.map(viewNode), links: links.map(viewLink) } };
    } catch (error) {
      const { code } = ConnectError.from(error);
      if (code === Code.Unauthenticated) return { kind: 'locked' };
      return { kind: code === Code.PermissionDenied ? 'refused' : 'unreachable' };
    }
  }
}

function viewNode({ nodeId, state, isSelf, hasAnswered, isLeaving }: ClusterNode): NodeView {
  return { name: nodeId, condition: condition(state), isSelf, hasAnswered, isLeaving };
}

function viewLink(link: ClusterLink): LinkView {
  return {
    from: link.fromNodeId,
    to: link.toNodeId,
    condition: condition(link.state),
    lagUpdates: Number(link.lagUpdates),
    lagMs: Number(link.lagMs),
    queueBytes: Number(link.queueBytes),
    dirtyDocuments: link.dirtyDocuments,
  };
}

function condition(state: LinkState): LinkCondition {
  return CONDITIONS.get(state) ?? 'unknown';
}
