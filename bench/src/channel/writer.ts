import { ChannelSocket } from '@sheaf/client/channel';
import type { Rung } from '@sheaf/client/channel';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';

/** Message type of sync in y-websocket's protocol. */
const SYNC = 0;

/** Somebody with one document on a channel, in y-websocket's protocol and no more. */
export class Writer {
  readonly doc = new Y.Doc();
  readonly socket: ChannelSocket;
  /** Resolves when the server's content has come. */
  readonly synced: Promise<void>;

  /** Connects to `url`, a `ws:` address of a document, by `carrier`. */
  constructor(url: string, carrier: Rung) {
    this.socket = new ChannelSocket(url, [], { carrier });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.synced = promise;
    this.socket.addEventListener('close', () => reject(new Error('Its channel was closed.')));
    this.socket.addEventListener('open', () => {
      this.#send((encoder) => sync.writeSyncStep1(encoder, this.doc));
    });
    this.socket.addEventListener('message', (event) => {
      if (!(event instanceof MessageEvent) || !(event.data instanceof ArrayBuffer)) return;
      const decoder = decoding.createDecoder(new Uint8Array(event.data));
      if (decoding.readVarUint(decoder) !== SYNC) return;
      const reply = encoding.createEncoder();
      encoding.writeVarUint(reply, SYNC);
      const type = sync.readSyncMessage(decoder, reply, this.doc, this);
      if (encoding.length(reply) > 1) this.socket.send(encoding.toUint8Array(reply));
      if (type === sync.messageYjsSyncStep2) resolve();
    });
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#send((encoder) => sync.writeUpdate(encoder, update));
    });
  }

  /** Types one letter at the end. */
  type(): void {
    const text = this.doc.getText('text');
    text.insert(text.length, 'x');
  }

  leave(): void {
    this.socket.close();
    this.doc.destroy();
  }

  #send(write: (encoder: encoding.Encoder) => void): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, SYNC);
    write(encoder);
    this.socket.send(encoding.toUint8Array(encoder));
  }
}
