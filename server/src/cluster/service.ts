import {
  Code,
  ConnectError,
  createContextKey,
  type HandlerContext,
  type ServiceImpl,
} from '@connectrpc/connect';
import type { Batch, ReplicationService } from '@sheaf/proto/replication';
import type { ServerHttp2Session } from 'node:http2';
import type { Limits } from '../limits.ts';
import { type Bulk, toConnectError } from './bulk.ts';
import type { Histories } from './histories.ts';
import { peerCertificate } from './certificate.ts';
import { advertisedAddress, type BatchInit, type Links } from './links.ts';
import type { NodeId } from './message.ts';
import { describeHeld, type OperatorOptions, operatorCalls } from './operator.ts';
import type { NodeAddress } from './remote.ts';
import type { NodeUploads } from './node-uploads.ts';

/** The session that a call came over. */
export const SESSION = createContextKey<ServerHttp2Session | null>(null);

/** What the service answers from. */
export interface ServiceOptions extends OperatorOptions {
  readonly links: Links;
  readonly bulk: Bulk;
  readonly histories: Histories;
  readonly uploads: NodeUploads;
  readonly limits: Limits;
  /** The documents lie in a log that nodes share. */
  readonly shared: boolean;
  /** A node that linked itself says that it is called there. */
  readonly found: (node: NodeId, address: NodeAddress) => void;
}

/** The service of proto/sheaf/replication/v1. */
export function replicationService(options: ServiceOptions): ServiceImpl<typeof ReplicationService> {
  const { bulk, histories, holdings, limits, uploads } = options;
  return {
    link: (requests, context) => serveLink(options, requests, context),
    async fetchUpdates(request) {
      return bulk.updates(request).catch(rethrow);
    },
    async fetchAuthors(request) {
      return bulk.authors(request).catch(rethrow);
    },
    async *fetchSnapshot(request) {
      try {
        yield* bulk.chunks(request);
      } catch (thrown) {
        throw toConnectError(thrown);
      }
    },
    async *fetchHistory({ document }) {
      try {
        yield* histories.answer(document);
      } catch (thrown) {
        throw toConnectError(thrown);
      }
    },
    async *fetchUpload(request) {
      try {
        yield* uploads.chunks(request);
      } catch (thrown) {
        throw toConnectError(thrown);
      }
    },
    async takeUpload(request) {
      return uploads.take(request).catch(rethrow);
    },
    async exchangeDigest({ buckets }) {
      if (options.shared)
        throw new ConnectError('Nodes on one database hold the same.', Code.FailedPrecondition);
      const inventory = await holdings.now().catch(rethrow);
      const theirs = new Map(buckets.map(({ index, digest }) => [index, digest]));
      const { documents, remaining } = inventory.differences(theirs, limits.compareDocuments);
      return {
        documents: documents.map(({ document, held }) => describeHeld(document, held)),
        remaining: [...remaining],
      };
    },
    ...operatorCalls(options),
  };
}

function rethrow(thrown: unknown): never {
  throw toConnectError(thrown);
}

/** The side of a link that was dialled. */
async function* serveLink(
  options: ServiceOptions,
  requests: AsyncIterable<{ batch?: Batch | undefined }>,
  context: HandlerContext,
): AsyncGenerator<{ batch: BatchInit }> {
  const { links, limits } = options;
  const session = context.values.get(SESSION);
  const cut = (): void => session?.destroy();
  const batches = requests[Symbol.asyncIterator]();
  const read = async (): Promise<Batch | undefined> => {
    const late = setTimeout(cut, limits.peerAnswerMs);
    const { value, done } = await batches.next().finally(() => clearTimeout(late));
    return done === true ? undefined : value.batch;
  };
  const greeting = links.greeting();
  const certificate = peerCertificate(session?.socket);
  const peer = await links.greet(await read(), { dialled: false, certificate }).catch(rethrow);
  const address = advertisedAddress(peer.address, session?.socket.remoteAddress);
  if (address !== null) options.found(peer.node, address);
  // At once: the answer's headers wait for it.
  yield { batch: greeting.batch };
  // Who has got it says something at once. Who has not had given up before we came to look, because we stood still perhaps,
  // and must not take the place of a link that works.
  const second = await read();
  if (second === undefined) return;
  links.refuseSurplus(peer, false);
  const link = links.add(peer, false, cut);
  context.signal.addEventListener('abort', () => links.remove(link.id), { once: true });
  void readLink(link.receive, second, batches).then(
    () => links.remove(link.id),
    (thrown: unknown) => {
      links.remove(link.id);
      // A stream that broke is over already; one whose messages make no sense is ended.
      if (!(thrown instanceof ConnectError)) cut();
    },
  );
  try {
    yield* link.outbox;
  } finally {
    links.remove(link.id);
  }
}

/** Never waits for a write: what is to be answered waits in the outbox. */
async function readLink(
  receive: (batch: Batch) => void,
  first: Batch,
  batches: AsyncIterator<{ batch?: Batch | undefined }>,
): Promise<void> {
  receive(first);
  for (let next = await batches.next(); next.done !== true; next = await batches.next())
    if (next.value.batch !== undefined) receive(next.value.batch);
}
