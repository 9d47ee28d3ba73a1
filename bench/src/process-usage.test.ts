import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { CpuMeter, LOOK_MS } from './process-usage.ts';

/** What the worker uses of its core, µs. */
const BURNT_US = 50_000;

test('what a thread used counts behind its end: it is looked at while it runs', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  using meter = new CpuMeter(process.pid);
  const program = `
    while (process.threadCpuUsage().user < ${BURNT_US});
    require('node:worker_threads').parentPort.once('message', () => process.exit()).postMessage('burnt');`;
  const worker = new Worker(program, { eval: true });
  await once(worker, 'message');
  t.mock.timers.tick(LOOK_MS);
  worker.postMessage('end');
  await once(worker, 'exit');
  const ended = meter.look();
  assert.ok(ended >= BURNT_US, `${ended} µs are left`);
});
