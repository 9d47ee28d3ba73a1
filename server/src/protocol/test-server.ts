import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import * as Y from 'yjs';
import { WebsocketProvider } from 'y-websocket';
import type { Access } from '../access/access.ts';
import { OpenAccess } from '../access/open.ts';
import { Documents } from '../document/documents.ts';
import type { SheafError } from '../error.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { parseDocumentName } from '../store/document-name.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import { acceptHocuspocus } from './hocuspocus.ts';
import { KeepAlive } from './keep-alive.ts';
import { MemorySocket, memoryWebSocket } from './memory-socket.ts';
import type { ProtocolContext } from './protocol-context.ts';
import { acceptYWebSocket } from './y-websocket.ts';

/** An engine with both protocols and no network, for tests. */
export class TestServer implements AsyncDisposable {
  readonly store = openMemoryStore();
  readonly limits: Limits;
  readonly documents: Documents;
  readonly reports: { words: string; error: SheafError }[] = [];
  /** Sockets in the order in which clients opened them. */
  readonly sockets: MemorySocket[] = [];
  /** Decides whether a client's message gets through. */
  passesUp: (message: Uint8Array) => boolean = () => true;
  readonly #context: ProtocolContext;
  readonly #ends: (() => void)[] = [];

  constructor(options: { limits?: Partial<Limits>; access?: Access } = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    const report = (words: string, error: SheafError): void => void this.reports.push({ words, error });
    this.documents = new Documents({ store: this.store, limits: this.limits, report });
    this.#context = {
      documents: this.documents,
      access: options.access ?? new OpenAccess(),
      limits: this.limits,
      keepAlive: new KeepAlive(this.limits.keepAliveMs),
      time: Date.now,
    };
  }

  /** A WebSocket class that leads here: to y-websocket's protocol below `/yjs/`, else to Hocuspocus's. */
  get WebSocket(): new (url: string) => MemorySocket {
    const { sockets } = this;
    const Base = memoryWebSocket({
      passesUp: (message) => this.passesUp(message),
      accept: (socket, url) => {
        const { pathname, searchParams } = new URL(url);
        const peer = { address: '127.0.0.1', token: searchParams.get('token') ?? '', origin: null };
        if (!pathname.startsWith('/yjs/')) return acceptHocuspocus(this.#context, socket, peer);
        const document = parseDocumentName(decodeURIComponent(pathname.slice('/yjs/'.length)));
        return acceptYWebSocket(this.#context, socket, { peer, document });
      },
    });
    return class extends Base {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    };
  }

  /** A stock Hocuspocus provider on a document. It ends with the server. */
  hocuspocus(name: string, options: { doc?: Y.Doc; token?: string; socket?: HocuspocusProviderWebsocket } = {}): HocuspocusProvider {
    const { doc = new Y.Doc(), token = 'none' } = options;
    const websocketProvider = options.socket ?? this.hocuspocusSocket();
    const provider = new HocuspocusProvider({ name, document: doc, token, websocketProvider });
    provider.attach();
    this.#ends.push(() => {
      provider.destroy();
      doc.destroy();
    });
    return provider;
  }

  /** A stock Hocuspocus socket, for several documents. It ends with the server. */
  hocuspocusSocket(): HocuspocusProviderWebsocket {
    const socket = new HocuspocusProviderWebsocket({
      url: 'ws://sheaf/hocuspocus',
      WebSocketPolyfill: this.WebSocket,
      delay: 5,
      minDelay: 5,
      maxDelay: 50,
    });
    this.#ends.push(() => socket.destroy());
    return socket;
  }

  /** A stock y-websocket provider on a document. It ends with the server. */
  yWebSocket(name: string, options: { doc?: Y.Doc; token?: string } = {}): WebsocketProvider {
    const { doc = new Y.Doc(), token } = options;
    const provider = new WebsocketProvider('ws://sheaf/yjs', encodeURIComponent(name), doc, {
      // The polyfill has what the provider uses of a WebSocket, which is less than its type asks for.
      WebSocketPolyfill: this.WebSocket as unknown as typeof WebSocket,
      disableBc: true,
      params: token === undefined ? {} : { token },
    });
    this.#ends.push(() => {
      provider.destroy();
      doc.destroy();
    });
    return provider;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) end();
    await this.documents.close();
    this.#context.keepAlive.close();
    await this.store.close();
  }
}

/** Resolves when `holds` does, looked at each turn of the event loop. Rejects after `ms`. */
export async function until(holds: () => boolean, words: string, ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain until ${words}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
