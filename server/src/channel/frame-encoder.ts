import { classify, type ChannelProtocol } from '@sheaf/proto/channel/classify';
import { encodeFrame, encodeHead } from '@sheaf/proto/channel/frame';
import { encodeMessage, PART_BYTES, type EncodedFrame } from '@sheaf/proto/channel/outgoing';

const EMPTY = new Uint8Array(0);
const NO_FRAMES: SentMessage = { type: 'counted', frames: [] };

/** Up to this size a frame's head and body are joined, once for all channels, bytes. */
const JOIN_BYTES = 16 * 1024;

/** A message as its frames. */
export type SentMessage =
  | { readonly type: 'counted'; readonly frames: readonly EncodedFrame[] }
  | { readonly type: 'presence'; readonly frame: EncodedFrame; readonly key: string };

/**
 * Makes frames of messages, for all channels of a server: a message that goes to many is looked at and encoded once.
 * Small frames are whole in `body`, with an empty `head`; large bodies are views of the message.
 */
export class FrameEncoder {
  #message: Uint8Array = EMPTY;
  #protocol: ChannelProtocol = 'hocuspocus';
  #sent: SentMessage = NO_FRAMES;
  #clearing = false;
  #encoded = 0;

  /** How many messages were encoded: those that were shared count once. */
  get encoded(): number {
    return this.#encoded;
  }

  /** The frames of a message. Its bytes must not change afterwards. */
  encode(protocol: ChannelProtocol, message: Uint8Array): SentMessage {
    if (message === this.#message && protocol === this.#protocol) return this.#sent;
    this.#message = message;
    this.#protocol = protocol;
    this.#sent = encode(protocol, message);
    this.#encoded += 1;
    if (!this.#clearing) {
      this.#clearing = true;
      process.nextTick(this.#clear);
    }
    return this.#sent;
  }

  /** The last message must not be kept in memory by an encoder that is idle. */
  readonly #clear = (): void => {
    this.#clearing = false;
    this.#message = EMPTY;
    this.#sent = NO_FRAMES;
  };
}

function encode(protocol: ChannelProtocol, message: Uint8Array): SentMessage {
  const what = classify(protocol, message);
  if (what.type === 'counted') return { type: 'counted', frames: encodeMessage(message).map(joined) };
  const frame = joined({ head: encodeHead('presence', message.length), body: message });
  return { type: 'presence', frame, key: what.key };
}

/** The frames of a message in two pieces; a large `body` is not copied. */
export function encodeInParts(head: Uint8Array, body: Uint8Array): readonly EncodedFrame[] {
  if (head.length + body.length <= JOIN_BYTES || head.length > PART_BYTES)
    return encodeMessage(Buffer.concat([head, body])).map(joined);
  const beside = Math.min(body.length, PART_BYTES - head.length);
  const type = beside === body.length ? 'message' : 'part';
  const first = {
    head: Buffer.concat([encodeHead(type, head.length + beside), head]),
    body: body.subarray(0, beside),
  };
  if (type === 'message') return [first];
  return [first, ...encodeMessage(body.subarray(beside)).map(joined)];
}

/** So many messages without a body, as one row of frames. */
export function encodeEmpty(count: number): Uint8Array {
  const one = encodeFrame({ type: 'message', body: EMPTY });
  return Buffer.alloc(count * one.length, one);
}

/** A frame that is neither counted nor shared. */
export function encodeLoose(frame: Parameters<typeof encodeFrame>[0]): EncodedFrame {
  return { head: EMPTY, body: encodeFrame(frame) };
}

function joined(frame: EncodedFrame): EncodedFrame {
  if (frame.head.length + frame.body.length > JOIN_BYTES) return frame;
  return { head: EMPTY, body: Buffer.concat([frame.head, frame.body]) };
}
