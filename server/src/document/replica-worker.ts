import { parentPort } from 'node:worker_threads';
import { ReplicaTasks, type Request, type Response } from './replica-tasks.ts';

/** What is large in an answer: nobody here needs it any more, and the main thread need not copy it. */
function transferred(response: Response): ArrayBuffer[] {
  const found = 'answer' in response ? response.answer : null;
  if (found === null || typeof found !== 'object') return [];
  if (found instanceof Uint8Array) return buffersOf([found]);
  if ('deleteSet' in found) return buffersOf([found.update, found.stateVector, found.deleteSet]);
  if (!('piece' in found) || found.piece === null) return [];
  const { source, deletes } = found.piece;
  return buffersOf([
    source,
    ...deletes.map(({ bounds }) => bounds).filter((bounds) => ArrayBuffer.isView(bounds)),
  ]);
}

/** The buffers that hold these bytes and nothing else, each once. */
function buffersOf(parts: readonly ArrayBufferView[]): ArrayBuffer[] {
  const whole = parts.filter(({ byteLength, buffer }) => byteLength === buffer.byteLength);
  return [...new Set(whole.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer))];
}

const tasks = new ReplicaTasks();
parentPort?.on('message', (request: Request) => {
  const response = tasks.respond(request);
  parentPort?.postMessage(response, transferred(response));
});
