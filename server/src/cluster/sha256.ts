import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';

/** Bytes that are hashed in one turn of the event loop: 1 to 3 ms. */
const HASHED_AT_ONCE = 1024 * 1024;

/** A hash of any number of bytes: a piece at a time, so that nobody waits for all of a large one. */
export async function sha256(bytes: Uint8Array): Promise<Buffer> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) {
    if (at > 0) await turn();
    hash.update(bytes.subarray(at, at + HASHED_AT_ONCE));
  }
  return hash.digest();
}
