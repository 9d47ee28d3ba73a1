import {
  type CompactResponse,
  type Finding,
  type ListNodesResponse,
  type LocateDocumentResponse,
  Node_State as State,
} from '@sheaf/proto/replication';

const STATES: ReadonlyMap<State, string> = new Map([
  [State.SELF, 'this one'],
  [State.LINKED, 'linked'],
  [State.SUSPECT, 'silent'],
  [State.LOST, 'lost'],
  [State.DEAD, 'gone'],
]);

/** A table of the nodes, a line each. */
export function nodesWords({ clusterId, nodes }: ListNodesResponse): string {
  const rows = nodes.map((node) => [
    node.nodeId,
    (STATES.get(node.state) ?? 'unknown') + (node.leaving ? ', ending' : ''),
    node.state === State.SELF ? '' : String(node.sent - node.acknowledged),
    node.state === State.SELF ? '' : `${String(node.lagMs)} ms`,
    node.state === State.SELF ? '' : String(node.dirtyDocuments),
  ]);
  return `cluster ${clusterId}\n${table([['node', 'state', 'behind', 'for', 'to fetch'], ...rows])}`;
}

/** Where a document is. */
export function locateWords({ nodeIds, held }: LocateDocumentResponse): string {
  const people =
    nodeIds.length === 0 ? 'Nobody has it open.' : `People have it open on ${nodeIds.join(', ')}.`;
  if (held === undefined) return `${people} This node holds nothing of it.\n`;
  if (held.deletedTime > 0n)
    return `It was deleted at ${new Date(Number(held.deletedTime)).toISOString()}.\n`;
  return `${people} This node holds ${Buffer.from(held.digest).toString('hex')}.\n`;
}

/** What was found to be wrong. */
export function findingsWords(found: {
  readonly checked: number;
  readonly findings: readonly Finding[];
  readonly compared: readonly string[];
}): string {
  const { checked, findings, compared } = found;
  const lines = findings.map(
    ({ document, nodeId, words }) => `${document}${nodeId === '' ? '' : ` on ${nodeId}`}: ${words}`,
  );
  const others = compared.length === 0 ? 'no other node is linked' : `compared with ${compared.join(', ')}`;
  const sum = findings.length === 0 ? 'all is well' : `${findings.length} findings`;
  return [...lines, `${checked} documents checked, ${others}: ${sum}.`, ''].join('\n');
}

/** What a compaction did. */
export function compactWords({ bytesBefore, bytesAfter }: CompactResponse): string {
  return `Compacted: ${bytesBefore} bytes before, ${bytesAfter} now.\n`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
