import { SheafError } from '../error.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Author, LogBatch, Snapshot } from '../store/store.ts';
import type { Owners } from './arrivals.ts';
import { Assurance } from './assurance.ts';
import type { Writer } from './committer.ts';
import type { DocumentContext } from './document-context.ts';
import type { DocumentState } from './document-state.ts';
import { FanOut } from './fan-out.ts';
import { Frontier } from './frontier.ts';
import { Intake, type IntakeHost } from './intake.ts';
import type { Journal } from './journal.ts';
import { Openings } from './openings.ts';
import type { PresenceEntry, PresenceOwner } from './presence.ts';
import type { ReplicatedUpdate } from './replicated-update.ts';
import type { ReplicaLink } from './replica-link.ts';
import { type ReceivedAs, Session, type SessionHost } from './session.ts';
import type { CloseReason, Subscriber } from './subscriber.ts';

/** What a document tells whoever keeps it. */
export interface DocumentHost {
  /** Something was written, or somebody came or left: compaction, title and idleness are looked at. */
  changed(document: Document): void;
  /** It must leave memory: what it holds is not what the disk holds. */
  failed(document: Document, error: SheafError): void;
}

/** A hot document: takes updates, has them written and fanned out, and acknowledges them. It holds no Y.Doc. */
export class Document implements Writer, SessionHost, IntakeHost {
  readonly name: DocumentName;
  readonly state: DocumentState;
  readonly link: ReplicaLink;
  readonly #context: DocumentContext;
  readonly #host: DocumentHost;
  readonly #fanOut: FanOut;
  readonly #openings: Openings;
  readonly #intake: Intake;
  readonly #assurance: Assurance;
  readonly #journal: Journal;
  readonly #frontier: Frontier;
  #closed = false;
  /** It is being deleted: nothing more is written. */
  #sealed = false;
  /** Through here it was this server that brought it to the log, or is to look after what others have. */
  #attended: number;

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
    this.#journal = journal;
    const { relay, limits } = context;
    const loaded = state.received;
    this.#attended = loaded;
    this.#assurance = new Assurance({ relay, document: name, loaded, lateMs: limits.copiesLateMs });
    this.#frontier = new Frontier(loaded, this.#assurance);
    this.#intake = new Intake({
      name,
      state,
      link,
      fanOut: this.#fanOut,
      frontier: this.#frontier,
      assurance: this.#assurance,
      journal,
      context,
      host: this,
    });
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
    return this.sessions === 0 && this.#intake.idle && this.durable === this.state.received;
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

  /** Takes an update that the server itself has made. Throws `internal` if it does not continue the document. */
  edit(update: Uint8Array, author: Author): void {
    this.#intake.edit(update, author);
  }

  /**
   * Takes updates that another server has taken: they go to everybody here, and are not passed on. Resolves when all of
   * them is in the document and on disk, which may be long after this for what has to wait for something else.
   */
  async replicate(updates: readonly ReplicatedUpdate[], owners: Owners): Promise<void> {
    await this.whenDurable(await this.#intake.replicate(updates, owners));
  }

  /** Takes what was read in the log that servers share: like {@link replicate}, but it is on disk. */
  takeLogged(update: Uint8Array, author: Author): void {
    this.#intake.takeLogged(update, author);
  }

  /** Resolves when nothing that came has still to be looked at, or the document has left memory. */
  whenDecided(): Promise<void> {
    return this.#intake.whenDecided();
  }

  /** The journal knows more to be on disk, or has something more to write. */
  journalChanged(): void {
    if (this.#closed) return;
    this.#frontier.reach(this.#journal.durable);
    this.hasMore();
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
    this.#intake.restore(pending);
  }

  /** A compaction's snapshot takes the place of all through this document's number `through`, which it holds. */
  adopt(snapshot: Snapshot, through: number): void {
    this.#intake.adopt(snapshot);
    this.#fanOut.hurry(through);
    this.state.adopt(snapshot, through);
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
    this.#intake.close(lost);
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
    this.#intake.receive(session, update, message);
  }

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
    if (!this.#closed) this.#intake.releaseHeld();
  }

  left(session: Session): void {
    this.#fanOut.leave(session);
    this.#frontier.left(session);
    if (this.sessions === 0) this.#context.relay?.unfollowed(this);
    else this.#context.relay?.presenceChanged(this);
    if (this.#closed) return;
    this.#fanOut.presenceChanged();
    this.#intake.releaseHeld();
    this.#host.changed(this);
  }

  // Commits.

  hasMore(): void {
    this.#context.committer.request(this);
  }

  collect(): LogBatch | null {
    if (this.#closed || this.#sealed) return null;
    const pending = this.#intake.takePending();
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
