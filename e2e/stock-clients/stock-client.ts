import { HocuspocusProvider } from '@hocuspocus/provider';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

/** What the stock providers share of y-protocols' Awareness. */
interface Awareness {
  setLocalState(state: { name: string }): void;
  getStates(): Map<number, Record<string, unknown>>;
}

/**
 * A stock provider as it is published, on one document, for tests: the same in Node and in a browser's page, whose
 * WebSocket it uses. It takes no other option than where to connect.
 */
export class StockClient {
  readonly #doc: Y.Doc;
  readonly #awareness: Awareness | null;
  readonly #synced: () => boolean;
  readonly #unsyncedChanges: () => number;
  readonly #leave: () => void;

  private constructor(parts: {
    doc: Y.Doc;
    awareness: Awareness | null;
    synced: () => boolean;
    unsyncedChanges: () => number;
    leave: () => void;
  }) {
    this.#doc = parts.doc;
    this.#awareness = parts.awareness;
    this.#synced = parts.synced;
    this.#unsyncedChanges = parts.unsyncedChanges;
    this.#leave = parts.leave;
  }

  /** Connects Hocuspocus's provider. `base`: `ws://HOST:PORT`. */
  static hocuspocus(base: string, name: string): StockClient {
    const doc = new Y.Doc();
    const provider = new HocuspocusProvider({ url: `${base}/hocuspocus`, name, document: doc });
    return new StockClient({
      doc,
      awareness: provider.awareness,
      synced: () => provider.synced,
      unsyncedChanges: () => provider.unsyncedChanges,
      leave: () => provider.destroy(),
    });
  }

  /** Connects y-websocket's provider, whose protocol acknowledges nothing. `base`: `ws://HOST:PORT`. */
  static yWebSocket(base: string, name: string): StockClient {
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(`${base}/yjs`, name, doc);
    return new StockClient({
      doc,
      awareness: provider.awareness,
      synced: () => provider.synced,
      unsyncedChanges: () => 0,
      leave: () => provider.destroy(),
    });
  }

  /** Whether its provider says so. */
  get synced(): boolean {
    return this.#synced();
  }

  /** What its provider has not seen acknowledged. */
  get unsyncedChanges(): number {
    return this.#unsyncedChanges();
  }

  get text(): string {
    return this.#doc.getText('text').toString();
  }

  /** Types a word at the front, a letter at a time. */
  type(word: string): void {
    const text = this.#doc.getText('text');
    [...word].forEach((letter, at) => text.insert(at, letter));
  }

  /** Takes away the last `count` characters. */
  deleteLast(count: number): void {
    const text = this.#doc.getText('text');
    text.delete(text.length - count, count);
  }

  /** Gives its person a name. */
  introduce(name: string): void {
    this.#awareness?.setLocalState({ name });
  }

  /** Who is here, as this client sees it; sorted, and joined with commas. */
  get names(): string {
    const states = [...(this.#awareness?.getStates().values() ?? [])];
    return states
      .map(({ name }) => String(name))
      .sort()
      .join();
  }

  /** Ends the provider's life as a program does that is through with it. */
  leave(): void {
    this.#leave();
    this.#doc.destroy();
  }
}
