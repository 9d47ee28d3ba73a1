/**
 * The frames of a channel (SPEC CH). A frame is `u8 type  varUint length  body`; varUint is LEB128 without sign, at
 * most 2^53 - 1. A carrier moves whole frames, one behind the other: a WebSocket message, the data of an event, and
 * the body of a request or an answer are each such a row.
 */

/** The version that this codec speaks, told in `hello`. */
export const CHANNEL_VERSION = 1;
/** Length of a channel's id and of its key, bytes: 128 random bits each. */
export const ID_BYTES = 16;
export const KEY_BYTES = 16;
/** Longest reason of a `close`, bytes of UTF-8 (as in RFC 6455, section 5.5). */
export const REASON_BYTES = 123;

const TYPES = {
  hello: 1,
  welcome: 2,
  take: 3,
  message: 16,
  part: 17,
  close: 18,
  presence: 32,
  ack: 48,
  ping: 49,
  pong: 50,
  drain: 51,
} as const;

/** Numbers count the frames that are counted, from 1, each side its own. */
export type Frame =
  | Hello
  | Welcome
  | Take
  | CountedFrame
  /** A message that may be lost: not counted, not repeated. */
  | { readonly type: 'presence'; readonly body: Uint8Array }
  /** How many counted frames of the peer have come. */
  | { readonly type: 'ack'; readonly received: number }
  /** Asks for a `pong` with the same number: proof of a round trip, and a sign of life. */
  | { readonly type: 'ping'; readonly nonce: number }
  | { readonly type: 'pong'; readonly nonce: number }
  /** The server is about to stop: come back after a random part of this time, ms. */
  | { readonly type: 'drain'; readonly afterMs: number };

/** The client's first frame on a carrier: `varUint version  id  key  varUint turn  varUint received  varUint from`. */
export interface Hello {
  readonly type: 'hello';
  readonly version: number;
  /** {@link ID_BYTES}, drawn by the client. */
  readonly id: Uint8Array;
  /** {@link KEY_BYTES}, drawn by the client: who shows the same is the same. */
  readonly key: Uint8Array;
  /** As in {@link Take}; 0 takes nothing and only proves the carrier. */
  readonly turn: number;
  readonly received: number;
  readonly from: number;
}

/** The server's answer to `hello`: `u8 resumed  varUint received  varUint heartbeatMs  varUint resumeMs`. */
export interface Welcome {
  readonly type: 'welcome';
  /** Whether the channel was there already. A client that had counted something starts anew if not. */
  readonly resumed: boolean;
  /** How many of the client's counted frames have come. */
  readonly received: number;
  /** Each side says something at least this often, ms. */
  readonly heartbeatMs: number;
  /** The server keeps a channel without a carrier for this long, ms. */
  readonly resumeMs: number;
}

/** The server's frames shall come by this carrier from now on: `varUint turn  varUint received  varUint from`. */
export interface Take {
  readonly type: 'take';
  /** Grows with each attempt of a client; a carrier takes over only from one with a smaller turn. */
  readonly turn: number;
  /** How many of the server's counted frames have come: the rest is repeated, on this carrier. */
  readonly received: number;
  /** The number of the client's frame before the first counted one that follows on this carrier. */
  readonly from: number;
}

/** Frames that both sides count, keep until they are acknowledged, and repeat. */
export type CountedFrame =
  /** The end of a message, or a whole one. */
  | { readonly type: 'message'; readonly body: Uint8Array }
  /** A message's beginning or middle. */
  | { readonly type: 'part'; readonly body: Uint8Array }
  /** The last frame of a side: `varUint code  reason in UTF-8`. Code and reason as in RFC 6455. */
  | { readonly type: 'close'; readonly code: number; readonly reason: string };

/** Bytes that are no frames. */
export class MalformedFrame extends Error {
  override readonly name = 'MalformedFrame';
}

/** Whether both sides count it. */
export function isCounted(frame: Frame): frame is CountedFrame {
  return frame.type === 'message' || frame.type === 'part' || frame.type === 'close';
}

/** A frame as bytes. Throws RangeError for numbers that are no whole ones from 0. */
export function encodeFrame(frame: Frame): Uint8Array {
  switch (frame.type) {
    case 'message':
    case 'part':
    case 'presence':
      return join(encodeHead(frame.type, frame.body.length), frame.body);
    case 'hello':
      return withBody(frame.type, [
        varUint(frame.version),
        frame.id,
        frame.key,
        varUint(frame.turn),
        varUint(frame.received),
        varUint(frame.from),
      ]);
    case 'welcome':
      return withBody(frame.type, [
        Uint8Array.of(frame.resumed ? 1 : 0),
        varUint(frame.received),
        varUint(frame.heartbeatMs),
        varUint(frame.resumeMs),
      ]);
    case 'take':
      return withBody(frame.type, [varUint(frame.turn), varUint(frame.received), varUint(frame.from)]);
    case 'close':
      return withBody(frame.type, [varUint(frame.code), shorten(frame.reason)]);
    case 'ack':
      return withBody(frame.type, [varUint(frame.received)]);
    case 'ping':
    case 'pong':
      return withBody(frame.type, [varUint(frame.nonce)]);
    case 'drain':
      return withBody(frame.type, [varUint(frame.afterMs)]);
  }
}

/** What stands before the body of a message that is too large to be copied: type and length. */
export function encodeHead(type: 'message' | 'part' | 'presence', length: number): Uint8Array {
  return join(Uint8Array.of(TYPES[type]), varUint(length));
}

/**
 * The frames of `bytes`, one behind the other; bodies are views of `bytes`. Throws {@link MalformedFrame} for bytes
 * that end too early, unknown types, and bodies with too little or too much in them.
 */
export function* decodeFrames(bytes: Uint8Array): Generator<Frame, void, undefined> {
  const row = new Reader(bytes);
  while (!row.done) {
    const type = row.byte();
    const length = row.varUint();
    yield decodeBody(type, new Reader(row.take(length)));
  }
}

function decodeBody(type: number, body: Reader): Frame {
  const frame = readBody(type, body);
  if (!body.done) throw new MalformedFrame(`A frame of type ${type} is longer than what it holds.`);
  return frame;
}

function readBody(type: number, body: Reader): Frame {
  switch (type) {
    case TYPES.message:
      return { type: 'message', body: body.rest() };
    case TYPES.part:
      return { type: 'part', body: body.rest() };
    case TYPES.presence:
      return { type: 'presence', body: body.rest() };
    case TYPES.close:
      return { type: 'close', code: body.varUint(), reason: utf8(body.rest()) };
    case TYPES.ack:
      return { type: 'ack', received: body.varUint() };
    case TYPES.ping:
      return { type: 'ping', nonce: body.varUint() };
    case TYPES.pong:
      return { type: 'pong', nonce: body.varUint() };
    case TYPES.drain:
      return { type: 'drain', afterMs: body.varUint() };
    case TYPES.take:
      return { type: 'take', turn: body.varUint(), received: body.varUint(), from: body.varUint() };
    case TYPES.hello:
      return {
        type: 'hello',
        version: body.varUint(),
        id: body.take(ID_BYTES),
        key: body.take(KEY_BYTES),
        turn: body.varUint(),
        received: body.varUint(),
        from: body.varUint(),
      };
    case TYPES.welcome:
      return {
        type: 'welcome',
        resumed: body.flag(),
        received: body.varUint(),
        heartbeatMs: body.varUint(),
        resumeMs: body.varUint(),
      };
    default:
      throw new MalformedFrame(`A frame of unknown type ${type}.`);
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new MalformedFrame('A frame ends too early.');
    this.#at += 1;
    return byte;
  }

  flag(): boolean {
    const byte = this.byte();
    if (byte > 1) throw new MalformedFrame(`A flag is ${byte}.`);
    return byte === 1;
  }

  varUint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw new MalformedFrame('A number is too large.');
      if (byte < 0x80) return value;
      factor *= 128;
      if (factor > Number.MAX_SAFE_INTEGER) throw new MalformedFrame('A number is too long.');
    }
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new MalformedFrame('A frame ends too early.');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at);
  }
}

function varUint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no whole number from 0.`);
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function withBody(type: keyof typeof TYPES, fields: readonly Uint8Array[]): Uint8Array {
  const length = fields.reduce((sum, field) => sum + field.length, 0);
  return join(Uint8Array.of(TYPES[type]), varUint(length), ...fields);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** A reason that fits, cut between characters. */
function shorten(reason: string): Uint8Array {
  const room = new Uint8Array(REASON_BYTES);
  const { written } = new TextEncoder().encodeInto(reason, room);
  return room.subarray(0, written);
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw new MalformedFrame('A reason is no UTF-8.', { cause: thrown });
  }
}
