import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { WebsocketProvider } from 'y-websocket';
import type { Access } from '../access/access.ts';
import { OpenAccess } from '../access/open.ts';
import { type ChannelEndpoint, Channels } from '../channel/channels.ts';
import { Room } from '../channel/room.ts';
import { Documents } from '../document/documents.ts';
import { compact } from '../document/replica.ts';
import { SheafError } from '../error.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { type DocumentName, parseDocumentName } from '../store/document-name.ts';
import { decodeEntries, encodeEntries } from '../store/entries.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import { acceptHocuspocus } from './hocuspocus.ts';
import { Type } from './hocuspocus-types.ts';
import { KeepAlive } from './keep-alive.ts';
import { type MemorySocket, memoryWebSocket } from './memory-socket.ts';
import type { ProtocolContext } from './protocol-context.ts';
import type { MessageSocket, SocketHandler } from './socket.ts';
import { STEP_TWO, UPDATE } from './sync-frames.ts';
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
  /** The same protocols behind channels, at {@link endpoint}. */
  readonly channels: Channels;
  readonly #context: ProtocolContext;
  readonly #ends: (() => void)[] = [];

  constructor(
    options: {
      limits?: Partial<Limits>;
      access?: Access;
      stateless?: ProtocolContext['stateless'];
      /** See {@link Documents}; a server with nothing to do unless told. */
      load?: () => number;
    } = {},
  ) {
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    const report = (words: string, error: SheafError): void => void this.reports.push({ words, error });
    const { load = () => 0 } = options;
    this.documents = new Documents({ store: this.store, limits: this.limits, report, load });
    this.#context = {
      documents: this.documents,
      access: options.access ?? new OpenAccess(),
      limits: this.limits,
      keepAlive: new KeepAlive(this.limits.keepAliveMs),
      time: Date.now,
      stateless: options.stateless,
    };
    const log = (_fields: object, words: string): void =>
      report(words, new SheafError('internal', 'A channel reports.'));
    this.channels = new Channels({
      limits: this.limits,
      log: { debug: () => {}, error: log },
      room: new Room(this.limits.connectionsPerAddress),
      draining: () => false,
    });
  }

  /** Where a channel leads: Hocuspocus's protocol, or y-websocket's with a document. */
  endpoint(name: string | null = null): ChannelEndpoint {
    if (name === null)
      return {
        key: 'hocuspocus',
        protocol: 'hocuspocus',
        accept: (socket, peer) => acceptHocuspocus(this.#context, socket, peer),
      };
    const document = parseDocumentName(name);
    return {
      key: `yjs/${name}`,
      protocol: 'yjs',
      accept: (socket, peer) => acceptYWebSocket(this.#context, socket, { peer, document }),
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
  hocuspocus(
    name: string,
    options: { doc?: Y.Doc; token?: string; socket?: HocuspocusProviderWebsocket } = {},
  ): HocuspocusProvider {
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

  /** Takes a test's own socket, which speaks Hocuspocus's protocol. */
  accept(socket: MessageSocket): SocketHandler {
    return acceptHocuspocus(this.#context, socket, { address: '127.0.0.1', token: '', origin: null });
  }

  /** What the store holds of a document. */
  async storedDoc(name: string): Promise<Y.Doc> {
    const stored = await this.store.log.load(parseDocumentName(name));
    const doc = new Y.Doc();
    if (stored?.snapshot) Y.applyUpdate(doc, stored.snapshot.update);
    for (const packed of stored?.tail ?? [])
      for (const { update } of decodeEntries(packed)) Y.applyUpdate(doc, update);
    return doc;
  }

  /** An update as a Hocuspocus client sends it. */
  updateFrame(name: string, update: Uint8Array): Uint8Array {
    return this.#syncFrame(name, UPDATE, update);
  }

  /** A step 2 as a Hocuspocus client sends it. */
  stepTwoFrame(name: string, update: Uint8Array): Uint8Array {
    return this.#syncFrame(name, STEP_TWO, update);
  }

  #syncFrame(name: string, kind: number, update: Uint8Array): Uint8Array {
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, name);
    encoding.writeVarUint(encoder, Type.sync);
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarUint8Array(encoder, update);
    return encoding.toUint8Array(encoder);
  }

  /** A document's name. */
  name(text: string): DocumentName {
    return parseDocumentName(text);
  }

  /** Writes updates behind the engine's back, before it opens the document. */
  async append(document: DocumentName, updates: readonly Uint8Array[]): Promise<void> {
    const stored = await this.store.log.load(document);
    const logged = (stored?.tail ?? []).reduce((sum, packed) => sum + decodeEntries(packed).length, 0);
    const first = (stored?.snapshot?.through ?? 0) + logged + 1;
    const entries = encodeEntries(updates.map((update) => ({ update, author: '', time: Date.now() })));
    await this.store.log.append([{ document, first, count: updates.length, entries: [entries], owners: [] }]);
  }

  /** Compacts a document behind the engine's back. */
  async compact(document: DocumentName): Promise<void> {
    const stored = await this.store.log.load(document);
    const base = stored?.snapshot?.through ?? 0;
    const tail = (stored?.tail ?? []).flatMap((packed) => decodeEntries(packed).map(({ update }) => update));
    const updates = stored?.snapshot ? [stored.snapshot.update, ...tail] : tail;
    const snapshot = compact(updates, base + tail.length, null, this.limits);
    await this.store.log.compact({ document, base, snapshot });
  }

  /** Lets the event loop turn so often. */
  async turns(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) end();
    this.channels.terminateAll();
    this.store.resume();
    this.store.release();
    await this.documents.close();
    this.#context.keepAlive.close();
    await this.store.close();
  }
}

/** Whether a message of a Hocuspocus client is an update. */
export function isUpdate(message: Uint8Array): boolean {
  const decoder = decoding.createDecoder(message);
  decoding.readVarString(decoder);
  return decoding.readVarUint(decoder) === Type.sync && decoding.readVarUint(decoder) === UPDATE;
}

/** Resolves when `holds` does, looked at each turn of the event loop. Rejects after `ms`. */
export async function until(holds: () => boolean, words: string, ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain until ${words}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
