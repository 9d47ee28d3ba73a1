import { randomBytes } from 'node:crypto';

/*
 * WebSocket frames (RFC 6455, section 5.2) as a client needs them. Written out here because the load process
 * shares one core among thousands of connections: frames are made ahead of time and most are never parsed.
 */

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** A whole message, or a control frame that the caller must act on. */
export type Frame =
  | { readonly kind: 'message'; readonly data: Uint8Array }
  | { readonly kind: 'ping'; readonly data: Uint8Array }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

function encode(opcode: number, payload: Uint8Array): Buffer {
  const size = payload.length;
  const head = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + 4 + size);
  frame[0] = 0x80 | opcode;
  if (head === 2) frame[1] = 0x80 | size;
  else if (head === 4) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(size, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(size), 2);
  }
  // A mask of zeros would spare some servers the unmasking that they do for a browser.
  const mask = randomBytes(4);
  mask.copy(frame, head);
  const body = head + 4;
  for (let at = 0; at < size; at += 1) frame[body + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return frame;
}

/** `payload` as one masked binary frame of a client. */
export function encodeMessage(payload: Uint8Array): Buffer {
  return encode(BINARY, payload);
}

/** A masked pong, the answer to a ping with this payload. */
export function encodePong(payload: Uint8Array): Buffer {
  return encode(PONG, payload);
}

interface Head {
  readonly final: boolean;
  readonly opcode: number;
  /** Where the payload begins and ends. */
  readonly from: number;
  readonly to: number;
}

function readHead(bytes: Buffer): Head | null {
  const first = bytes[0];
  const second = bytes[1];
  if (first === undefined || second === undefined) return null;
  if ((second & 0x80) !== 0) throw new Error('a server must not mask its frames (RFC 6455, section 5.1)');
  const short = second & 0x7f;
  const from = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < from) return null;
  const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, from, to: from + size };
}

/** Turns the bytes of a server, in whatever pieces they come, into frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #fragments: Buffer[] = [];

  /** The frames that `chunk` completes. The chunk is not kept. Throws on a frame that a server must not send. */
  push(chunk: Uint8Array): Frame[] {
    let rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    for (let head = readHead(rest); head !== null && rest.length >= head.to; head = readHead(rest)) {
      const frame = this.#frame(head, rest.subarray(head.from, head.to));
      if (frame !== null) frames.push(frame);
      rest = rest.subarray(head.to);
    }
    this.#rest = rest;
    return frames;
  }

  #frame(head: Head, payload: Buffer): Frame | null {
    switch (head.opcode) {
      case 0:
      case TEXT:
      case BINARY: {
        if (!head.final || this.#fragments.length > 0) this.#fragments.push(payload);
        if (!head.final) return null;
        const data = this.#fragments.length === 0 ? payload : Buffer.concat(this.#fragments);
        this.#fragments = [];
        return { kind: 'message', data };
      }
      case PING:
        return { kind: 'ping', data: payload };
      case PONG:
        return null;
      case CLOSE: {
        const code = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
        return { kind: 'close', code, reason: payload.subarray(2).toString() };
      }
      default:
        throw new Error(`frame with unknown opcode ${head.opcode}`);
    }
  }
}
