import { create } from '@bufbuild/protobuf';
import { createContextValues, type HandlerContext } from '@connectrpc/connect';
import { type Batch, BatchSchema } from '@sheaf/proto/replication';
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { ClusterEvent } from './cluster-event.ts';
import { openIdentity, parseNodeId } from './identity.ts';
import { Links } from './links.ts';
import { replicationService, type ServiceOptions } from './service.ts';

/** Node `b`, and what happens on its links. */
async function serve(context: TestContext): Promise<{
  events: ClusterEvent[];
  dial: (batches: AsyncIterable<{ batch: Batch }>) => AsyncIterator<unknown>;
}> {
  const events: ClusterEvent[] = [];
  const host = {
    event: (event: ClusterEvent) => void events.push(event),
    ...{ asksPersisted: false, shared: false, isSuspect: () => false },
  };
  const links = new Links(await openIdentity(null, parseNodeId('b'), 0), DEFAULT_LIMITS, host);
  // What a link needs of all that a service does.
  const options = { links, limits: DEFAULT_LIMITS, found: () => {} } as unknown as ServiceOptions;
  const service = replicationService(options);
  const ending = new AbortController();
  context.after(() => ending.abort());
  const handler = { values: createContextValues(), signal: ending.signal } as unknown as HandlerContext;
  return {
    events,
    // The requests are read as they come, whatever else a generated message has.
    dial: (batches) => service.link(batches as never, handler)[Symbol.asyncIterator](),
  };
}

const GREETING = create(BatchSchema, {
  messages: [
    {
      kind: {
        case: 'hello',
        value: {
          ...{ version: 1, features: ['replica'], clusterId: 'f'.repeat(32), nodeId: 'a' },
          ...{ clusterCreated: BigInt(Date.now()), incarnation: 1n, address: '' },
        },
      },
    },
  ],
});

/** A dialler that greets, says so much more, and then ends when told. */
async function* dialler(more: number, ended: Promise<void>): AsyncGenerator<{ batch: Batch }> {
  yield { batch: GREETING };
  for (let at = 1; at <= more; at += 1) {
    const heartbeat = { kind: { case: 'heartbeat', value: { sent: 0n } } } as const;
    yield { batch: create(BatchSchema, { sequence: BigInt(at), messages: [heartbeat] }) };
  }
  await ended;
}

const kinds = (events: readonly ClusterEvent[]): string[] => events.map(({ kind }) => kind);

test('REPL-3 a link begins when the dialler has said something behind its greeting', async (context) => {
  const { events, dial } = await serve(context);
  const ended = Promise.withResolvers<void>();
  const answers = dial(dialler(2, ended.promise));
  assert.equal((await answers.next()).done, false, 'it is greeted');
  assert.deepEqual(kinds(events), []);
  const end = answers.next();
  while (events.length < 3) await turn();
  assert.deepEqual(kinds(events), ['linked', 'received', 'received']);
  ended.resolve();
  assert.equal((await end).done, true);
  assert.deepEqual(kinds(events), ['linked', 'received', 'received', 'unlinked']);
});

test('REPL-3 a dialler that had given up before it was greeted takes no link from itself', async (context) => {
  const { events, dial } = await serve(context);
  const never = new Promise<void>(() => {});
  const live = dial(dialler(1, never));
  await live.next();
  void live.next();
  while (events.length < 2) await turn();
  // What waited in a queue of the system while this node stood still: it greets, and then there is nothing or its end.
  for (const ending of [never, Promise.resolve()]) {
    const stale = dial(dialler(0, ending));
    await stale.next();
    const after = stale.next();
    if (ending !== never) assert.equal((await after).done, true);
    for (let at = 0; at < 20; at += 1) await turn();
    assert.deepEqual(kinds(events), ['linked', 'received']);
  }
  // It comes again, and stays: that takes the place of a link that is lost without a word.
  const anew = dial(dialler(1, never));
  await anew.next();
  void anew.next();
  while (events.length < 4) await turn();
  assert.deepEqual(kinds(events), ['linked', 'received', 'linked', 'received']);
});
