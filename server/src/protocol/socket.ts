/**
 * A two-way stream of whole binary messages, as the protocols see it: a plain WebSocket, a channel, or an
 * in-memory pair in tests.
 */
export interface MessageSocket {
  /** Sends one message. The bytes are not copied and must not change afterwards. After close: nothing. */
  send(message: Uint8Array): void;
  /** Sends `head` and `body` as one message without joining them: many connections can share one large body. */
  sendParts(head: Uint8Array, body: Uint8Array): void;
  /** Bytes handed to `send` that the network has not taken yet. */
  readonly bufferedBytes: number;
  /** `drained` is called when bufferedBytes falls back under the bound given at construction. */
  onDrain(drained: () => void): void;
  /** Ends it in order: code per RFC 6455 (4000-4999 are the protocols'), reason at most 123 bytes of UTF-8. */
  close(code: number, reason: string): void;
  /** Stops and resumes reading; what waits stays with the network. */
  pause(): void;
  resume(): void;
}

/** What a protocol does with the messages of one socket. */
export interface SocketHandler {
  /** One whole message. The bytes are only valid during the call: copy what is kept. Must not throw. */
  message(data: Uint8Array): void;
  /** The network below it is lost for now: `resumed` follows, or `closed`. */
  lost?(): void;
  /** It goes on over another. Presence may have been lost on the way: everybody's shall be sent anew. */
  resumed?(): void;
  /** Called once, whoever closed. */
  closed(): void;
}
