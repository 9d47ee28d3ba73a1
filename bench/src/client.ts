import { Connection } from './connection.ts';
import { EMPTY_UPDATE } from './dialect/dialect.ts';
import type { Dialect } from './dialect/dialect.ts';
import { encodeMessage } from './frame.ts';

/** Longest that a server may take to open a document, ms. */
const OPEN_MS = 30_000;

interface Opening {
  complete: boolean;
  done: () => void;
}

/** Somebody connected to a server: speaks a dialect on one connection, with as many documents as it carries. */
export class Client {
  readonly connection: Connection;
  /** Called with every update that the server sends, until the connection only counts. */
  onContent: (update: Uint8Array, document: string) => void = () => {};
  readonly #dialect: Dialect;
  readonly #openings = new Map<string, Opening>();
  /** Documents whose server has asked: y-websocket's asks before anybody opens. */
  readonly #answered = new Set<string>();
  #failed: (reason: string) => void = () => {};

  constructor(connection: Connection, dialect: Dialect) {
    this.connection = connection;
    this.#dialect = dialect;
  }

  /** Connects to where `document` can be opened. `failed` is called if the server refuses or ends it later. */
  static async connect(options: {
    port: number;
    dialect: Dialect;
    document: string;
    failed: (reason: string) => void;
  }): Promise<Client> {
    const { port, dialect, document } = options;
    const connection = await Connection.open({ port, path: dialect.path(document) });
    const client = new Client(connection, dialect);
    client.#failed = options.failed;
    connection.onMessage = (message) => client.#receive(message);
    connection.onClosed = options.failed;
    return client;
  }

  /** Opens a document and settles when both sides have synced. `vector`: Yjs state vector of what is there. */
  async open(document: string, vector: Uint8Array): Promise<void> {
    if (!this.#dialect.syncs) return;
    const opened = this.#wait(document);
    for (const message of this.#dialect.open(document, vector)) this.connection.send(message);
    await opened;
  }

  /** Puts an update into an open document, and settles when the server has taken it: a question sent behind
   * it has been answered. */
  async put(document: string, update: Uint8Array, vector: Uint8Array): Promise<void> {
    if (!this.#dialect.syncs) return;
    const taken = this.#wait(document);
    this.connection.send(this.#dialect.update(document, update));
    this.connection.send(this.#dialect.question(document, vector));
    await taken;
  }

  /** The frame that sends an edit, for `connection.sendFrame`. */
  frame(document: string, update: Uint8Array): Buffer {
    return encodeMessage(this.#dialect.update(document, update));
  }

  #wait(document: string): Promise<void> {
    const key = this.#dialect.documentsPerConnection === 1 ? '' : document;
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`"${document}" did not open within ${OPEN_MS} ms`)),
        OPEN_MS,
      );
      const done = (): void => {
        clearTimeout(late);
        this.#openings.delete(key);
        resolve();
      };
      this.#openings.set(key, { complete: false, done });
    });
  }

  #receive(message: Uint8Array): void {
    const received = this.#dialect.read(message);
    switch (received.kind) {
      case 'content':
        this.onContent(received.update, received.document);
        if (received.complete) this.#progress(received.document, true);
        break;
      case 'question':
        this.connection.send(this.#dialect.answer(received.document, EMPTY_UPDATE));
        this.#answered.add(received.document);
        this.#progress(received.document, false);
        break;
      case 'ping':
        this.connection.send(received.answer);
        break;
      case 'refused':
        this.#failed(`the server refused: ${received.reason}`);
        break;
      case 'other':
        break;
    }
  }

  #progress(document: string, complete: boolean): void {
    const opening = this.#openings.get(document);
    if (opening === undefined) return;
    opening.complete ||= complete;
    if (opening.complete && this.#answered.has(document)) opening.done();
  }
}
