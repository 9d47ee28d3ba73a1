import { createClient, createRouterTransport } from '@connectrpc/connect';
import { ReplicationService } from '@sheaf/proto/replication';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../limits.ts';
import { type DocumentName, parseDocumentName } from '../store/document-name.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import { parseNodeId } from './identity.ts';
import { type Held, Inventory } from './inventory.ts';
import { Verifier } from './verification.ts';

const content = (byte: number): Held => ({ kind: 'content', digest: new Uint8Array([byte]) });
const GONE: Held = { kind: 'deleted', time: 5 };

/** A node that holds `own`, linked to one that holds what `theirs` says at each question. */
async function verifier(
  own: Record<string, Held>,
  theirs: (document: string, question: number) => Held | undefined,
): Promise<Verifier> {
  const { log, catalogue } = openMemoryStore();
  const inventory = new Inventory();
  for (const [name, held] of Object.entries(own)) {
    await catalogue.create(parseDocumentName(name), 1);
    inventory.set(parseDocumentName(name), held);
  }
  let questions = 0;
  const transport = createRouterTransport((router) =>
    router.rpc(ReplicationService.method.locateDocument, ({ document }) => {
      const held = theirs(document, (questions += 1));
      if (held === undefined) return {};
      return held.kind === 'content'
        ? { held: { document, digest: held.digest } }
        : { held: { document, deletedTime: BigInt(held.time) } };
    }),
  );
  return new Verifier({
    log,
    catalogue,
    holdings: { of: (document) => Promise.resolve(inventory.get(document) ?? null) },
    limits: DEFAULT_LIMITS,
    replicas: () => [parseNodeId('other')],
    remote: () => ({ client: createClient(ReplicationService, transport) }),
  });
}

const documents = async (of: Promise<Verifier>): Promise<DocumentName[]> =>
  (await (await of).page('')).findings.map(({ document }) => document);

test('OPER-2 what another node holds otherwise, lacks, or has deleted is found', async () => {
  const own = { same: content(1), other: content(2), lacking: content(3), gone: content(4), both: GONE };
  const theirs: Record<string, Held> = { same: content(1), other: content(9), gone: GONE, both: GONE };
  const found = await documents(verifier(own, (document) => theirs[document]));
  assert.deepEqual(found.toSorted(), ['gone', 'lacking', 'other']);
});

test('OPER-2 what changes from one look to the next is on its way, and is not judged', async () => {
  assert.deepEqual(await documents(verifier({ busy: content(0) }, (_, question) => content(question))), []);
});

test('OPER-2 a difference that has gone at the second look is none', async () => {
  const late = verifier({ late: content(1) }, (_, question) => content(question === 1 ? 0 : 1));
  assert.deepEqual(await documents(late), []);
});
