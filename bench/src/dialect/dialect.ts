/** What a message of the server means to a client of the bench. */
export type Received =
  /** Content; `complete` when it answers the client's question for what it lacks (sync step 2). */
  | {
      readonly kind: 'content';
      readonly document: string;
      readonly update: Uint8Array;
      readonly complete: boolean;
    }
  /** The server asks for what the client has (sync step 1). */
  | { readonly kind: 'question'; readonly document: string }
  /** To be answered at once with `answer`, or the server takes the connection for dead. */
  | { readonly kind: 'ping'; readonly answer: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'other' };

/**
 * How a client of one protocol talks: messages, without their WebSocket frames. Stateless.
 */
export interface Dialect {
  /** Path of the WebSocket to `document`, or to any document. */
  path(document: string): string;
  /** Documents that one connection can open. */
  readonly documentsPerConnection: number;
  /** Whether the server syncs: a client that opens a document asks and is asked, and is ready once both are
   * answered. Without it a connection is ready when it is there. */
  readonly syncs: boolean;
  /** What opens a document, for a client whose Yjs state vector is `vector`. */
  open(document: string, vector: Uint8Array): Uint8Array[];
  /** Asks for what a client with this state vector lacks (sync step 1). */
  question(document: string, vector: Uint8Array): Uint8Array;
  /** Answers the server's question (sync step 2). */
  answer(document: string, update: Uint8Array): Uint8Array;
  /** Sends an edit. */
  update(document: string, update: Uint8Array): Uint8Array;
  /** Reads a message. Throws if it cannot be read. */
  read(message: Uint8Array): Received;
}

/** A Yjs update, V1, that holds nothing: no structs, no deletes. */
export const EMPTY_UPDATE = Uint8Array.of(0, 0);

/** Kinds of a y-protocols sync message. */
export const SYNC = { step1: 0, step2: 1, update: 2 } as const;
