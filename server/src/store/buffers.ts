import type { Transferable } from 'node:worker_threads';

/** Every buffer in a message, so that bytes change hands instead of being copied. */
export function buffersOf(message: unknown, found = new Set<ArrayBuffer>()): Transferable[] {
  if (ArrayBuffer.isView(message)) {
    if (message.buffer instanceof ArrayBuffer) found.add(message.buffer);
  } else if (typeof message === 'object' && message !== null) {
    for (const part of Object.values(message)) buffersOf(part, found);
  }
  return [...found];
}
