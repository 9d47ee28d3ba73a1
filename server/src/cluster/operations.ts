import type { Documents } from '../document/documents.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { UpdateLog } from '../store/store.ts';
import type { ClusterState } from './cluster-state.ts';
import type { NodeId } from './message.ts';
import type { Operations } from './operator.ts';

interface OperationParts {
  readonly documents: Documents;
  readonly log: UpdateLog;
  readonly drain: () => void;
}

/** Nodes that store every document, and can be asked. */
export function linkedReplicas(state: ClusterState): NodeId[] {
  const linked = [...state.peers.values()].filter(
    ({ linkage, features }) => linkage.state === 'linked' && features.replica,
  );
  return linked.map(({ node }) => node);
}

/** What an operator may have done, on this server's documents. `drain` ends it. */
export function operationsOn({ documents, log, drain }: OperationParts): Operations {
  const taken = async (document: DocumentName): Promise<number> => {
    const { snapshot, tail } = await log.size(document);
    return snapshot + tail;
  };
  return {
    drain,
    async compact(document) {
      const before = await taken(document);
      await documents.compact(document);
      return { before, after: await taken(document) };
    },
  };
}
