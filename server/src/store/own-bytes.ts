/** From this size on bytes are shared with the workers that look at them, bytes. */
const SHARED_BYTES = 1024 * 1024;

/**
 * Bytes of their own: a view into a network chunk is only valid now, and would keep the chunk. Many are shared with the
 * worker that looks at them: to clone them for it would take longer than a turn should.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.length < SHARED_BYTES ? new Uint8Array(bytes) : sharedBytes(bytes);
}

/** Bytes that threads hand on without a copy, if they are many: those that are shared already, or a copy; few as they are. */
export function sharedBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length < SHARED_BYTES || isShared(bytes)) return bytes;
  const shared = roomFor(bytes.length);
  shared.set(bytes);
  return shared;
}

/** Whether threads hand these bytes on as they are, and nothing else lies beside them. */
export function isShared(bytes: Uint8Array): boolean {
  return bytes.buffer instanceof SharedArrayBuffer && bytes.length === bytes.buffer.byteLength;
}

/** Bytes in all parts. */
export function sizeOf(parts: readonly Uint8Array[]): number {
  let size = 0;
  for (const { length } of parts) size += length;
  return size;
}

/** The bytes of all parts in one buffer of their own, which can be handed over. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  // Not Buffer.concat, whose small results lie in a shared pool that cannot be handed over.
  const joined = roomFor(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Room for so many bytes, shared if they are many. */
export function roomFor(length: number): Uint8Array {
  return new Uint8Array(length < SHARED_BYTES ? new ArrayBuffer(length) : new SharedArrayBuffer(length));
}
