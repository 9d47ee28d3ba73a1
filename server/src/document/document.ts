import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Author, LogBatch, Snapshot } from '../store/store.ts';
import { Arrivals, type Arrival, type Owners } from './arrivals.ts';
import { Assurance } from './assurance.ts';
import type { Committer, Writer } from './committer.ts';
import { HeldUpdates } from './held-updates.ts';
import { deletesOnly, type DocumentState } from './document-state.ts';
import { FanOut, type FanOutCounters } from './fan-out.ts';
import { Frontier } from './frontier.ts';
import type { Journal, Origin } from './journal.ts';
import { judge, type Piece, pieceBytes } from './judge.ts';
import { KnownCheck } from './known-check.ts';
import { Openings } from './openings.ts';
import { ownBytes } from '../store/own-bytes.ts';
import type { PresenceEntry, PresenceOwner } from './presence.ts';
import type { Relay } from './relay.ts';
import type { ReplicatedUpdate } from './replicated-update.ts';
import { type Remainder, WORKER_LIMITS } from './replica.ts';
import type { ReplicaLink } from './replica-link.ts';
import type { TaskRunner } from './replicas.ts';
import type { SendTurns } from './send-turns.ts';
import { type ReceivedAs, Session, type SessionHost } from './session.ts';
import { SlowLane, type SlowLaneHost } from './slow-lane.ts';
import type { CloseReason, Subscriber } from './subscriber.ts';
import { type Doubtful, WaitingUpdates } from './waiting-updates.ts';

/** What the documents of one server share. */
export interface DocumentContext {
  readonly limits: Limits;
  readonly committer: Committer;
  readonly replicas: TaskRunner;
  /** Wall clock, ms since 1970. */
  readonly time: () => number;
  /** Monotonic clock, ms. */
  readonly now: () => number;
  /** How busy the event loop is, 0 to 1. */
  readonly load: () => number;
  /** Limits how many differences are made at once. */
  readonly openings: { run<T>(task: () => Promise<T>): Promise<T> };
  readonly turns: SendTurns;
  readonly counters: FanOutCounters & { updates: number; slow: number };
  /** Passes on what is taken; null when this is the only server. */
  readonly relay: Relay | null;
  /** Other servers write the same log. */
  readonly shared: boolean;
}

/** What a document tells whoever keeps it. */
export interface DocumentHost {
  /** Something was written, or somebody came or left: compaction, title and idleness are looked at. */
  changed(document: Document): void;
  /** It must leave memory: what it holds is not what the disk holds. */
  failed(document: Document, error: SheafError): void;
}

/**
 * A hot document: takes updates, has them written and fanned out, and acknowledges them. It holds no Y.Doc.
 */
export class Document implements Writer, SessionHost, SlowLaneHost {
  readonly name: DocumentName;
  readonly state: DocumentState;
  readonly link: ReplicaLink;
  readonly #context: DocumentContext;
  readonly #host: DocumentHost;
  readonly #fanOut: FanOut;
  readonly #openings: Openings;
  readonly #slowLane: SlowLane;
  readonly #knownCheck: KnownCheck;
  readonly #waiting: WaitingUpdates;
  readonly #held: HeldUpdates;
  readonly #arrivals = new Arrivals();
  readonly #assurance: Assurance;
  readonly #journal: Journal;
  readonly #frontier: Frontier;
  #closed = false;
  /** It is being deleted: nothing more is written. */
  #sealed = false;
  /** Through here it was this server that brought it to the log, or is to look after what others have. */
  #attended: number;
  /** Why nothing can be written into it any more; null if it can. */
  #readOnly: string | null = null;

  constructor(options: {
    name: DocumentName;
    state: DocumentState;
    link: ReplicaLink;
    journal: Journal;
    context: DocumentContext;
    host: DocumentHost;
  }) {
    const { name, state, link, journal, context, host } = options;
    this.name = name;
    this.state = state;
    this.link = link;
    this.#context = context;
    this.#host = host;
    this.#fanOut = new FanOut({ ...context, state });
    this.#openings = new Openings(state, this.#fanOut, context);
    this.#held = new HeldUpdates(this.#fanOut.presence, context.limits.heldBytes);
    this.#waiting = new WaitingUpdates(context.limits, !context.shared);
    this.#slowLane = new SlowLane(this, state, link, context);
    this.#knownCheck = new KnownCheck(link, context.limits);
    this.#journal = journal;
    const { relay, limits } = context;
    const loaded = state.received;
    this.#attended = loaded;
    this.#assurance = new Assurance({ relay, document: name, loaded, lateMs: limits.copiesLateMs });
    this.#frontier = new Frontier(loaded, this.#assurance);
    this.#limitNesting(state.snapshot);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get sessions(): number {
    return this.#fanOut.sessions.size;
  }

  /** The last number that is on disk. */
  get durable(): number {
    return this.#frontier.durable;
  }

  /** The last number on disk of what this server has to look after: what others wrote to a log that is shared, they do. */
  get attended(): number {
    return this.#context.shared ? this.#attended : this.durable;
  }

  /** Whoever wrote what is here may be gone: this server looks after all of it. */
  attendToAll(): void {
    this.#attended = this.durable;
    this.#host.changed(this);
  }

  /** Nobody follows it and nothing is under way: it may leave memory. */
  get idle(): boolean {
    const written = this.durable === this.state.received && !this.#waiting.changed;
    return this.sessions === 0 && this.#slowLane.idle && written;
  }

  /** Resolves when everything through `seq` is on disk. Rejects when that won't be. */
  async whenDurable(seq: number): Promise<void> {
    if (this.#closed && this.durable < seq)
      throw new SheafError('storage-unavailable', 'The document has left memory.');
    await this.#frontier.whenReached(seq);
  }

  /** Resolves when everything through `seq` is where acknowledgements wait for it, or after so many ms. */
  whenReplicated(seq: number, ms: number): Promise<void> {
    return this.#assurance.when(seq, ms);
  }

  /** Resolves when nobody who is here waits for anything, or after so many ms. */
  async whenSettled(ms: number): Promise<void> {
    if (this.#frontier.isOwed) await this.#assurance.when(this.state.received, ms);
  }

  /** Everything through this number is on the disks of as many other servers as have to have it. */
  replicatedThrough(seq: number): void {
    if (this.#closed) return;
    this.#assurance.told(seq);
    this.#frontier.settleAll();
  }

  /** Begins somebody's stay. Throws `storage-unavailable` when the document has just left memory. */
  join(subscriber: Subscriber): Session {
    if (this.#closed) throw new SheafError('storage-unavailable', 'The document is being opened anew.');
    const session = new Session(this, subscriber, this.#context.limits.outboundBytes);
    this.#fanOut.join(session);
    if (this.sessions === 1) this.#context.relay?.followed(this);
    this.#host.changed(this);
    return session;
  }

  /** Takes an update that the server itself has made. */
  edit(update: Uint8Array, author: Author): void {
    const verdict = judge(this.state.knowledge, update, WORKER_LIMITS);
    if (verdict.kind === 'new') this.#accept(verdict.piece, this.#from(author, 'here'));
    else if (verdict.kind !== 'known') throw new SheafError('internal', 'a server-side edit does not fit');
  }

  /**
   * Takes updates that another server has taken: they go to everybody here, and are not passed on. Resolves when all of
   * them is in the document and on disk, which may be long after this for what has to wait for something else.
   */
  async replicate(updates: readonly ReplicatedUpdate[], owners: Owners): Promise<void> {
    const { arrival, whole } = this.#arrivals.begin(updates.length, owners);
    for (const { update, author } of updates) this.#bring(update, this.#from(author, 'elsewhere'), arrival);
    await this.whenDurable(await whole);
  }

  /** Takes what was read in the log that servers share: like {@link replicate}, but it is on disk. */
  takeLogged(update: Uint8Array, author: Author): void {
    this.#bring(update, this.#from(author, 'log'), null);
  }

  #bring(update: Uint8Array, from: Source, arrival: Arrival | null): void {
    const verdict = judge(this.state.knowledge, update, this.#context.limits);
    if (verdict.kind === 'new') this.#accept(verdict.piece, { ...from, arrival });
    if (verdict.kind === 'new' || verdict.kind === 'known') arrival?.taken(this.state.received);
    else this.#slowLane.add({ ...NO_SESSION, ...from, update: ownBytes(update), arrival, kind: 'update' });
  }

  #from(author: Author, origin: Origin): Source {
    return { author, session: null, origin, time: this.#context.time(), arrival: null };
  }

  /** Resolves when nothing that came has still to be looked at, or the document has left memory. */
  whenDecided(): Promise<void> {
    return this.#slowLane.whenIdle();
  }

  /** The journal knows more to be on disk, or has something more to write. */
  journalChanged(): void {
    if (this.#closed) return;
    this.#frontier.reach(this.#journal.durable);
    this.#context.committer.request(this);
    this.#host.changed(this);
  }

  /** Shows somebody who is at another server: an awareness message about that one. */
  announce(owner: PresenceOwner, message: Uint8Array): void {
    this.#fanOut.presence.receive(owner, message);
    this.#fanOut.presenceChanged();
  }

  /** Somebody at another server has left. */
  withdraw(owner: PresenceOwner): void {
    this.#fanOut.presence.leave(owner);
    if (!this.#closed) this.#fanOut.presenceChanged();
  }

  /** Who is here, and at other servers. */
  people(): Iterable<PresenceEntry> {
    return this.#fanOut.presence.here();
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

  /** A compaction's snapshot takes the place of all through this document's number `through`, which it holds. */
  adopt(snapshot: Snapshot, through: number): void {
    // Yjs deletes while it integrates: what its document found beyond what was judged is told to everybody, or a
    // newcomer would see another document than who was there.
    // Mostly it found nothing, and there may be very many.
    if (!this.state.knowledge.hasDeleteSet(snapshot.deleteSet)) {
      const found = judge(this.state.knowledge, deletesOnly(snapshot.deleteSet), WORKER_LIMITS);
      if (found.kind === 'new') this.#accept(found.piece, this.#from('', 'here'));
    }
    this.#fanOut.hurry(through);
    this.state.adopt(snapshot, through);
    this.#limitNesting(snapshot);
  }

  #limitNesting(snapshot: Snapshot | null): void {
    const { nesting } = this.#context.limits;
    if (snapshot !== null && snapshot.nesting > nesting) this.#readOnly = `nested deeper than ${nesting}`;
  }

  /** Ends everybody's stay; what was received is still written. */
  dismiss(reason: CloseReason, words: string): void {
    for (const session of [...this.#fanOut.sessions]) session.close(reason, words);
  }

  /** Writes nothing more, and acknowledges nothing more: it is about to be deleted, and to be closed. */
  seal(): void {
    this.#sealed = true;
  }

  /** Ends the document's stay in memory. What is not written yet never will be. */
  close(reason: CloseReason, words: string): void {
    this.#closed = true;
    const code = reason === 'deleted' || reason === 'draining' ? reason : 'storage-unavailable';
    const lost = new SheafError(code, words);
    this.#frontier.fail(lost);
    this.#arrivals.close(lost);
    this.#assurance.stop();
    this.#fanOut.close();
    this.link.forget();
    this.dismiss(reason, words);
  }

  // What sessions say.

  open(session: Session, stateVector: Uint8Array): void {
    this.#openings.open(session, stateVector);
  }

  heard(session: Session): void {
    this.#frontier.settle(session, this.state.received);
  }

  receive(session: Session, update: Uint8Array, message: ReceivedAs): void {
    const verdict = judge(this.state.knowledge, update, this.#context.limits);
    switch (verdict.kind) {
      case 'known':
        this.#assurance.needs(this.state.received);
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
        if (!verdict.piece.whole) this.#assurance.needs(this.state.received);
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
        this.#assurance.needs(this.state.received);
        this.#owe(session, item);
      } else if (answer === 'new') session.subscriber.refuse('read-only');
      else session.close('too-many', 'too many updates wait to be looked at');
    } catch (thrown) {
      session.close('internal', SheafError.from(thrown).message);
    }
  }

  #mayWrite(session: Session): boolean {
    const tooLarge = this.state.bytes > this.#context.limits.documentBytes;
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
    const { knowledge, received } = this.state;
    if (kind === 'step-two' && !session.answer(knowledge)) session.wait(receipt, knowledge);
    else this.#frontier.owe(session, receipt, received);
  }

  /** Takes a certified piece: into the state, the next commit and the next flush. */
  #accept(piece: Piece, from: Source): void {
    const bytes = pieceBytes(piece);
    this.#journal.add(bytes, piece, from);
    this.state.admit(piece);
    this.#context.counters.updates += 1;
    // In this order: the log's thread, once woken, takes its share of a core that the flush could use.
    this.#fanOut.updated(from.session);
    this.#context.committer.request(this);
    const seq = this.state.received;
    if (from.origin !== 'here') this.#assurance.foreign(seq);
    this.#context.relay?.taken(this.name, bytes, { seq, author: from.author, origin: from.origin });
    for (const item of this.#waiting.takeReady(this.state.knowledge)) this.#slowLane.add(item);
    this.#reconsider(this.#held.takeFor(piece));
  }

  /** What waited for something that has come, perhaps while a worker was looking at it, is tried again. */
  #retryWaiting(): void {
    this.#reconsider(this.#waiting.takeReady(this.state.knowledge));
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
    else from.arrival?.taken(this.state.received);
    if (remainder === null && session !== null) {
      this.#assurance.needs(this.state.received);
      if (from.kind !== 'parked') this.#owe(session, from);
      else if (session.answered) {
        session.ledger.unpark(from.receipt, this.state.received);
        this.#frontier.settle(session, this.state.received);
      }
    }
    return true;
  }

  #park(from: Doubtful, remainder: Remainder): void {
    const { session } = from;
    if (this.#waiting.park(from, remainder)) this.#context.committer.request(this);
    else from.arrival?.failed(new SheafError('too-many', 'It waits already, or too much waits.'));
    this.#retryWaiting();
    if (session === null || from.kind === 'parked') return;
    if (from.kind === 'step-two') {
      // It holds all that its sender could apply: what is left was never its own typing.
      this.#assurance.needs(this.state.received);
      this.#owe(session, from);
    } else session.wait(from.receipt, this.state.knowledge);
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
    if (!this.#closed) this.commitFailed(error);
  }

  // Fan-out.

  catchUp(session: Session): void {
    this.#fanOut.catchUp(session);
  }

  receivePresence(session: Session, message: Uint8Array): void {
    try {
      this.#fanOut.presence.receive(session, message);
      this.#fanOut.presenceChanged();
      this.#context.relay?.presenceChanged(this);
    } catch (thrown) {
      const error = SheafError.from(thrown);
      session.close(error.code === 'too-large' ? 'too-large' : 'malformed', error.message);
    }
  }

  sendPresence(session: Session): void {
    this.#fanOut.sendPresenceTo(session);
  }

  away(): void {
    if (!this.#closed) this.#reconsider(this.#held.takeAll());
  }

  left(session: Session): void {
    this.#fanOut.leave(session);
    this.#frontier.left(session);
    if (this.sessions === 0) this.#context.relay?.unfollowed(this);
    else this.#context.relay?.presenceChanged(this);
    if (this.#closed) return;
    this.#fanOut.presenceChanged();
    this.#reconsider(this.#held.takeAll());
    this.#host.changed(this);
  }

  // Commits.

  collect(): LogBatch | null {
    if (this.#closed || this.#sealed) return null;
    const pending = this.#waiting.takeChange();
    const unwritten = this.#journal.collect();
    if (unwritten.count === 0 && pending === undefined) return null;
    return { document: this.name, ...unwritten, pending };
  }

  committed(first: number): void {
    const part = this.#journal.committed(first);
    this.#frontier.reach(this.#journal.durable);
    if (part !== null) {
      this.#attended = this.durable;
      this.#context.relay?.logged(this.name, part);
    }
    if (!this.#closed) this.#host.changed(this);
  }

  commitFailed(error: SheafError): void {
    this.close(error.code === 'deleted' ? 'deleted' : 'storage-unavailable', error.message);
    this.#host.failed(this, error);
  }
}

/** Where an update came from. */
type Source = Pick<Doubtful, 'author' | 'session' | 'origin' | 'time' | 'arrival'>;

/** Nobody waits for an acknowledgement. */
const NO_SESSION = {
  session: null,
  receipt: { generation: -1, debts: 0, unsure: 0, answers: false },
} as const;
