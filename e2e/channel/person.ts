import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import type { onMessageParameters } from '@hocuspocus/provider';
import { ChannelSocket } from '@sheaf/client/channel';
import type { ChannelSocketOptions } from '@sheaf/client/channel';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

/** Message type of an acknowledgement in Hocuspocus's protocol. */
const SYNC_STATUS = 8;

/** Somebody who writes in a document through a channel, by a stock provider as it is published. */
export class Person {
  readonly doc = new Y.Doc();
  /** The sockets that the provider made, one after another. */
  readonly sockets: ChannelSocket[] = [];
  /** Acknowledgements that came, and connections that the provider saw end. */
  acknowledged = 0;
  closed = 0;
  #provider: HocuspocusProvider | WebsocketProvider;
  #leave: () => void;

  private constructor(connect: (person: Person) => [HocuspocusProvider | WebsocketProvider, () => void]) {
    [this.#provider, this.#leave] = connect(this);
  }

  /** Connects Hocuspocus's provider. `base`: `ws://HOST:PORT`; `path`: what stands behind it. */
  static hocuspocus(
    base: string,
    name: string,
    options: ChannelSocketOptions = {},
    path = '/hocuspocus',
  ): Person {
    return new Person((person) => {
      const websocketProvider = new HocuspocusProviderWebsocket({
        url: base + path,
        WebSocketPolyfill: person.#polyfill(options),
      });
      const provider = new HocuspocusProvider({ name, document: person.doc, websocketProvider });
      provider.on('message', ({ message }: onMessageParameters) => {
        message.readVarString();
        if (message.readVarUint() === SYNC_STATUS) person.acknowledged += 1;
      });
      websocketProvider.on('close', () => (person.closed += 1));
      provider.attach();
      return [
        provider,
        () => {
          provider.destroy();
          websocketProvider.destroy();
        },
      ];
    });
  }

  /** Connects y-websocket's provider. `base`: as it wants it, without the document's name. */
  static yWebSocket(base: string, name: string, options: ChannelSocketOptions = {}): Person {
    return new Person((person) => {
      const provider = new WebsocketProvider(base, name, person.doc, {
        WebSocketPolyfill: person.#polyfill(options),
        disableBc: true,
      });
      provider.on('connection-close', () => (person.closed += 1));
      return [provider, () => provider.destroy()];
    });
  }

  #polyfill(options: ChannelSocketOptions): typeof ChannelSocket {
    const { sockets } = this;
    return class extends ChannelSocket.with(options) {
      constructor(url: string | URL, protocols: string | readonly string[] = []) {
        super(url, protocols);
        sockets.push(this);
      }
    };
  }

  /** The socket in use. */
  get socket(): ChannelSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('It never connected.');
    return socket;
  }

  get synced(): boolean {
    return this.#provider.synced;
  }

  /** What was not acknowledged; y-websocket's protocol acknowledges nothing. */
  get unsynced(): number {
    return this.#provider instanceof HocuspocusProvider ? this.#provider.unsyncedChanges : 0;
  }

  get text(): string {
    return this.doc.getText('text').toString();
  }

  type(word: string): void {
    this.doc.getText('text').insert(0, word);
  }

  introduce(name: string): void {
    this.#provider.awareness?.setLocalState({ name });
  }

  /** Who is here, sorted, joined with commas. */
  get names(): string {
    const states = [...(this.#provider.awareness?.getStates().values() ?? [])];
    return states
      .map((state) => String(state['name']))
      .sort()
      .join();
  }

  leave(): void {
    this.#leave();
    this.doc.destroy();
  }
}
