import { classify } from '@sheaf/proto/channel/classify';
import type { ChannelProtocol } from '@sheaf/proto/channel/classify';

/** People whose last state is kept at most, per channel; beyond it the oldest are forgotten. */
const KEPT_STATES = 1_000;
/** Message type of awareness in both protocols. */
const AWARENESS = 1;

/**
 * The presence that a side has sent last, by document and client: latest wins, and all of it is sent again on
 * another carrier (SPEC CH-5).
 */
export class LatestPresence {
  readonly #protocol: ChannelProtocol;
  readonly #states = new Map<string, Uint8Array>();
  readonly #unsent = new Set<string>();
  #bytes = 0;

  constructor(protocol: ChannelProtocol) {
    this.#protocol = protocol;
  }

  /** What waits to be sent, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps `message` if it is somebody's state, and tells so. One that takes states away makes it forget them. */
  take(message: Uint8Array): boolean {
    const found = classify(this.#protocol, message);
    if (found.type === 'counted') {
      for (const key of announced(this.#protocol, message)) this.#forget(key);
      return false;
    }
    this.#forget(found.key);
    this.#states.set(found.key, message);
    this.#unsent.add(found.key);
    this.#bytes += message.length;
    const [oldest] = this.#states.keys();
    if (this.#states.size > KEPT_STATES && oldest !== undefined) this.#forget(oldest);
    return true;
  }

  /** Gives what waits to `write` until that refuses. */
  drain(write: (message: Uint8Array) => boolean): void {
    for (const key of [...this.#unsent]) {
      const message = this.#states.get(key);
      if (message === undefined || !write(message)) return;
      this.#unsent.delete(key);
      this.#bytes -= message.length;
    }
  }

  /** All of it waits again. */
  repeat(): void {
    for (const [key, message] of this.#states) {
      if (this.#unsent.has(key)) continue;
      this.#unsent.add(key);
      this.#bytes += message.length;
    }
  }

  #forget(key: string): void {
    const message = this.#states.get(key);
    if (message === undefined) return;
    this.#states.delete(key);
    if (this.#unsent.delete(key)) this.#bytes -= message.length;
  }
}

/**
 * The keys of those whom a counted message tells something about, as `classify` would name them. Such a message is
 * rebuilt for each person, with a state that `classify` takes for presence.
 */
function announced(protocol: ChannelProtocol, message: Uint8Array): string[] {
  const at = { position: 0 };
  if (protocol === 'hocuspocus') at.position = (varUint(message, at) ?? message.length) + at.position;
  const address = message.subarray(0, at.position);
  if (message[at.position] !== AWARENESS) return [];
  at.position += 1;
  varUint(message, at);
  const count = varUint(message, at) ?? 0;
  const keys: string[] = [];
  for (let person = 0; person < count && person < KEPT_STATES; person++) {
    const start = at.position;
    if (varUint(message, at) === null) break;
    const client = message.subarray(start, at.position);
    const clock = varUint(message, at);
    const length = varUint(message, at);
    if (clock === null || length === null) break;
    at.position += length;
    // Awareness of one client at clock 0 with a state of two bytes, `{}`.
    const one = [...address, AWARENESS, client.length + 5, 1, ...client, 0, 2, 0x7b, 0x7d];
    const found = classify(protocol, Uint8Array.from(one));
    if (found.type === 'presence') keys.push(found.key);
  }
  return keys;
}

/** LEB128 without sign, as lib0 writes it; null where it is none. */
function varUint(bytes: Uint8Array, at: { position: number }): number | null {
  let value = 0;
  for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
    const byte = bytes[at.position];
    if (byte === undefined) return null;
    at.position += 1;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
  }
  return null;
}
