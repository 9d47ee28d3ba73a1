import type { ServiceImpl } from '@connectrpc/connect';
import { type ClusterService, LinkState } from '@sheaf/proto/cluster';
import type { AdminAccess } from '../access/admin.ts';
import type { ClusterOverview, OverviewLink, OverviewNode } from '../cluster/overview.ts';
import { bearerToken } from './bearer-token.ts';

/** What the service asks of the cluster. */
export interface OverviewApi {
  /** null: this server is alone. */
  look(): Promise<ClusterOverview | null>;
}

const STATES = {
  linked: LinkState.LINKED,
  suspect: LinkState.SUSPECT,
  lost: LinkState.LOST,
  dead: LinkState.DEAD,
};

/** The service of proto/sheaf/cluster/v1. */
export function clusterService(
  overview: OverviewApi,
  admin: AdminAccess,
): ServiceImpl<typeof ClusterService> {
  return {
    async getOverview(_request, context) {
      admin.check(bearerToken(context));
      const found = await overview.look();
      if (found === null) return {};
      const { cluster, nodes, links } = found;
      return {
        clusterId: cluster,
        nodes: nodes.map(describeNode),
        links: links.map(describeLink).toSorted(byName),
      };
    },
  };
}

function describeNode({ node, state, self, answered, leaving }: OverviewNode) {
  return { nodeId: node, state: STATES[state], isSelf: self, hasAnswered: answered, isLeaving: leaving };
}

function describeLink(link: OverviewLink) {
  return {
    fromNodeId: link.from,
    toNodeId: link.to,
    state: STATES[link.state],
    lagUpdates: BigInt(link.lagUpdates),
    lagMs: BigInt(Math.round(link.lagMs)),
    queueBytes: BigInt(link.queueBytes),
    dirtyDocuments: link.dirtyDocuments,
  };
}

function byName(a: ReturnType<typeof describeLink>, b: ReturnType<typeof describeLink>): number {
  const [first, second] = [a, b].map(({ fromNodeId, toNodeId }) => `${fromNodeId} ${toNodeId}`);
  return (first ?? '') < (second ?? '') ? -1 : 1;
}
