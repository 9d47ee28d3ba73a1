import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndingCalls } from './ending-worker-for-tests.ts';
import { WorkerCalls } from './worker-calls.ts';

const FILE = new URL('./ending-worker-for-tests.ts', import.meta.url);

async function untilHealthy(calls: WorkerCalls<EndingCalls>): Promise<void> {
  while (!calls.healthy()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test(
  'LOG-33 a thread that ends by itself refuses what is under way, and is there again',
  { timeout: 30_000 },
  async () => {
    const calls = new WorkerCalls<EndingCalls>(FILE, {});
    await calls.start();
    for (const round of ['one', 'two']) {
      assert.equal(await calls.call('echo', round), round);
      const [failed, behind] = await Promise.allSettled([
        calls.call('fail', null),
        calls.call('echo', 'behind'),
      ]);
      for (const refused of [failed, behind]) {
        assert.ok(refused.status === 'rejected');
        assert.match(String(refused.reason), /A storage thread ended: no memory is left/);
      }
      assert.equal(calls.healthy(), false);
      await assert.rejects(calls.call('echo', 'meanwhile'), /does not work now \(no memory is left\)/);
      await untilHealthy(calls);
    }
    assert.equal(await calls.call('echo', 'again'), 'again');
    await calls.close();
    await assert.rejects(calls.call('echo', 'late'), { code: 'storage-unavailable' });
  },
);

test('LOG-33 a store that is closed while its thread is away stays closed', { timeout: 30_000 }, async () => {
  const calls = new WorkerCalls<EndingCalls>(FILE, {});
  await calls.start();
  await assert.rejects(calls.call('fail', null));
  await calls.close();
  assert.equal(calls.healthy(), false);
});

test('a thread that never started is not tried again', { timeout: 30_000 }, async () => {
  const calls = new WorkerCalls<EndingCalls>(new URL('./no-such-worker.ts', import.meta.url), {});
  await assert.rejects(calls.start(), { code: 'storage-unavailable' });
  assert.equal(calls.healthy(), false);
});
