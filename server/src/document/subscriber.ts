import type { Author } from '../store/store.ts';
import type { CopyCount } from './assurance.ts';

/** Why the engine ends a subscriber's stay. Each protocol has a code for each. */
export type CloseReason =
  | 'malformed'
  | 'too-large'
  | 'too-many'
  | 'resync'
  | 'storage-unavailable'
  | 'deleted'
  | 'corrupt'
  | 'draining'
  | 'internal';

/**
 * Somebody who follows a document: the engine's only view of the outside. A protocol implements it; the
 * engine knows neither sockets nor nodes. No method may throw or call back into the engine.
 */
export interface Subscriber {
  /** Who writes; '' for somebody unknown. */
  readonly author: Author;
  /** Whether updates are accepted. May change during the stay (token refresh). */
  readonly writable: boolean;
  /** Subscribers with the same key get the same bytes: what `frame…` returns is shared among them. */
  readonly frameKey: string;
  /** A message that carries an update / presence, ready for {@link send}. */
  frameUpdate(update: Uint8Array): Uint8Array;
  framePresence(entries: Uint8Array): Uint8Array;
  send(frame: Uint8Array): void;
  /** Bytes that were sent and that the network has not taken yet. */
  readonly bufferedBytes: number;
  /**
   * Calls `heard` once, later, when its peer has answered what was sent until now, and so all has come that this had sent
   * before. Only where messages are acknowledged by a count.
   */
  readonly askEcho?: ((heard: () => void) => void) | undefined;
  /** Asks for what the document lacks: sync step 1 with this state vector. */
  sendStepOne(stateVector: Uint8Array): void;
  /** Sends a large update before step 2, without copying it. */
  sendSnapshot(update: Uint8Array): void;
  /** Completes an opening: sync step 2. */
  sendStepTwo(update: Uint8Array): void;
  /** `count` of the messages that it sent are durable now. */
  acknowledge(count: number): void;
  /**
   * The oldest `count` of the messages that are not acknowledged yet are on the disks of so many servers; those that lack
   * are late. Told again as that changes.
   */
  tellCopies?(count: number, copies: CopyCount): void;
  /** A message of it was not accepted, and won't be (read-only, document too large). */
  refuse(reason: 'read-only' | 'too-large'): void;
  close(reason: CloseReason, words: string): void;
}
