/*
 * A WebSocket message from server to client is one frame (RFC 6455, section 5.2):
 *   byte 0x82 (final, binary)  length: 1 byte, or 126 and 2 bytes, or 127 and 8 bytes  payload, unmasked
 */

const FINAL_BINARY = 0x82;

/** The header of a binary message of `length` bytes, with room for `extra` bytes behind it. */
function allocate(length: number, extra: number): { frame: Buffer; at: number } {
  if (length < 126) {
    const frame = Buffer.allocUnsafe(2 + extra);
    frame[1] = length;
    frame[0] = FINAL_BINARY;
    return { frame, at: 2 };
  }
  if (length < 65_536) {
    const frame = Buffer.allocUnsafe(4 + extra);
    frame[0] = FINAL_BINARY;
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
    return { frame, at: 4 };
  }
  const frame = Buffer.allocUnsafe(10 + extra);
  frame[0] = FINAL_BINARY;
  frame[1] = 127;
  frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
  frame.writeUInt32BE(length % 2 ** 32, 6);
  return { frame, at: 10 };
}

/** The header of a message of `length` bytes, and behind it as much of the payload as is given. */
export function encodeFrame(length: number, ...payload: readonly Uint8Array[]): Buffer {
  let extra = 0;
  for (const part of payload) extra += part.length;
  const { frame, at } = allocate(length, extra);
  let position = at;
  for (const part of payload) {
    frame.set(part, position);
    position += part.length;
  }
  return frame;
}
