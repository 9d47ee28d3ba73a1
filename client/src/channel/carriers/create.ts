import type { CarrierKind } from '../rung.ts';
import type { Carrier, CarrierContext, CarrierEvents } from './carrier.ts';
import { EventStreamCarrier } from './event-stream.ts';
import { EventStreamTrial } from './event-stream-trial.ts';
import { PlainCarrier } from './plain.ts';
import { PollCarrier } from './poll.ts';
import { WebSocketCarrier } from './websocket.ts';

/** Makes a carrier, which connects at once. May throw what the browser throws for an address that it refuses. */
export type CreateCarrier = (kind: CarrierKind, context: CarrierContext, events: CarrierEvents) => Carrier;

/** Makes the carrier that moves frames over the network. */
export const createCarrier: CreateCarrier = (kind, context, events) => {
  switch (kind) {
    case 'websocket':
      return new WebSocketCarrier(context, events);
    case 'sse':
      return new EventStreamCarrier(context, events);
    case 'poll':
    case 'idle':
      return new PollCarrier(kind, context, events);
    case 'trial':
      return new EventStreamTrial(context, events);
    case 'plain':
      return new PlainCarrier(context, events);
  }
};
