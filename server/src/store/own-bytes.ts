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
  const isWhole = bytes.length === bytes.buffer.byteLength;
  if (bytes.length < SHARED_BYTES || (isWhole && bytes.buffer instanceof SharedArrayBuffer)) return bytes;
  const shared = roomFor(bytes.length);
  shared.set(bytes);
  return shared;
}

/** Room for so many bytes, shared if they are many. */
export function roomFor(length: number): Uint8Array {
  return new Uint8Array(length < SHARED_BYTES ? new ArrayBuffer(length) : new SharedArrayBuffer(length));
}
