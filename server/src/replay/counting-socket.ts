import { WebSocket } from 'ws';
import type { RawData } from 'ws';

/** Payload bytes of WebSocket messages, frame headers not counted. */
export interface WireCount {
  sentBytes: number;
  sentMessages: number;
  receivedBytes: number;
  receivedMessages: number;
}

/** A count of nothing yet. */
export function emptyWireCount(): WireCount {
  return { sentBytes: 0, sentMessages: 0, receivedBytes: 0, receivedMessages: 0 };
}

function byteLength(data: unknown): number {
  if (typeof data === 'string') return Buffer.byteLength(data);
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return data.byteLength;
  return 0;
}

type Sendable = Parameters<WebSocket['send']>[0];
type SendOptions = Parameters<WebSocket['send']>[1];
type Done = (error?: Error) => void;

/** A WebSocket class for `WebSocketPolyfill`, whose sockets add what passes to `count`. */
export function countingSocket(count: WireCount): new (address: string | URL) => WebSocket {
  return class CountingSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols ?? []);
      this.on('message', (data: RawData) => {
        for (const part of Array.isArray(data) ? data : [data]) count.receivedBytes += part.byteLength;
        count.receivedMessages += 1;
      });
    }

    override send(data: Sendable, done?: Done): void;
    override send(data: Sendable, options: SendOptions, done?: Done): void;
    override send(data: Sendable, options?: SendOptions | Done, done?: Done): void {
      count.sentBytes += byteLength(data);
      count.sentMessages += 1;
      if (options === undefined || typeof options === 'function') super.send(data, options);
      else super.send(data, options, done);
    }
  };
}
