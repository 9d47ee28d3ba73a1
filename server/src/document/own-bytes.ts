/** From this size on bytes are shared with the worker, bytes. */
const SHARED_BYTES = 1024 * 1024;

/**
 * Bytes of their own: a view into a network chunk is only valid now, and would keep the chunk. Many are shared with the
 * worker that looks at them: to clone them for it would take longer than a turn should.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length < SHARED_BYTES) return new Uint8Array(bytes);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
