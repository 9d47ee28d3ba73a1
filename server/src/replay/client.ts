import * as Y from 'yjs';
import type { SheafError } from '../error.ts';
import type { WireCount } from './counting-socket.ts';

/** What a client tells whoever plays it. Called in the turn in which it happens. */
export interface ClientEvents {
  /** Something arrived, was acknowledged, or the connection changed. */
  changed(): void;
  /** The updates that were typed as these are acknowledged; `latencies` in ms, one for each. */
  acknowledged(labels: readonly number[], latencies: readonly number[]): void;
  /** The connection was lost; the provider tries again by itself. */
  lost(): void;
  /** The server does not want this client. */
  refused(error: SheafError): void;
}

/** One person's stock Yjs client, connected to one document. */
export interface Client {
  readonly doc: Y.Doc;
  /** Whether the document is open and what is typed now goes out at once. */
  readonly ready: boolean;
  /** Updates typed and not acknowledged. */
  readonly unacknowledged: number;
  /**
   * Makes `update` this client's own local change, which its provider then sends. `false`: the document
   * had it already, and nothing is sent. `label` comes back with the acknowledgement.
   */
  type(label: number, update: Uint8Array): boolean;
  /** Ends the connection for good. */
  leave(): void;
}

/** How a client is made; one for each protocol. */
export type Connect = (options: ConnectOptions) => Client;

/** Where a client goes and what it brings. */
export interface ConnectOptions {
  /** `ws://HOST:PORT/PATH` of the protocol's endpoint. */
  readonly url: string;
  readonly document: string;
  /** The replica; its client id is the person's. */
  readonly doc: Y.Doc;
  readonly wire: WireCount;
  readonly events: ClientEvents;
}

/** Gives `doc` an update as a change of its own, which a provider takes for local and sends. */
export function applyAsOwn(doc: Y.Doc, update: Uint8Array): void {
  doc.transact((transaction) => {
    Y.applyUpdate(doc, update);
    // Yjs calls what it reads remote, and would now look for another client id than the update's.
    transaction.local = true;
  });
}
