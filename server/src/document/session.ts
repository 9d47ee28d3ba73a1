import { DEFAULT_LIMITS } from '../limits.ts';
import type { CopyCount } from './assurance.ts';
import { judge } from './judge.ts';
import { Knowledge, readStateVector } from './knowledge.ts';
import { Ledger, type Receipt } from './ledger.ts';
import type { PresenceOwner } from './presence.ts';
import type { CloseReason, Subscriber } from './subscriber.ts';

const NO_DELETES = new Uint8Array([0]);

/** How an update came, and what stands for it in its sender's ledger. */
export interface ReceivedAs {
  readonly kind: 'update' | 'step-two';
  readonly receipt: Receipt;
}

/** A client that said nothing for so long has nothing on the way, ms. */
const SILENCE_MS = 2_000;

/** A client that has not echoed for so long knows no echo, ms. */
const ECHO_MS = 5_000;

/** A client whose step 2s leave out what it said it has is asked again so often. */
const MOST_ASKS = 3;

/** What a document does for its sessions. */
export interface SessionHost {
  open(session: Session, stateVector: Uint8Array): void;
  receive(session: Session, update: Uint8Array, message: ReceivedAs): void;
  receivePresence(session: Session, message: Uint8Array): void;
  sendPresence(session: Session): void;
  catchUp(session: Session): void;
  left(session: Session): void;
  /** All that a session's client had in a queue has come. */
  heard(session: Session): void;
  /** A session's network is lost: nobody waits for what it may still send. */
  away(): void;
}

type Following =
  /** Gets what is fanned out. */
  | { readonly state: 'live' }
  /** Waits for a difference that a worker makes; what is fanned out meanwhile comes with it. */
  | { readonly state: 'opening' }
  /** Reads too slowly: gets what it lacks at once when its socket has drained. */
  | { readonly state: 'behind' }
  | { readonly state: 'closed' };

/** One subscriber's stay in one document: what it says, what it is owed, and how far it follows. */
export class Session implements PresenceOwner {
  readonly subscriber: Subscriber;
  readonly ledger = new Ledger();
  readonly #host: SessionHost;
  readonly #outboundBytes: number;
  #following: Following = { state: 'live' };
  #sent = 0;
  #missesPresence = false;
  #away = false;
  /** State vector of the first step 1, until a step 2 that answers ours has come, and all that stood in a queue before it. */
  #openedWith: Uint8Array | null = null;
  #answered = true;
  #heard = true;
  /** The same, read when it is needed, and once. */
  #openedKnowing: Knowledge | null = null;
  #asksLeft = MOST_ASKS;
  #silence: NodeJS.Timeout | null = null;
  #echo: NodeJS.Timeout | null = null;

  constructor(host: SessionHost, subscriber: Subscriber, outboundBytes: number) {
    this.#host = host;
    this.subscriber = subscriber;
    this.#outboundBytes = outboundBytes;
  }

  get author(): string {
    return this.subscriber.author;
  }

  get away(): boolean {
    return this.#away;
  }

  get writable(): boolean {
    return this.subscriber.writable;
  }

  get closed(): boolean {
    return this.#following.state === 'closed';
  }

  /** Sync step 1 came: answers with our step 1 and with what this state vector lacks. */
  stepOne(stateVector: Uint8Array): void {
    if (this.closed) return;
    const first = this.ledger.handshakes === 0;
    this.#answered = !first;
    this.#heard = !first || this.subscriber.askEcho === undefined;
    this.#openedWith = first ? new Uint8Array(stateVector) : null;
    this.ledger.restart(this.#heard);
    this.#host.open(this, stateVector);
    if (!this.#heard) this.#listenForEcho();
  }

  /** Sync step 2 came. */
  stepTwo(update: Uint8Array): void {
    if (!this.closed)
      this.#host.receive(this, update, { kind: 'step-two', receipt: this.ledger.receiveStepTwo() });
  }

  /** Whether the client's handshake was answered: what waits before is paid by the step 2 that does. */
  get answered(): boolean {
    return this.#answered;
  }

  /**
   * A step 2 was taken into a document that now holds `knowledge`: whether it answers the handshake. One that leaves out what
   * the client had when it began was made for a server that is gone (SPEC ACK-12).
   */
  answer(knowledge: Knowledge): boolean {
    if (this.#answered || this.#openedWith === null) return true;
    if (!knowledge.includes(readStateVector(this.#openedWith, Infinity))) return false;
    this.#answered = true;
    this.#forgetOpening();
    return true;
  }

  /** From now on whatever comes was counted. */
  #forgetOpening(): void {
    if (!this.#answered || !this.#heard) return;
    this.#openedWith = null;
    this.#openedKnowing = null;
  }

  /** Asks to be told when the client's queue has come (SPEC ACK-13). */
  #listenForEcho(): void {
    const hear = (): void => {
      if (this.#heard || this.closed) return;
      if (this.#echo !== null) clearTimeout(this.#echo);
      this.#heard = true;
      this.#forgetOpening();
      this.ledger.hear();
      this.#host.heard(this);
    };
    const wait = (): void => {
      // What a client without a network has sent comes when it is back, and its echo behind it.
      this.#echo = setTimeout(() => (this.#away ? wait() : hear()), ECHO_MS);
    };
    wait();
    this.subscriber.askEcho?.(hear);
  }

  /** What the receipt stands for waits for something: asks for it, unless a step 2 is on its way. */
  wait(receipt: Receipt, knowledge: Knowledge): void {
    this.ledger.park(receipt);
    if (this.ledger.awaitsStepTwo || this.closed) return;
    if (!this.answered && this.#asksLeft-- <= 0) return;
    this.ledger.askedResync();
    this.subscriber.sendStepOne(knowledge.stateVector());
  }

  /** An update came. */
  update(update: Uint8Array): void {
    if (this.closed) return;
    this.#host.receive(this, update, { kind: 'update', receipt: this.ledger.receive(this.#countOf(update)) });
    if (this.ledger.isUnsure) this.#listenForSilence();
  }

  /**
   * Whether the client counts an update that came before its handshake was answered. What it did while it was away it sends
   * from a queue, behind its step 1, with which it forgot that it had counted it (Hocuspocus's provider 4.8). The
   * state vector in that step 1 tells these apart, unless they only delete.
   */
  #countOf(update: Uint8Array): number | 'unsure' {
    if (this.#openedWith === null) return 1;
    this.#openedKnowing ??= Knowledge.read(this.#openedWith, NO_DELETES);
    const verdict = judge(this.#openedKnowing, update, DEFAULT_LIMITS);
    if (verdict.kind === 'known') return 0;
    if (verdict.kind === 'slow') return verdict.gaps.length > 0 ? 1 : 'unsure';
    if (verdict.kind === 'refused' || verdict.piece.sections.length > 0) return 1;
    return verdict.piece.whole ? 'unsure' : 0;
  }

  #listenForSilence(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#silence = null;
      const count = this.ledger.settleUnsure();
      if (count > 0 && !this.closed) this.subscriber.acknowledge(count);
      else if (this.ledger.isUnsure && !this.closed) this.#listenForSilence();
    }, SILENCE_MS);
  }

  /** An awareness message came. */
  presence(message: Uint8Array): void {
    if (!this.closed) this.#host.receivePresence(this, message);
  }

  /** Asked who is here. */
  queryPresence(): void {
    if (!this.closed) this.#host.sendPresence(this);
  }

  /** Nobody listens for now; whether somebody will again is not known (SPEC JUDGE-5). */
  lost(): void {
    if (this.closed || this.#away) return;
    this.#away = true;
    this.#host.away();
  }

  /** Somebody listens again, and may have missed presence. */
  resumed(): void {
    this.#away = false;
    this.queryPresence();
  }

  /** The network has taken what was sent. */
  drained(): void {
    const following = this.#following;
    if (following.state === 'behind') {
      this.#following = { state: 'live' };
      this.#host.catchUp(this);
    }
    if (this.#missesPresence && !this.closed) {
      this.#missesPresence = false;
      this.#host.sendPresence(this);
    }
  }

  /** It has been sent everything through this number. */
  get sent(): number {
    return this.#sent;
  }

  /** It is sent everything through number `seq` now. */
  has(seq: number): void {
    this.#sent = Math.max(this.#sent, seq);
  }

  /** Whether updates may be sent now. Not to who reads too slowly: it gets what it lacks when it has drained. */
  takesUpdates(): boolean {
    if (this.#following.state !== 'live') return false;
    if (this.subscriber.bufferedBytes <= this.#outboundBytes) return true;
    this.#following = { state: 'behind' };
    this.#missesPresence = true;
    return false;
  }

  /** Whether presence may be sent now. It goes first when a reader is slow: left out from half the bound on. */
  takesPresence(): boolean {
    if (this.closed) return false;
    const slow = this.subscriber.bufferedBytes > this.#outboundBytes / 2;
    if (slow) this.#missesPresence = true;
    return !slow;
  }

  /** A worker makes what it opens with. */
  beginOpening(): void {
    if (!this.closed) this.#following = { state: 'opening' };
  }

  endOpening(): void {
    if (this.#following.state === 'opening') this.#following = { state: 'live' };
  }

  /** Acknowledges what is durable now; whether something is still owed is the ledger's. */
  settle(durable: number): void {
    const count = this.ledger.settle(durable);
    if (this.closed) return;
    if (count > 0) this.subscriber.acknowledge(count);
    // What a worker has decided became unsure only now.
    if (this.ledger.isUnsure && this.#silence === null) this.#listenForSilence();
  }

  /** What it is owed through `durable` is on so many servers, and not on all that have to have it. */
  tellCopies(durable: number, copies: CopyCount): void {
    const count = this.ledger.dueThrough(durable);
    if (count > 0 && !this.closed) this.subscriber.tellCopies?.(count, copies);
  }

  /** The engine ends it. */
  close(reason: CloseReason, words: string): void {
    if (this.closed) return;
    this.#end();
    this.subscriber.close(reason, words);
    this.#host.left(this);
  }

  /** The subscriber has gone. */
  leave(): void {
    if (this.closed) return;
    this.#end();
    this.#host.left(this);
  }

  #end(): void {
    this.#following = { state: 'closed' };
    if (this.#silence !== null) clearTimeout(this.#silence);
    if (this.#echo !== null) clearTimeout(this.#echo);
  }
}
