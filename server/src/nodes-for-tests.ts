import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import assert from 'node:assert/strict';
import { createServer, connect, type Server as TcpServer, type Socket } from 'node:net';
import * as Y from 'yjs';
import type { PeerSource } from './cluster/peer-source.ts';

/** A way from one node to another that a test can cut: a TCP proxy. */
export class Wire implements AsyncDisposable {
  readonly #server: TcpServer;
  readonly #sockets = new Set<Socket>();
  /** Where it leads; null: nowhere. */
  target: number | null = null;
  #state: 'open' | 'cut' | 'silent' = 'open';
  #used = false;
  #port = 0;

  constructor() {
    this.#server = createServer((near) => this.#join(near));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    return this;
  }

  get peer(): PeerSource {
    return { kind: 'address', host: '127.0.0.1', port: this.#port };
  }

  /** Whether anybody came through to where it leads. */
  get used(): boolean {
    return this.#used;
  }

  /** Whether somebody holds a connection through it. */
  get held(): boolean {
    return this.#sockets.size > 0;
  }

  /** Ends what is open, and lets nothing through. */
  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Keeps what is open, and lets nothing through, as a network that has lost its way. */
  silence(): void {
    this.#state = 'silent';
    for (const socket of this.#sockets) socket.pause();
  }

  restore(): void {
    this.#state = 'open';
    for (const socket of this.#sockets) socket.resume();
  }

  #join(near: Socket): void {
    this.#keep(near);
    if (this.#state === 'cut' || this.target === null) {
      near.destroy();
      return;
    }
    this.#used = true;
    const far = connect({ host: '127.0.0.1', port: this.target });
    this.#keep(far);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (data) => to.write(data));
      from.once('close', () => to.destroy());
      if (this.#state === 'silent') from.pause();
    }
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // Cut on purpose.
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** Somebody with a stock provider. */
export interface Person extends Disposable {
  readonly doc: Y.Doc;
  readonly text: Y.Text;
  readonly provider: HocuspocusProvider;
}

/** Opens a document on a node. */
export function open(url: string, name: string, doc = new Y.Doc(), token = 'none'): Person {
  const socket = new HocuspocusProviderWebsocket({
    url: `${url.replace('http', 'ws')}/hocuspocus`,
    delay: 10,
    minDelay: 10,
    maxDelay: 200,
  });
  const provider = new HocuspocusProvider({ name, document: doc, token, websocketProvider: socket });
  provider.attach();
  return {
    doc,
    text: doc.getText('text'),
    provider,
    [Symbol.dispose]() {
      provider.destroy();
      socket.destroy();
    },
  };
}

/** It is looked this often, ms. */
const LOOK_MS = 2;
/** Between two looks so much counts at most, ms: beyond it the machine was busy with something else. */
const COUNTED_MS = 20;

/**
 * Resolves when `holds` does, with the time that took, ms. Throws when it does not within `ms` of which this process got a
 * turn: a machine that is busy makes nobody late.
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  words: string,
  ms = 30_000,
): Promise<number> {
  const began = performance.now();
  let looked = began;
  let counted = 0;
  while (!(await holds())) {
    assert.ok(counted < ms, `waited in vain: ${words}`);
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));
    const now = performance.now();
    counted += Math.min(now - looked, COUNTED_MS);
    looked = now;
  }
  return performance.now() - began;
}
