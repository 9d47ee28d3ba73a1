import { parentPort } from 'node:worker_threads';
import type { Notice, Reply, Request } from './worker-messages.ts';

/** What the worker of the tests of {@link WorkerCalls} can be asked for. */
export interface EndingCalls {
  echo: [string, string];
  /** The thread ends, as one that is out of memory does: with an error that nobody catches. */
  fail: [null, void];
  close: [null, void];
}

parentPort?.on('message', (request: Request<EndingCalls>) => {
  if (request.call === 'fail') throw new Error('no memory is left');
  const reply: Reply = request.call === 'echo' ? { id: request.id, result: request.argument } : request.id;
  parentPort?.postMessage(reply);
});
const ready: Notice = { state: 'ready' };
parentPort?.postMessage(ready);
