import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { SheafError } from '../error.ts';
import { applyAsOwn } from './client.ts';
import type { Client, ConnectOptions } from './client.ts';
import { countingSocket, emptyWireCount } from './counting-socket.ts';
import { REPLAY_LIMITS } from './limits.ts';

interface Sent {
  readonly label: number;
  readonly update: Uint8Array;
  readonly clock: number;
  readonly typedAt: number;
}

function connectProvider(options: ConnectOptions): WebsocketProvider {
  const { url, document, doc, wire } = options;
  return new WebsocketProvider(url, encodeURIComponent(document), doc, {
    // The class of ws stands in for the browser's, as y-websocket's own manual does it.
    WebSocketPolyfill: countingSocket(wire) as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    maxBackoffTime: REPLAY_LIMITS.reconnectMaxMs,
  });
}

/**
 * A client on the stock y-websocket provider. That protocol acknowledges nothing, so a second client that
 * only looks on stands in: an update counts as acknowledged when it has arrived there. It proves that the
 * server passed it on, not that it is on disk.
 */
export function connectYWebsocket(options: ConnectOptions): Client {
  const { doc, events } = options;
  const witness = new Y.Doc();
  const provider = connectProvider(options);
  const watching = connectProvider({ ...options, doc: witness, wire: emptyWireCount() });
  let sent: Sent[] = [];
  let last: Uint8Array | null = null;
  let left = false;

  provider.on('status', ({ status }) => {
    // It says so only of a connection that had been made.
    if (status === 'disconnected' && !left) events.lost();
  });
  provider.on('sync', () => events.changed());
  watching.on('sync', () => events.changed());
  provider.on('closed', ({ reason }) =>
    events.refused(new SheafError('unauthorized', `The server refuses the document: ${reason}`)),
  );
  const changed = (update: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
    if (transaction.local) last = update;
    else events.changed();
  };
  doc.on('update', changed);
  witness.on('update', () => {
    const now = performance.now();
    let seen = 0;
    while (seen < sent.length && isSeen(sent[seen])) seen += 1;
    if (seen === 0) return;
    const arrived = sent.slice(0, seen);
    sent = sent.slice(seen);
    events.acknowledged(
      arrived.map(({ label }) => label),
      arrived.map(({ typedAt }) => now - typedAt),
    );
    events.changed();
  });

  function isSeen(entry: Sent | undefined): boolean {
    if (entry === undefined || Y.getState(witness.store, doc.clientID) < entry.clock) return false;
    for (const [client, ranges] of Y.decodeUpdate(entry.update).ds.clients)
      for (const { clock, len } of ranges) {
        if (Y.getState(witness.store, client) < clock + len) return false;
        if (!Y.getItem(witness.store, Y.createID(client, clock)).deleted) return false;
      }
    return true;
  }

  return {
    doc,
    get ready() {
      return provider.synced && watching.synced;
    },
    get unacknowledged() {
      return sent.length;
    },
    type(label, update) {
      last = null;
      const typedAt = performance.now();
      applyAsOwn(doc, update);
      if (last === null) return false;
      sent.push({ label, update: last, clock: Y.getState(doc.store, doc.clientID), typedAt });
      return true;
    },
    leave() {
      left = true;
      doc.off('update', changed);
      for (const { awareness } of [provider, watching]) awareness.destroy();
      provider.destroy();
      watching.destroy();
    },
  };
}
