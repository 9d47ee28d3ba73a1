import type { Row } from '../link.ts';
import type { Carrier, CarrierContext, CarrierEvents } from './carrier.ts';

/** A WebSocket without the channel's subprotocol, for a server that does not answer one that it does not know. */
export class PlainCarrier implements Carrier {
  readonly kind = 'plain';
  readonly pace = { ackBytes: Infinity, ackFrames: Infinity, ackMs: Infinity, beats: false };
  readonly writable = false;
  readonly bufferedBytes = 0;
  readonly #stop: () => void;
  #over = false;

  /** Connects. */
  constructor(context: CarrierContext, events: CarrierEvents) {
    const socket = context.environment.openWebSocket(context.endpoint.webSocketUrl, context.protocols);
    socket.binaryType = 'arraybuffer';
    this.#stop = () => socket.close();
    socket.addEventListener('open', () => {
      if (this.#over) return;
      this.#over = true;
      events.plain(socket);
    });
    socket.addEventListener('close', () => {
      if (this.#over) return;
      this.#over = true;
      events.died('unreachable', 0);
    });
    // A close follows each error, and says no less.
    socket.addEventListener('error', () => undefined);
  }

  /** It never carries frames. */
  take(): void {}

  send(_row: Row): void {}

  stop(): void {
    if (!this.#over) this.#stop();
    this.#over = true;
  }
}
