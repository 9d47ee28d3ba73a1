import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as Y from 'yjs';
import { Documents } from '../document/documents.ts';
import { InlineReplicas } from '../document/inline-replicas.ts';
import type { LogPart } from '../document/journal.ts';
import type { Session } from '../document/session.ts';
import type { Subscriber } from '../document/subscriber.ts';
import { SheafError } from '../error.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { parseDocumentName } from '../store/document-name.ts';
import { decodeEntries } from '../store/entries.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import { mulberry32 } from '../store/sample.ts';
import type { LogBatch, SharedLog, Store, UpdateLog } from '../store/store.ts';
import type { Incarnation, Message, NodeId } from './message.ts';
import { Replicator } from './replicator.ts';
import { SharedLogNode } from './shared-log.ts';

/*
 * Nodes that share one log, in one process: whole engines and replication cores, with links and a database that hold up,
 * lose and cut. All delays are turns of the event loop, drawn from a seed, no thread but this one works, and timers go by
 * the world's own clock: what happens, the seed says.
 */

const NAME = parseDocumentName('plan');

/** Commits follow each other at once, documents are compacted and leave memory soon. */
const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  commitMs: 0,
  busyCommitMs: 0,
  logGraceMs: 1,
  compactUpdates: 40,
  compactEveryMs: 5,
  titleMs: 60_000,
};

/** All is the same after a heal within so many rounds of 100 ms, in each of which what is under way goes on. */
const ROUNDS = 300;
const ROUND_MS = 100;
const ROUND_TURNS = 20;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Who shares a log stores nothing by itself. */
const SHARED = { replica: false, tellsPersisted: false, asksPersisted: false };

/** Mistakes that a test plants to see them found. */
export type Mistake =
  | 'none'
  /** A commit writes only what began here. */
  | 'own-alone'
  /** What others told of the log counts as here, whether it is or not. */
  | 'told-is-here'
  /** Nobody writes what a node has taken into the grave. */
  | 'no-take-over'
  /** Nothing is read when something is missing. */
  | 'never-read';

/** One person, at one node: writes, and knows what was acknowledged. */
class Writer implements Subscriber {
  readonly author: string;
  readonly writable = true;
  readonly frameKey = 'test';
  readonly bufferedBytes = 0;
  readonly doc: Y.Doc;
  /** What was written in this stay, and how much of it was acknowledged: which, a count does not say until it is all. */
  readonly waiting: Uint8Array[] = [];
  #paid = 0;
  session: Session | null = null;
  /** What was acknowledged, in any stay. */
  readonly acknowledged: Uint8Array[] = [];

  constructor(author: string, doc: Y.Doc) {
    this.author = author;
    this.doc = doc;
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === this || this.session === null) return;
      this.waiting.push(update);
      this.session.update(update);
    });
  }

  frameUpdate(update: Uint8Array): Uint8Array {
    return update;
  }

  framePresence(): Uint8Array {
    return new Uint8Array();
  }

  send(frame: Uint8Array): void {
    if (frame.length > 0) Y.applyUpdate(this.doc, frame, this);
  }

  sendStepOne(): void {}

  sendSnapshot(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, this);
  }

  sendStepTwo(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, this);
  }

  acknowledge(count: number): void {
    this.#paid += count;
    if (this.#paid < this.waiting.length) return;
    this.#paid = 0;
    this.acknowledged.push(...this.waiting.splice(0));
  }

  refuse(): void {}

  close(): void {
    this.session = null;
  }
}

/** The shared store as one node sees it: with delays, and a cable that can be cut. */
class Cable {
  readonly #store: Store;
  readonly #delay: () => Promise<void>;
  isCut = false;

  constructor(store: Store, delay: () => Promise<void>) {
    this.#store = store;
    this.#delay = delay;
  }

  get store(): Store {
    const { log, catalogue, shared } = this.#store;
    assert.ok(shared !== null);
    const over = <T>(call: () => Promise<T>): Promise<T> => this.#over(call);
    const ownLog: UpdateLog = {
      append: () => Promise.reject(new SheafError('internal', 'nobody appends so')),
      load: (name) => over(() => log.load(name)),
      compact: (compaction) => over(() => log.compact(compaction)),
      history: (...range) => over(() => log.history(...range)),
      expireHistory: (time) => over(() => log.expireHistory(time)),
      verify: (name) => over(() => log.verify(name)),
      size: (name) => over(() => log.size(name)),
    };
    const sharedLog: SharedLog = {
      append: (batches: readonly LogBatch[]) => over(() => shared.log.append(batches)),
      read: (name, after) => over(() => shared.log.read(name, after)),
      ends: (names) => over(() => shared.log.ends(names)),
    };
    return {
      log: ownLog,
      catalogue,
      shared: { log: sharedLog, members: shared.members },
      earlier: null,
      healthy: () => !this.isCut,
      close: () => Promise.resolve(),
    };
  }

  /** A cut on the way there leaves nothing; one on the way back leaves it to be found. */
  async #over<T>(call: () => Promise<T>): Promise<T> {
    await this.#delay();
    this.#refuse();
    const result = await call();
    await this.#delay();
    this.#refuse();
    return result;
  }

  #refuse(): void {
    if (this.isCut) throw new SheafError('storage-unavailable', 'The database is out of reach.');
  }
}

/** One node's life. */
interface Life {
  readonly node: NodeId;
  readonly documents: Documents;
  readonly replicator: Replicator;
  readonly shared: SharedLogNode;
  readonly cable: Cable;
  readonly writers: Writer[];
  dead: boolean;
}

/** The nodes, their people, and what happens to them. */
export class SharedWorld implements Disposable {
  readonly store = openMemoryStore({ now: () => 1_000 });
  readonly lives: Life[] = [];
  readonly reports: string[] = [];
  /** What was acknowledged to somebody, ever. */
  readonly acknowledged: Uint8Array[] = [];
  readonly counts = { written: 0, kills: 0, cuts: 0, partitions: 0 };
  /** What happens, and how long things take: how they meet is not to change what happens. */
  readonly #random: () => number;
  readonly #delays: () => number;
  readonly #mistake: Mistake;
  readonly #links = new Map<
    number,
    { readonly from: Life; readonly to: Life; readonly back: number; cut: boolean }
  >();
  #linkIds = 0;
  #lives = 0;
  #docs = 0;
  #now = 0;

  constructor(seed: number, nodes: number, mistake: Mistake = 'none') {
    this.#random = mulberry32(seed);
    this.#delays = mulberry32(-seed);
    this.#mistake = mistake;
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    for (let at = 0; at < nodes; at += 1) this.#start(at);
  }

  [Symbol.dispose](): void {
    mock.timers.reset();
  }

  /** Time passes, and what is under way goes on for so many turns. */
  async #pass(ms: number, turns: number): Promise<void> {
    this.#now += ms;
    mock.timers.tick(ms);
    for (let at = 0; at < turns; at += 1) await turn();
  }

  below(bound: number): number {
    return Math.floor(this.#random() * bound);
  }

  /** Turns of the event loop; mostly few. */
  async #delay(): Promise<void> {
    const upTo = (bound: number): number => Math.floor(this.#delays() * bound);
    const turns = upTo(4) === 0 ? upTo(12) : upTo(3);
    for (let at = 0; at < turns; at += 1) await turn();
  }

  #start(index: number): void {
    this.#lives += 1;
    const node = `node-${index}` as NodeId;
    const cable = new Cable(this.store, () => this.#delay());
    const now = (): number => this.#now;
    const replicator = new Replicator(LIMITS, now, 0);
    const report = (words: string, error: SheafError): void =>
      void this.reports.push(`${words}: ${error.message}`);
    const { store } = cable;
    const runner = (): InlineReplicas => new InlineReplicas(() => this.#delay());
    const load = (): number => 0;
    const made = { store, limits: LIMITS, report, relay: replicator, shared: true, now, load, runner };
    const documents = new Documents(made);
    const isApart = (): boolean => false;
    const shared = new SharedLogNode({ documents, limits: LIMITS, now, isApart, report });
    const life: Life = { node, documents, replicator, shared, cable, writers: [], dead: false };
    this.#plant(life);
    const links = {
      send: (link: number, batch: number, messages: readonly Message[]) =>
        void this.#carry(life, link, batch, messages),
      cut: (link: number) => this.#cut(link),
      remote: () => assert.fail('nobody is asked for anything'),
    };
    const parts = { documents, catalogue: store.catalogue, log: store.log, earlier: null, shared, report };
    replicator.start({ ...parts, links });
    this.lives[index] = life;
    for (const other of this.lives)
      if (other !== undefined && other !== life && !other.dead) this.#link(life, other);
  }

  #plant({ documents, shared }: Life): void {
    const { shared: engine } = documents;
    assert.ok(engine !== null);
    if (this.#mistake === 'no-take-over') engine.takeOver = () => {};
    if (this.#mistake === 'never-read') {
      engine.catchUp = () => Promise.resolve();
      engine.changed = () => {};
      shared.follow = () => Promise.resolve();
      engine.follow = () => Promise.resolve();
    }
    const { journal } = engine;
    engine.journal = (state) => {
      const made = journal.call(engine, state);
      if (this.#mistake === 'told-is-here')
        made.told = ({ first, count }: LogPart) => made.account(first, count);
      if (this.#mistake === 'own-alone') {
        const add = made.add.bind(made);
        made.add = (update, piece, from) =>
          add(update, piece, from.origin === 'elsewhere' ? { ...from, origin: 'log' } : from);
      }
      return made;
    };
  }

  #link(one: Life, other: Life): void {
    const [there, back] = [this.#linkIds + 1, this.#linkIds + 2];
    this.#linkIds += 2;
    this.#links.set(there, { from: one, to: other, back, cut: false });
    this.#links.set(back, { from: other, to: one, back: there, cut: false });
    // The number of its life stands for what a node draws at each start.
    const incarnation = (life: Life): Incarnation =>
      `${this.lives.indexOf(life)}-${this.#lives}-${this.#linkIds}` as Incarnation;
    const linked = (life: Life, link: number, peer: Life): void =>
      life.replicator.event({
        kind: 'linked',
        link,
        node: peer.node,
        incarnation: incarnation(peer),
        features: SHARED,
      });
    linked(one, there, other);
    linked(other, back, one);
  }

  #cut(id: number): void {
    const link = this.#links.get(id);
    if (link === undefined || link.cut) return;
    link.cut = true;
    this.#links.delete(id);
    if (!link.from.dead) link.from.replicator.event({ kind: 'unlinked', link: id });
    this.#cut(link.back);
  }

  readonly #carried = new Map<number, Promise<void>>();

  async #carry(life: Life, id: number, batch: number, messages: readonly Message[]): Promise<void> {
    const before = this.#carried.get(id);
    const carried = this.#carryOne(life, id, { batch, messages }, before);
    this.#carried.set(id, carried);
    await carried;
  }

  async #carryOne(
    life: Life,
    id: number,
    { batch, messages }: { batch: number; messages: readonly Message[] },
    before: Promise<void> | undefined,
  ): Promise<void> {
    await before;
    await this.#delay();
    const link = this.#links.get(id);
    if (link === undefined || link.cut) return;
    if (!life.dead) life.replicator.event({ kind: 'written', link: id });
    // A hint may be lost without harm.
    const kept = messages.filter(({ kind }) => kind !== 'logged' || this.#delays() > 0.15);
    if (!link.to.dead) link.to.replicator.event({ kind: 'received', link: link.back, batch, messages: kept });
  }

  /** Somebody comes to a node, perhaps with what was never acknowledged to them. */
  async join(index: number, doc?: Y.Doc): Promise<void> {
    const life = this.lives[index];
    assert.ok(life !== undefined);
    const writer = new Writer(`person ${this.#lives}.${life.writers.length}`, doc ?? this.#makeDoc());
    life.writers.push(writer);
    try {
      const session = await life.documents.join(NAME, writer);
      if (life.dead) return;
      writer.session = session;
      session.stepOne(Y.encodeStateVector(writer.doc));
      // The handshake is acknowledged like any message.
      writer.waiting.push(Y.encodeStateAsUpdate(writer.doc));
      session.stepTwo(Y.encodeStateAsUpdate(writer.doc));
    } catch (thrown) {
      assert.ok(['storage-unavailable', 'draining'].includes(SheafError.from(thrown).code), String(thrown));
    }
  }

  #makeDoc(): Y.Doc {
    const doc = new Y.Doc();
    this.#docs += 1;
    doc.clientID = this.#docs;
    return doc;
  }

  /** People at one node write so often, and nothing else happens. */
  async write(index: number, times: number): Promise<void> {
    const life = this.lives[index];
    assert.ok(life !== undefined);
    for (let at = 0; at < times; at += 1) {
      this.#write(life);
      await this.#pass(20, 1);
    }
  }

  /** How many updates a node keeps behind its snapshot; null: the document is not open there. */
  tailOf(index: number): number | null {
    return this.lives[index]?.documents.inMemory(NAME)?.state.tailCount ?? null;
  }

  /** Something happens. */
  async step(): Promise<void> {
    const ms = this.below(40);
    const index = this.below(this.lives.length);
    const life = this.lives[index];
    assert.ok(life !== undefined);
    const kind = this.below(100);
    if (kind < 70) this.#write(life);
    else if (kind < 76) await this.#comeBack(index);
    else if (kind < 78) await this.#leave(life);
    else if (kind < 80) await this.kill(index);
    else if (kind < 83) this.#toggleCable(life);
    else if (kind < 87) this.#partition();
    else life.shared.look();
    await this.#pass(ms, this.below(6));
  }

  /** Somebody whose connection was closed comes back, here or elsewhere; or somebody new comes. */
  async #comeBack(index: number): Promise<void> {
    for (const { writers } of this.lives) {
      const closed = writers.find(({ session }) => session === null || session.closed);
      if (closed === undefined) continue;
      this.#note(closed);
      writers.splice(writers.indexOf(closed), 1);
      return this.join(index, closed.doc);
    }
    return this.join(index);
  }

  #write(life: Life): void {
    const here = life.writers.filter(({ session }) => session !== null && !session.closed);
    const writer = here[this.below(here.length)];
    if (writer === undefined) return;
    this.counts.written += 1;
    const text = writer.doc.getText('text');
    const at = this.below(text.length + 1);
    if (this.below(5) === 0 && text.length > 0) text.delete(Math.min(at, text.length - 1), 1);
    else text.insert(at, String.fromCodePoint(97 + this.below(26)).repeat(1 + this.below(3)));
  }

  async #leave({ writers }: Life): Promise<void> {
    const writer = writers[this.below(writers.length)];
    if (writer === undefined) return;
    this.#note(writer);
    writers.splice(writers.indexOf(writer), 1);
    writer.session?.leave();
  }

  /** The node's process ends at once; its people come to another with all that they have, or are gone. */
  async kill(index: number): Promise<void> {
    const life = this.lives[index];
    assert.ok(life !== undefined);
    this.counts.kills += 1;
    life.dead = true;
    life.cable.isCut = true;
    life.replicator.stop();
    for (const [id, { from }] of [...this.#links]) if (from === life) this.#cut(id);
    for (const writer of life.writers) {
      this.#note(writer);
      writer.session = null;
    }
    void life.documents.close().catch(() => {});
    this.#start(index);
    for (const writer of life.writers)
      if (this.below(2) === 0) await this.join(this.below(this.lives.length), writer.doc);
    await this.join(index);
  }

  /** Somebody writes, the node dies before that is written down, and nobody else writes any more. */
  async lastWords(): Promise<void> {
    const index = this.below(this.lives.length);
    const life = this.lives[index];
    assert.ok(life !== undefined);
    this.#write(life);
    await this.#pass(1, this.below(12));
    await this.kill(index);
  }

  #toggleCable({ cable }: Life): void {
    cable.isCut = !cable.isCut;
    if (cable.isCut) this.counts.cuts += 1;
  }

  #partition(): void {
    const links = [...this.#links];
    const [id] = links[this.below(links.length)] ?? [];
    if (id !== undefined && this.below(2) === 0) {
      this.counts.partitions += 1;
      return this.#cut(id);
    }
    this.#heal();
  }

  #heal(): void {
    for (const [at, one] of this.lives.entries())
      for (const other of this.lives.slice(at + 1)) {
        const isLinked = [...this.#links.values()].some(({ from, to }) => from === one && to === other);
        if (!isLinked) this.#link(one, other);
      }
  }

  #note(writer: Writer): void {
    this.acknowledged.push(...writer.acknowledged.splice(0));
  }

  /**
   * All is well again: soon everybody must hold the same, and what was acknowledged must be in the log. Ends the nodes; the
   * text that all hold.
   */
  async check(): Promise<string> {
    for (const { cable } of this.lives) cable.isCut = false;
    this.#heal();
    for (const index of this.lives.keys()) await this.join(index);
    let log = await this.#replay();
    for (let round = 0; this.#different(log) !== null && round < ROUNDS; round += 1) {
      for (const { shared, replicator } of this.lives) {
        replicator.event({ kind: 'tick' });
        shared.look();
      }
      await this.#pass(ROUND_MS, ROUND_TURNS);
      log = await this.#replay();
    }
    assert.equal(this.#different(log), null);
    for (const { writers } of this.lives) for (const writer of writers) this.#note(writer);
    for (const update of this.acknowledged) {
      const before = Y.encodeStateAsUpdate(log);
      Y.applyUpdate(log, update);
      assert.deepEqual(Y.encodeStateAsUpdate(log), before, 'what was acknowledged is in the log');
    }
    const closed = Promise.all(this.lives.map(({ documents }) => documents.close()));
    for (let round = 0; round < ROUNDS; round += 1) await this.#pass(ROUND_MS, 1);
    await closed;
    return log.getText('text').toJSON();
  }

  /** How somebody who is there holds something else than the log; null: nobody does. */
  #different(log: Y.Doc): string | null {
    const whole = log.getText('text').toJSON();
    for (const { node, writers } of this.lives)
      for (const { author, session, waiting, doc } of writers) {
        if (session === null || session.closed) continue;
        const text = doc.getText('text').toJSON();
        if (text !== whole) return `${author} at ${node} holds "${text}", and the log "${whole}"`;
        if (waiting.length > 0) return `${author} at ${node} waits for ${waiting.length} acknowledgements`;
      }
    return null;
  }

  /** The log as it came, entry by entry: none may refer to what does not stand before it. */
  async #replay(): Promise<Y.Doc> {
    const history = await this.store.log.history(NAME, 1, Number.MAX_SAFE_INTEGER);
    const stored = await this.store.log.load(NAME);
    const packed = [...history.map(({ entries }) => entries), ...(stored?.tail ?? [])];
    const doc = new Y.Doc();
    for (const { update } of packed.flatMap((entries) => decodeEntries(entries))) {
      Y.applyUpdate(doc, update);
      const { pendingStructs, pendingDs } = doc.store;
      assert.ok(pendingStructs === null && pendingDs === null, 'the log refers to what it lacks');
    }
    return doc;
  }
}
