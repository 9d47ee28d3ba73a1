import { Node_State as State } from '@sheaf/proto/replication';
import { stateOfPeer, lagMsOf, lagOf, type PeerState } from './metrics.ts';
import type { NodeId } from './message.ts';
import type { Identity } from './identity.ts';
import type { Remote } from './remote.ts';
import type { ClusterState } from './cluster-state.ts';

/** Another node is waited for so long, ms: who watches sees it every second. */
const ANSWER_MS = 800;
/** What was found holds for so long, ms, for everybody who asks. */
const FRESH_MS = 500;

/** A node of the cluster. */
export interface OverviewNode {
  readonly node: string;
  /** How this node sees it. */
  readonly state: PeerState;
  readonly self: boolean;
  /** Whether it has said how its own links are. */
  readonly answered: boolean;
  readonly leaving: boolean;
}

/** What `from` says of its way to `to`. */
export interface OverviewLink {
  readonly from: string;
  readonly to: string;
  readonly state: PeerState;
  readonly lagUpdates: number;
  readonly lagMs: number;
  readonly queueBytes: number;
  readonly dirtyDocuments: number;
}

/** The cluster as this node, and the nodes that it is linked to, see it. */
export interface ClusterOverview {
  readonly cluster: string;
  readonly nodes: readonly OverviewNode[];
  readonly links: readonly OverviewLink[];
}

/** What an overview is made of. */
export interface OverviewOptions {
  readonly identity: Identity;
  readonly state: ClusterState;
  readonly remote: (node: NodeId) => Remote;
  /** The core's clock, ms. */
  readonly now: () => number;
}

const STATES: ReadonlyMap<State, PeerState> = new Map([
  [State.LINKED, 'linked'],
  [State.SUSPECT, 'suspect'],
  [State.LOST, 'lost'],
  [State.DEAD, 'dead'],
]);

/** Looks at all links of a cluster from one node: its own, and those that linked nodes tell of. */
export class Overview {
  readonly #options: OverviewOptions;
  #last: { readonly at: number; readonly overview: Promise<ClusterOverview> } | null = null;

  constructor(options: OverviewOptions) {
    this.#options = options;
  }

  /** As of a moment ago. Never throws: who does not answer has not answered. */
  look(): Promise<ClusterOverview> {
    const now = this.#options.now();
    if (this.#last === null || now - this.#last.at >= FRESH_MS)
      this.#last = { at: now, overview: this.#look(now) };
    return this.#last.overview;
  }

  async #look(now: number): Promise<ClusterOverview> {
    const { identity, state } = this.#options;
    const peers = [...state.peers.values()];
    const links: OverviewLink[] = peers.map((peer) => ({
      from: identity.node,
      to: peer.node,
      state: stateOfPeer(peer),
      lagUpdates: lagOf(peer),
      lagMs: lagMsOf(peer, now),
      queueBytes: peer.outgoing.bytes,
      dirtyDocuments: peer.outgoing.dirty,
    }));
    const answers = await Promise.all(
      peers.map(async ({ node, linkage }) => (linkage.state === 'linked' ? this.#ask(node) : null)),
    );
    for (const answer of answers) links.push(...(answer ?? []));
    const self = {
      node: identity.node,
      state: 'linked',
      self: true,
      answered: true,
      leaving: state.draining,
    };
    const known = peers.map((peer, at): OverviewNode => ({
      node: peer.node,
      state: stateOfPeer(peer),
      self: false,
      answered: answers[at] !== null,
      leaving: peer.leaving,
    }));
    known.sort((a, b) => (a.node < b.node ? -1 : 1));
    return { cluster: identity.cluster.id, nodes: [self as OverviewNode, ...known], links };
  }

  /** What a node says of its links; null: nothing. */
  async #ask(node: NodeId): Promise<OverviewLink[] | null> {
    try {
      const { client } = this.#options.remote(node);
      const { nodes } = await client.listNodes({}, { timeoutMs: ANSWER_MS });
      return nodes.flatMap(({ nodeId, state, sent, acknowledged, lagMs, queueBytes, dirtyDocuments }) => {
        const seen = STATES.get(state);
        const lag = { lagUpdates: Number(sent - acknowledged), lagMs: Number(lagMs) };
        const waits = { queueBytes: Number(queueBytes), dirtyDocuments };
        return seen === undefined ? [] : [{ from: node, to: nodeId, state: seen, ...lag, ...waits }];
      });
    } catch {
      // It is frozen, cut off, or has just ended: that it did not answer is what there is to tell.
      return null;
    }
  }
}
