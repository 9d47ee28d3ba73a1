import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { CpuMeter } from './process-usage.ts';

/** What the worker uses of its core, µs. */
const BURNT_US = 50_000;

test('what a thread used counts behind its end, if it was looked at before', async () => {
  const meter = new CpuMeter(process.pid);
  const program = `
    while (process.threadCpuUsage().user < ${BURNT_US});
    require('node:worker_threads').parentPort.once('message', () => process.exit()).postMessage('burnt');`;
  const worker = new Worker(program, { eval: true });
  await once(worker, 'message');
  assert.ok(meter.look() >= BURNT_US);
  worker.postMessage('end');
  await once(worker, 'exit');
  const ended = meter.look();
  assert.ok(ended >= BURNT_US, `${ended} µs are left`);
});
