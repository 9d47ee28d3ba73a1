import { toJson } from '@bufbuild/protobuf';
import { type Client, ConnectError } from '@connectrpc/connect';
import {
  CompactResponseSchema,
  type Finding,
  ListNodesResponseSchema,
  LocateDocumentResponseSchema,
  type ReplicationService,
} from '@sheaf/proto/replication';
import { type ClusterTls, openRemote } from '../cluster/remote.ts';
import { SheafError } from '../error.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { OPERATOR_HELP, type OperatorCommand, parseOperatorOptions } from './options.ts';
import { compactWords, findingsWords, locateWords, nodesWords } from './report.ts';

/** What the command gets from the process that runs it; `process` itself will do. */
export interface OperatorIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** What sysexits.h calls a command that was used wrongly. */
const EXIT_USAGE = 64;
const EXIT_FAILED = 1;
/** Checking a page of documents, or compacting a large one, takes its time, ms. */
const ANSWER_MS = 120_000;

type Node = Client<typeof ReplicationService>;

/** What a command found out: as JSON, in words, and whether all is well. */
interface Outcome {
  readonly json: unknown;
  readonly words: string;
  readonly fine: boolean;
}

/**
 * `sheaf cluster …`: asks one node of a cluster, or has it do something. Resolves with the exit code. `listen`:
 * SHEAF_CLUSTER_LISTEN, where a node of this machine is called; `readTls`: reads the certificate, null without one.
 */
export async function operatorCommand(
  argv: readonly string[],
  settings: { readonly listen: string | undefined; readonly readTls: () => ClusterTls | null },
  io: OperatorIo,
): Promise<number> {
  try {
    const options = parseOperatorOptions(argv, settings.listen);
    if (options === null) {
      io.stdout.write(OPERATOR_HELP);
      return 0;
    }
    const remote = openRemote(options.node, { tls: settings.readTls(), limits: DEFAULT_LIMITS });
    try {
      const { json, words, fine } = await run(options.command, remote.client);
      io.stdout.write(options.json ? `${JSON.stringify(json)}\n` : words);
      return fine ? 0 : EXIT_FAILED;
    } finally {
      remote.close();
    }
  } catch (thrown) {
    const words = thrown instanceof ConnectError ? thrown.rawMessage : SheafError.from(thrown).message;
    io.stderr.write(`sheaf cluster: ${words}\n`);
    return thrown instanceof SheafError && thrown.code === 'bad-setting' ? EXIT_USAGE : EXIT_FAILED;
  }
}

async function run(command: OperatorCommand, node: Node): Promise<Outcome> {
  const waiting = { timeoutMs: ANSWER_MS };
  switch (command.kind) {
    case 'nodes': {
      const found = await node.listNodes({}, waiting);
      return { json: toJson(ListNodesResponseSchema, found), words: nodesWords(found), fine: true };
    }
    case 'locate': {
      const found = await node.locateDocument({ document: command.document }, waiting);
      return { json: toJson(LocateDocumentResponseSchema, found), words: locateWords(found), fine: true };
    }
    case 'verify':
      return verify(command.document, node);
    case 'compact': {
      const done = await node.compact({ document: command.document }, waiting);
      return { json: toJson(CompactResponseSchema, done), words: compactWords(done), fine: true };
    }
    case 'drain':
      await node.drain({}, waiting);
      return { json: {}, words: 'The node ends, and tells its people to come back.\n', fine: true };
  }
}

/** Page by page, so that no answer takes long however many documents there are. */
async function verify(document: string | null, node: Node): Promise<Outcome> {
  const findings: Finding[] = [];
  const compared = new Set<string>();
  let checked = 0;
  let pageToken = '';
  do {
    const page = await node.verify({ document: document ?? '', pageToken }, { timeoutMs: ANSWER_MS });
    findings.push(...page.findings);
    for (const id of page.comparedNodeIds) compared.add(id);
    checked += page.checked;
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  const found = findings.map((finding) => ({
    document: finding.document,
    nodeId: finding.nodeId,
    words: finding.words,
  }));
  return {
    json: { checked, findings: found, comparedNodeIds: [...compared] },
    words: findingsWords({ checked, findings, compared: [...compared] }),
    fine: findings.length === 0,
  };
}
