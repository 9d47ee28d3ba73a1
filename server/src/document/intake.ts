import { SheafError } from '../error.ts';
import type { DocumentName } from '../store/document-name.ts';
import { ownBytes } from '../store/own-bytes.ts';
import type { Author, LogBatch, Snapshot } from '../store/store.ts';
import { Arrivals, type Arrival, type Owners } from './arrivals.ts';
import type { Assurance } from './assurance.ts';
import type { DocumentContext } from './document-context.ts';
import { deletesOnly, type DocumentState } from './document-state.ts';
import type { FanOut } from './fan-out.ts';
import type { Frontier } from './frontier.ts';
import { HeldUpdates } from './held-updates.ts';
import type { Journal, Origin } from './journal.ts';
import { judge, type Piece, pieceBytes } from './judge.ts';
import { KnownCheck } from './known-check.ts';
import type { ReplicatedUpdate } from './replicated-update.ts';
import { type Remainder, WORKER_LIMITS } from './replica.ts';
import type { ReplicaLink } from './replica-link.ts';
import type { ReceivedAs, Session } from './session.ts';
import { SlowLane, type SlowLaneHost } from './slow-lane.ts';
import { type Doubtful, WaitingUpdates } from './waiting-updates.ts';

/** What updates come into. */
export interface IntakeHost {
  readonly closed: boolean;
  /** There is something more to write. */
  hasMore(): void;
  /** What is in memory is not what the log holds. */
  commitFailed(error: SheafError): void;
}

/**
 * Takes in what is sent to one document (SPEC JUDGE): an update that the judge certifies goes into the state, the journal, the
 * fan-out and to other servers at once; any other is held until who should have sent it has, goes the slow way, or waits for what
 * it depends on. Who sent it is owed an acknowledgement for what is in.
 */
export class Intake implements SlowLaneHost {
  readonly #name: DocumentName;
  readonly #state: DocumentState;
  readonly #fanOut: FanOut;
  readonly #frontier: Frontier;
  readonly #assurance: Assurance;
  readonly #journal: Journal;
  readonly #context: DocumentContext;
  readonly #host: IntakeHost;
  readonly #slowLane: SlowLane;
  readonly #knownCheck: KnownCheck;
  readonly #waiting: WaitingUpdates;
  readonly #held: HeldUpdates;
  readonly #arrivals = new Arrivals();
  /** Why nothing can be written any more; null if it can. */
  #readOnly: string | null = null;

  constructor(options: {
    name: DocumentName;
    state: DocumentState;
    link: ReplicaLink;
    fanOut: FanOut;
    frontier: Frontier;
    assurance: Assurance;
    journal: Journal;
    context: DocumentContext;
    host: IntakeHost;
  }) {
    const { state, link, fanOut, context } = options;
    this.#name = options.name;
    this.#state = state;
    this.#fanOut = fanOut;
    this.#frontier = options.frontier;
    this.#assurance = options.assurance;
    this.#journal = options.journal;
    this.#context = context;
    this.#host = options.host;
    this.#held = new HeldUpdates(fanOut.presence, context.limits.heldBytes);
    this.#waiting = new WaitingUpdates(context.limits, !context.shared);
    this.#slowLane = new SlowLane(this, state, link, context);
    this.#knownCheck = new KnownCheck(link, context.limits);
    this.#limitNesting(state.snapshot);
  }

  get closed(): boolean {
    return this.#host.closed;
  }

  /** Nothing is looked at, and what waits is written as it is. */
  get idle(): boolean {
    return this.#slowLane.idle && !this.#waiting.changed;
  }

  /** Takes an update that the server itself has made. Throws `internal` if it does not continue the document. */
  edit(update: Uint8Array, author: Author): void {
    const verdict = judge(this.#state.knowledge, update, WORKER_LIMITS);
    if (verdict.kind === 'new') this.#accept(verdict.piece, this.#from(author, 'here'));
    else if (verdict.kind !== 'known') throw new SheafError('internal', 'a server-side edit does not fit');
  }

  /**
   * Takes updates that another server has taken: they go to everybody here, and are not passed on. Resolves with the last
   * one's number when all of them is in the document, which may be long after this for what has to wait for something else.
   */
  replicate(updates: readonly ReplicatedUpdate[], owners: Owners): Promise<number> {
    const { arrival, whole } = this.#arrivals.begin(updates.length, owners);
    for (const { update, author } of updates) this.#bring(update, this.#from(author, 'elsewhere'), arrival);
    return whole;
  }

  /** Takes what was read in the log that servers share: like {@link replicate}, but it is on disk. */
  takeLogged(update: Uint8Array, author: Author): void {
    this.#bring(update, this.#from(author, 'log'), null);
  }

  #bring(update: Uint8Array, from: Source, arrival: Arrival | null): void {
    const verdict = judge(this.#state.knowledge, update, this.#context.limits);
    if (verdict.kind === 'new') this.#accept(verdict.piece, { ...from, arrival });
    if (verdict.kind === 'new' || verdict.kind === 'known') arrival?.taken(this.#state.received);
    else this.#slowLane.add({ ...NO_SESSION, ...from, update: ownBytes(update), arrival, kind: 'update' });
  }

  #from(author: Author, origin: Origin): Source {
    return { author, session: null, origin, time: this.#context.time(), arrival: null };
  }

  /** Resolves when nothing that came has still to be looked at, or the document has left memory. */
  whenDecided(): Promise<void> {
    return this.#slowLane.whenIdle();
  }

  /** Puts back what the log held as pending. */
  restore(pending: readonly { update: Uint8Array; author: Author; time: number }[]): void {
    for (const { update, author, time } of pending)
      this.#slowLane.add({
        ...NO_SESSION,
        update: ownBytes(update),
        author,
        time,
        origin: 'here',
        arrival: null,
        kind: 'parked',
      });
  }

  /** A snapshot takes the place of what it was made of: what Yjs found in that beyond what was judged is taken. */
  adopt(snapshot: Snapshot): void {
    // Yjs deletes while it integrates: what its document found beyond what was judged is told to everybody, or a
    // newcomer would see another document than who was there.
    // Mostly it found nothing, and there may be very many.
    if (!this.#state.knowledge.hasDeleteSet(snapshot.deleteSet)) {
      const found = judge(this.#state.knowledge, deletesOnly(snapshot.deleteSet), WORKER_LIMITS);
      if (found.kind === 'new') this.#accept(found.piece, this.#from('', 'here'));
    }
    this.#limitNesting(snapshot);
  }

  #limitNesting(snapshot: Snapshot | null): void {
    const { nesting } = this.#context.limits;
    if (snapshot !== null && snapshot.nesting > nesting) this.#readOnly = `nested deeper than ${nesting}`;
  }

  /** What is held for somebody who has left, or whose network is lost, is looked at again. */
  releaseHeld(): void {
    this.#reconsider(this.#held.takeAll());
  }

  /** What the log is to hold as pending, if that has changed. */
  takePending(): LogBatch['pending'] {
    return this.#waiting.takeChange();
  }

  /** The document leaves memory. */
  close(error: SheafError): void {
    this.#arrivals.close(error);
  }

  // What sessions send.

  receive(session: Session, update: Uint8Array, message: ReceivedAs): void {
    const verdict = judge(this.#state.knowledge, update, this.#context.limits);
    switch (verdict.kind) {
      case 'known':
        this.#assurance.needs(this.#state.received);
        this.#owe(session, message);
        return;
      case 'new': {
        if (!this.#mayWrite(session)) return;
        const foreign = this.#held.foreignIn(session, verdict.piece);
        if (foreign.length > 0) {
          this.#hold(this.#doubt(session, update, message), foreign);
          return;
        }
        const time = this.#context.time();
        this.#accept(verdict.piece, { author: session.author, session, origin: 'here', time, arrival: null });
        if (!verdict.piece.whole) this.#assurance.needs(this.#state.received);
        this.#owe(session, message);
        return;
      }
      case 'slow':
        this.#receiveDoubtful(session, this.#doubt(session, update, message), verdict.gaps);
        return;
      case 'refused':
        session.close('malformed', verdict.reason);
    }
  }

  #doubt(session: Session, update: Uint8Array, message: ReceivedAs): Doubtful {
    const time = this.#context.time();
    const own = ownBytes(update);
    return { ...message, update: own, author: session.author, time, session, origin: 'here', arrival: null };
  }

  #receiveDoubtful(session: Session, item: Doubtful, gaps: readonly number[]): void {
    this.#context.counters.slow += 1;
    if (!session.subscriber.writable || this.#readOnly !== null) {
      void this.#oweIfKnown(session, item);
      return;
    }
    const own = this.#fanOut.presence.clientOf(session);
    const { ledger } = session;
    const waits = ledger.hasParked || ledger.awaitsStepTwo || this.#slowLane.holds(session);
    const counted = item.kind === 'update' && !waits && !this.#held.holds(session);
    const lost = counted && own !== undefined && gaps.includes(own);
    // Messages of one session come in order: a gap in its own structs, when nothing of it waits and no handshake
    // is to bring more, means that it counts one that never came. Only a new handshake puts its count right.
    if (lost) session.close('resync', 'a message was lost');
    else this.#slowLane.add(item);
  }

  /** A reader's step 2 may be large, and yet hold nothing new. */
  async #oweIfKnown(session: Session, item: Doubtful): Promise<void> {
    try {
      const answer = await this.#knownCheck.ask(item.update);
      if (session.closed) return;
      if (answer === 'known') {
        this.#assurance.needs(this.#state.received);
        this.#owe(session, item);
      } else if (answer === 'new') session.subscriber.refuse('read-only');
      else session.close('too-many', 'too many updates wait to be looked at');
    } catch (thrown) {
      session.close('internal', SheafError.from(thrown).message);
    }
  }

  #mayWrite(session: Session): boolean {
    const tooLarge = this.#state.bytes > this.#context.limits.documentBytes;
    const may = session.subscriber.writable && this.#readOnly === null && !tooLarge;
    if (!may) session.subscriber.refuse(tooLarge ? 'too-large' : 'read-only');
    return may;
  }

  #hold(item: Doubtful, foreign: readonly number[]): void {
    if (!this.#held.add(item, foreign))
      item.session?.close('resync', 'too much that others have to send first');
  }

  #reconsider(items: readonly Doubtful[]): void {
    for (const item of items) this.#slowLane.add(item);
  }

  /** All of a message is in the document. */
  #owe(session: Session, { kind, receipt }: Pick<Doubtful, 'kind' | 'receipt'>): void {
    const { knowledge, received } = this.#state;
    if (kind === 'step-two' && !session.answer(knowledge)) session.wait(receipt, knowledge);
    else this.#frontier.owe(session, receipt, received);
  }

  /** Takes a certified piece: into the state, the next commit and the next flush. */
  #accept(piece: Piece, from: Source): void {
    const bytes = pieceBytes(piece);
    this.#journal.add(bytes, piece, from);
    this.#state.admit(piece);
    this.#context.counters.updates += 1;
    // In this order: the log's thread, once woken, takes its share of a core that the flush could use.
    this.#fanOut.updated(from.session);
    this.#host.hasMore();
    const seq = this.#state.received;
    if (from.origin !== 'here') this.#assurance.foreign(seq);
    this.#context.relay?.taken(this.#name, bytes, { seq, author: from.author, origin: from.origin });
    for (const item of this.#waiting.takeReady(this.#state.knowledge)) this.#slowLane.add(item);
    this.#reconsider(this.#held.takeFor(piece));
  }

  /** What waited for something that has come, perhaps while a worker was looking at it, is tried again. */
  #retryWaiting(): void {
    this.#reconsider(this.#waiting.takeReady(this.#state.knowledge));
  }

  // What the slow lane finds.

  decided(from: Doubtful, piece: Piece | null, remainder: Remainder | null): boolean {
    const { session } = from;
    if (piece !== null) {
      if (session !== null && !this.#mayWrite(session)) return false;
      // What another server has taken it has held, if it had to be.
      const foreign = from.origin === 'here' ? this.#held.foreignIn(session, piece) : [];
      if (foreign.length > 0) {
        this.#hold(from, foreign);
        return false;
      }
      this.#accept(piece, from);
    }
    if (remainder !== null) this.#park(from, remainder);
    else from.arrival?.taken(this.#state.received);
    if (remainder === null && session !== null) {
      this.#assurance.needs(this.#state.received);
      if (from.kind !== 'parked') this.#owe(session, from);
      else if (session.answered) {
        session.ledger.unpark(from.receipt, this.#state.received);
        this.#frontier.settle(session, this.#state.received);
      }
    }
    return true;
  }

  #park(from: Doubtful, remainder: Remainder): void {
    const { session } = from;
    if (this.#waiting.park(from, remainder)) this.#host.hasMore();
    else from.arrival?.failed(new SheafError('too-many', 'It waits already, or too much waits.'));
    this.#retryWaiting();
    if (session === null || from.kind === 'parked') return;
    if (from.kind === 'step-two') {
      // It holds all that its sender could apply: what is left was never its own typing.
      this.#assurance.needs(this.#state.received);
      this.#owe(session, from);
    } else session.wait(from.receipt, this.#state.knowledge);
  }

  refused(from: Doubtful, code: 'malformed' | 'subdocument' | 'nesting' | 'too-many', reason: string): void {
    if (from.origin === 'log') return this.#unread(new SheafError('internal', reason));
    from.arrival?.failed(new SheafError(code === 'too-many' ? 'too-many' : 'malformed', reason));
    from.session?.close(code === 'too-many' ? 'too-many' : 'malformed', reason);
  }

  failed(from: Doubtful, error: SheafError): void {
    if (from.origin === 'log') return this.#unread(error);
    from.arrival?.failed(error);
    from.session?.close('internal', error.message);
  }

  /** Something in the log was not taken: whoever comes reads all of it anew. */
  #unread(error: SheafError): void {
    if (!this.closed) this.#host.commitFailed(error);
  }
}

/** Where an update came from. */
type Source = Pick<Doubtful, 'author' | 'session' | 'origin' | 'time' | 'arrival'>;

/** Nobody waits for an acknowledgement. */
const NO_SESSION = {
  session: null,
  receipt: { generation: -1, debts: 0, unsure: 0, answers: false },
} as const;
