import { Code, ConnectError } from '@connectrpc/connect';
import { create } from '@bufbuild/protobuf';
import { BatchSchema } from '@sheaf/proto/replication';
import assert from 'node:assert/strict';
import test from 'node:test';
import { DEFAULT_LIMITS } from '../limits.ts';
import { openIdentity, parseNodeId } from './identity.ts';
import { Links } from './links.ts';

/** Greets a node `own` as `node` would, whose certificate names `named` (null: there is no TLS). */
async function greet(node: string, named: string | null, dialled: boolean): Promise<Code | null> {
  const host = { event: () => {}, asksPersisted: false, shared: false, isSuspect: () => false };
  const links = new Links(await openIdentity(null, parseNodeId('own'), 0), DEFAULT_LIMITS, host);
  const hello = {
    ...{ version: 1, features: ['replica', 'of-a-later-version'], clusterId: 'f'.repeat(32), nodeId: node },
    ...{ clusterCreated: BigInt(Date.now()), incarnation: 1n, address: '' },
  };
  const batch = create(BatchSchema, { messages: [{ kind: { case: 'hello', value: hello } }] });
  const certificate =
    named === null ? null : { checkHost: (name: string) => (name === named ? name : undefined) };
  try {
    const greeting = await links.greet(batch, { dialled, certificate });
    assert.equal(greeting.node, node);
    assert.deepEqual(greeting.features, { replica: true, tellsPersisted: false, asksPersisted: false });
    return null;
  } catch (thrown) {
    return ConnectError.from(thrown).code;
  }
}

test('REPL-12 who dials and who is dialled must have a certificate that names the node', async () => {
  for (const dialled of [true, false]) {
    assert.equal(await greet('b', 'b', dialled), null);
    assert.equal(await greet('b', 'thief', dialled), Code.PermissionDenied);
    assert.equal(await greet('b', null, dialled), null);
  }
});
