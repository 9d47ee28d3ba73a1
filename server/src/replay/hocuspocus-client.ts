import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { SheafError } from '../error.ts';
import { applyAsOwn } from './client.ts';
import type { Client, ConnectOptions } from './client.ts';
import { countingSocket } from './counting-socket.ts';
import { REPLAY_LIMITS } from './limits.ts';

/** What one acknowledgement covers. */
interface Debt {
  readonly labels: number[];
  readonly typedAt: number[];
}

/**
 * A client on the stock HocuspocusProvider. A sync status is an anonymous count, so the provider's
 * `unsyncedChanges` is followed by a queue of debts, oldest first: each update owes one; a handshake owes one
 * for everything that was unacknowledged before it, because its step 2 carries that again. Nothing is typed
 * while the provider is not synced: what it queues meanwhile is acknowledged without having been counted.
 */
export function connectHocuspocus({ url, document, doc, wire, events }: ConnectOptions): Client {
  let debts: Debt[] = [];
  let typing: Debt | null = null;
  /** The socket is open and the provider is about to start its count anew. */
  let opening = false;
  let open = false;

  const socket = new HocuspocusProviderWebsocket({
    url,
    WebSocketPolyfill: countingSocket(wire),
    delay: REPLAY_LIMITS.reconnectMinMs,
    minDelay: REPLAY_LIMITS.reconnectMinMs,
    maxDelay: REPLAY_LIMITS.reconnectMaxMs,
    onClose: () => {
      // A failed attempt closes too, but there was nothing to lose.
      if (open) events.lost();
      open = false;
    },
  });
  const provider = new HocuspocusProvider({
    websocketProvider: socket,
    name: document,
    document: doc,
    token: 'replay',
    onOpen: () => {
      opening = true;
    },
    onSynced: () => {
      open = true;
      events.changed();
    },
    onAuthenticationFailed: ({ reason }) =>
      events.refused(new SheafError('unauthorized', `The server refuses the document: ${reason}`)),
    onUnsyncedChanges: ({ number }) => count(number),
  });
  const changed = (): void => events.changed();
  doc.on('update', changed);
  provider.attach();

  function count(unsynced: number): void {
    if (typing !== null) {
      debts.push(typing);
      typing = null;
    } else if (opening) {
      opening = false;
      debts = [
        { labels: debts.flatMap((debt) => debt.labels), typedAt: debts.flatMap((debt) => debt.typedAt) },
      ];
    } else if (unsynced < debts.length) {
      pay(debts.splice(0, debts.length - unsynced));
    }
  }

  function pay(paid: readonly Debt[]): void {
    const now = performance.now();
    const labels = paid.flatMap((debt) => debt.labels);
    const latencies = paid.flatMap((debt) => debt.typedAt.map((at) => now - at));
    if (labels.length > 0) events.acknowledged(labels, latencies);
    events.changed();
  }

  return {
    doc,
    get ready() {
      return provider.synced && socket.webSocket?.readyState === WebSocket.OPEN;
    },
    get unacknowledged() {
      let updates = 0;
      for (const debt of debts) updates += debt.labels.length;
      return updates;
    },
    type(label, update) {
      typing = { labels: [label], typedAt: [performance.now()] };
      applyAsOwn(doc, update);
      const sent = typing === null;
      typing = null;
      return sent;
    },
    leave() {
      doc.off('update', changed);
      provider.destroy();
      socket.destroy();
    },
  };
}
