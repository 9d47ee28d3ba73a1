import type { ChannelProtocol } from '@sheaf/proto/channel/classify';

/** A provider is told something this often while there is no carrier, ms: it closes a socket that is silent for 30 s. */
export const COMFORT_MS = 12_000;

const MESSAGES: Readonly<Record<ChannelProtocol, Uint8Array>> = {
  // For a document with the name "\0", which nobody opens: the provider notes that something came, and drops it. A
  // bare pong would make it throw, and a ping would make it answer.
  hocuspocus: Uint8Array.of(1, 0, 0),
  // Awareness of nobody.
  yjs: Uint8Array.of(1, 1, 0),
};

/** A message that keeps a stock provider content and changes nothing. */
export function comfort(protocol: ChannelProtocol): Uint8Array {
  return MESSAGES[protocol];
}
