/**
 * Tells presence from what must not be lost, by a look at a message's first bytes. One function per protocol, used
 * by both sides of a channel.
 */

/** The protocols that a channel may carry. */
export type ChannelProtocol = 'hocuspocus' | 'yjs';

/**
 * What a message is to a channel. `presence`: somebody's state, latest wins for its `key` (a document and a client).
 * Removals and messages about several people are counted, like everything else.
 */
export type MessageClass = { readonly type: 'counted' } | { readonly type: 'presence'; readonly key: string };

const COUNTED: MessageClass = { type: 'counted' };
/** Message type of awareness in both protocols (Hocuspocus 4.8, y-websocket 3.1). */
const AWARENESS = 1;
/** `null` as JSON. */
const REMOVED = [0x6e, 0x75, 0x6c, 0x6c];

/** What `message` of `protocol` is. What can't be read is counted: the protocol itself will judge it. */
export function classify(protocol: ChannelProtocol, message: Uint8Array): MessageClass {
  const at = { position: 0 };
  if (protocol === 'hocuspocus') {
    const length = varUint(message, at);
    if (length === null) return COUNTED;
    at.position += length;
  }
  const addressEnd = at.position;
  if (message[at.position] !== AWARENESS) return COUNTED;
  at.position += 1;
  const bytes = varUint(message, at);
  const clients = varUint(message, at);
  const client = varUint(message, at);
  const clock = varUint(message, at);
  const stateLength = varUint(message, at);
  if (bytes === null || clients !== 1 || client === null || clock === null || stateLength === null)
    return COUNTED;
  const state = message.subarray(at.position);
  if (state.length !== stateLength) return COUNTED;
  if (stateLength === REMOVED.length && REMOVED.every((byte, index) => state[index] === byte)) return COUNTED;
  return { type: 'presence', key: `${latin1(message.subarray(0, addressEnd))}${client}` };
}

function varUint(bytes: Uint8Array, at: { position: number }): number | null {
  let value = 0;
  for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
    const byte = bytes[at.position];
    if (byte === undefined) return null;
    at.position += 1;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return Number.isSafeInteger(value) ? value : null;
  }
  return null;
}

/** Bytes as a string that is a key and nothing else. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
