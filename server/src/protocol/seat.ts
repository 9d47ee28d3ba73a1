import type { Grant } from '../access/access.ts';
import type { CopyCount } from '../document/assurance.ts';
import type { CloseReason, Subscriber } from '../document/subscriber.ts';
import { frame, frameHead, STEP_ONE, STEP_TWO, UPDATE } from './sync-frames.ts';
import type { MessageSocket } from './socket.ts';

/** How a protocol writes what both have in common. Kinds are varUints below 128. */
export interface Dialect {
  /** What stands before everything: the address of the document, or nothing. */
  readonly prefix: Uint8Array;
  /** Subscribers with the same key get the same bytes. */
  readonly frameKey: string;
  readonly sync: number;
  readonly awareness: number;
}

/** What only one protocol can say. */
export interface SeatVoice {
  acknowledge(count: number): void;
  refuse(reason: 'read-only' | 'too-large'): void;
  /** Where that can be said: see {@link Subscriber.tellCopies}. */
  tellCopies?(count: number, copies: CopyCount): void;
  /** See {@link Subscriber.askEcho}. */
  readonly askEcho?: (heard: () => void) => void;
  close(reason: CloseReason, words: string): void;
}

/** A place in one document: a protocol's side of {@link Subscriber}. */
export class Seat implements Subscriber {
  grant: Grant;
  readonly frameKey: string;
  readonly askEcho: ((heard: () => void) => void) | undefined;
  readonly #socket: MessageSocket;
  readonly #dialect: Dialect;
  readonly #voice: SeatVoice;

  constructor(options: { socket: MessageSocket; dialect: Dialect; grant: Grant; voice: SeatVoice }) {
    this.grant = options.grant;
    this.frameKey = options.dialect.frameKey;
    this.#socket = options.socket;
    this.#dialect = options.dialect;
    this.#voice = options.voice;
    this.askEcho = options.voice.askEcho;
  }

  get author(): string {
    return this.grant.principal.id;
  }

  get writable(): boolean {
    return this.grant.role === 'write';
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  frameUpdate(update: Uint8Array): Uint8Array {
    return frame(this.#dialect.prefix, [this.#dialect.sync, UPDATE], update);
  }

  framePresence(entries: Uint8Array): Uint8Array {
    return frame(this.#dialect.prefix, [this.#dialect.awareness], entries);
  }

  send(message: Uint8Array): void {
    this.#socket.send(message);
  }

  sendStepOne(stateVector: Uint8Array): void {
    this.#socket.send(frame(this.#dialect.prefix, [this.#dialect.sync, STEP_ONE], stateVector));
  }

  sendSnapshot(update: Uint8Array): void {
    this.#sendLarge(UPDATE, update);
  }

  sendStepTwo(update: Uint8Array): void {
    this.#sendLarge(STEP_TWO, update);
  }

  acknowledge(count: number): void {
    this.#voice.acknowledge(count);
  }

  refuse(reason: 'read-only' | 'too-large'): void {
    this.#voice.refuse(reason);
  }

  tellCopies(count: number, copies: CopyCount): void {
    this.#voice.tellCopies?.(count, copies);
  }

  close(reason: CloseReason, words: string): void {
    this.#voice.close(reason, words);
  }

  #sendLarge(kind: number, update: Uint8Array): void {
    const head = frameHead(this.#dialect.prefix, [this.#dialect.sync, kind], update.length);
    this.#socket.sendParts(head, update);
  }
}
