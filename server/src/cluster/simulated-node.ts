import * as Y from 'yjs';
import { Assurance, type AssuringRelay } from '../document/assurance.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { ClusterEffect } from './cluster-effect.ts';
import type { ClusterEvent } from './cluster-event.ts';
import { emptyCluster, type ReplicationLimits } from './cluster-state.ts';
import { digestOf, Inventory } from './inventory.ts';
import type { Incarnation, NodeId, RemotePresence } from './message.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import { step } from './step.ts';

const REMOTE = Symbol('remote');

/** A mistake that a simulation makes on purpose, to see that it is found. */
export type Mistake =
  | 'digest-without-deletes'
  | 'same-incarnation'
  | 'no-dirty-marks'
  | 'no-comparing'
  | 'ghosts'
  | 'no-tombstones'
  | 'acknowledges-unwritten'
  | 'acknowledges-alone'
  | 'persists-unwritten'
  | 'persists-received'
  | 'fetches-unwritten'
  | 'compares-unwritten'
  | 'believes-what-was-here'
  | 'persists-lost';

/** Somebody who is connected to a node. */
export interface Follower {
  readonly document: DocumentName;
  /** Yjs client id. */
  readonly client: number;
  deliver(update: Uint8Array): void;
  /** So many of its updates are where they have to be. */
  acknowledge(count: number): void;
  end(reason: 'crash' | 'deleted'): void;
}

/** What a node is given by the world. */
export interface Surroundings {
  now(): number;
  effect(effect: ClusterEffect): void;
  /** Call `write` of this document a little later. */
  toWrite(document: DocumentName): void;
  /** An update is being acknowledged. */
  acknowledging(document: DocumentName, update: Uint8Array): void;
  readonly mistake: Mistake | null;
}

interface Stored {
  readonly doc: Y.Doc;
  readonly assurance: Assurance;
  received: number;
  written: number;
  /** Taken and not yet on disk. */
  unwritten: Uint8Array[];
  owed: { readonly seq: number; readonly follower: Follower; readonly update: Uint8Array }[];
  /** What came from other nodes and has to be whole and on disk; `seq` is null while something of it waits. */
  arrivals: { seq: number | null; readonly end: (onDisk: boolean) => void }[];
}

/** One node of a simulated cluster: the real core over Y.Docs, with arrays for a disk and no sockets. */
export class SimulatedNode {
  readonly id: NodeId;
  readonly incarnation: Incarnation;
  readonly disk: SimulatedDisk;
  alive = true;
  /** Who at other nodes is shown here. */
  readonly shown = new Map<DocumentName, Map<number, { node: NodeId; state: string }>>();
  readonly #state;
  readonly #around: Surroundings;
  readonly #relay: AssuringRelay;
  readonly #followers = new Set<Follower>();
  readonly #here = new Map<DocumentName, Map<number, RemotePresence>>();
  readonly #yielding = new Set<NodeId>();
  readonly #documents = new Map<DocumentName, Stored>();
  readonly #events: ClusterEvent[] = [];
  #stepping = false;
  /** How often something was lost that was in memory alone. */
  losses = 0;

  constructor(
    self: { id: NodeId; incarnation: Incarnation; disk: SimulatedDisk; others: number },
    limits: ReplicationLimits,
    around: Surroundings,
  ) {
    this.id = self.id;
    this.incarnation = self.incarnation;
    this.disk = self.disk;
    this.#state = emptyCluster(limits, self.others);
    this.#around = around;
    this.#relay = {
      others: self.others,
      wanted: (document, seq) => this.event({ kind: 'wanted', document, seq }),
      copies: () => 1,
    };
  }

  get peers(): ReadonlyMap<NodeId, { linkage: { state: string } }> {
    return this.#state.peers;
  }

  /** Documents that are here, as Y.Docs. */
  names(): DocumentName[] {
    return [...new Set([...this.disk.logs.keys(), ...this.#documents.keys()])].filter(
      (name) => !this.disk.tombstones.has(name),
    );
  }

  event(event: ClusterEvent): void {
    if (!this.alive) return;
    this.#events.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift())
      for (const effect of step(this.#state, next, this.#around.now())) this.#carryOut(next, effect);
    this.#stepping = false;
  }

  #carryOut(event: ClusterEvent, effect: ClusterEffect): void {
    const { mistake } = this.#around;
    switch (effect.kind) {
      case 'apply':
        return this.#apply(effect);
      case 'replicated': {
        const stored = this.#documents.get(effect.document);
        stored?.assurance.told(effect.through);
        if (stored !== undefined) this.#settle(effect.document, stored);
        return;
      }
      case 'delete':
        return this.bury(effect.document, effect.time);
      case 'show': {
        const forgotten = event.kind === 'tick' || event.kind === 'linked';
        if (mistake !== 'ghosts' || effect.presence.state !== null || !forgotten) this.#show(effect);
        return;
      }
      case 'yield':
        if (effect.yields) this.#yielding.add(effect.node);
        else this.#yielding.delete(effect.node);
        return;
      case 'check':
        if (Buffer.compare(this.digest(effect.document), effect.digest) !== 0)
          this.event({ kind: 'differs', node: effect.node, document: effect.document });
        return;
      case 'send':
      case 'unlink':
      case 'fetch':
      case 'compare':
        this.#around.effect(effect);
    }
  }

  #apply({ node, incarnation, document, first, updates }: Extract<ClusterEffect, { kind: 'apply' }>): void {
    const last = first + updates.length - 1;
    const bytes = updates.map(({ update }) => update);
    this.bring(document, bytes, (onDisk) => {
      if (onDisk || this.#around.mistake === 'persists-lost')
        this.event({ kind: 'persisted', node, incarnation, first, last });
      else this.event({ kind: 'lost', document });
    });
    if (this.#around.mistake === 'persists-unwritten')
      this.event({ kind: 'persisted', node, incarnation, first, last });
  }

  /** Takes what came from another node; `end` hears whether it got to the disk. */
  bring(name: DocumentName, updates: readonly Uint8Array[], end: (onDisk: boolean) => void): void {
    if (this.disk.tombstones.has(name)) return end(true);
    const stored = this.#open(name);
    for (const update of updates) Y.applyUpdate(stored.doc, update, REMOTE);
    stored.arrivals.push({ seq: null, end });
    this.#around.toWrite(name);
  }

  /** Takes an update of somebody who is here. `whole`: it may repeat what is here. */
  take(name: DocumentName, update: Uint8Array, follower: Follower, whole: boolean): void {
    if (this.disk.tombstones.has(name)) return;
    const stored = this.#open(name);
    const before = stored.received;
    Y.applyUpdate(stored.doc, update, follower);
    const known = whole || stored.received === before;
    const believes = known && this.#around.mistake === 'believes-what-was-here';
    if (known && !believes) stored.assurance.needs(stored.received);
    stored.owed.push({ seq: believes ? 0 : stored.received, follower, update });
    this.#around.toWrite(name);
    if (this.#around.mistake === 'acknowledges-unwritten') this.#settle(name, stored);
  }

  #open(name: DocumentName): Stored {
    const open = this.#documents.get(name);
    if (open !== undefined) return open;
    const log = this.disk.logs.get(name) ?? [];
    const loaded = log.length;
    const assurance = new Assurance({ relay: this.#relay, document: name, loaded, lateMs: 1 });
    const doc = new Y.Doc();
    const stored: Stored = {
      ...{ doc, assurance, received: loaded, written: loaded },
      ...{ unwritten: [], owed: [], arrivals: [] },
    };
    for (const update of log) Y.applyUpdate(doc, update);
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      stored.unwritten.push(update);
      stored.received += 1;
      if (origin === REMOTE) assurance.foreign(stored.received);
      for (const follower of this.#followers)
        if (follower !== origin && follower.document === name) follower.deliver(update);
      const own = origin === REMOTE ? null : { update, author: '' };
      this.event({ kind: 'taken', document: name, seq: stored.received, update: own });
    });
    this.#documents.set(name, stored);
    return stored;
  }

  /** What was taken reaches the disk, and is acknowledged if that is enough. */
  write(name: DocumentName): void {
    const stored = this.#documents.get(name);
    if (!this.alive || stored === undefined || this.disk.tombstones.has(name)) return;
    this.disk.append(name, stored.unwritten.splice(0));
    stored.written = stored.received;
    this.#settle(name, stored);
  }

  /** The disk refuses a document's updates: it leaves memory, and everybody comes again. */
  failWrite(name: DocumentName): void {
    const stored = this.#documents.get(name);
    if (!this.alive || stored === undefined || stored.unwritten.length === 0) return;
    this.#documents.delete(name);
    this.losses += 1;
    for (const { end } of stored.arrivals) end(false);
    for (const follower of [...this.#followers])
      if (follower.document === name) this.#remove(follower, 'crash');
    this.event({ kind: 'lost', document: name });
    this.event({ kind: 'closed', document: name });
  }

  #settle(name: DocumentName, stored: Stored): void {
    const { mistake } = this.#around;
    const { pendingStructs, pendingDs } = stored.doc.store;
    // Yjs keeps what waits for something else; while it does, what came is not whole.
    if (pendingStructs === null && pendingDs === null)
      for (const arrival of stored.arrivals) arrival.seq ??= stored.received;
    const arrived = stored.arrivals.filter(({ seq }) => seq !== null && seq <= stored.written);
    stored.arrivals = stored.arrivals.filter((arrival) => !arrived.includes(arrival));
    for (const { end } of arrived) end(true);
    const written = mistake === 'acknowledges-unwritten' ? Infinity : stored.written;
    const waits = stored.assurance.waits && mistake !== 'acknowledges-alone';
    const replicated = waits ? stored.assurance.through : Infinity;
    const saved = Math.min(written, replicated);
    while (stored.owed[0] !== undefined && stored.owed[0].seq <= saved) {
      const [paid] = stored.owed.splice(0, 1);
      if (paid === undefined) return;
      this.#around.acknowledging(name, paid.update);
      paid.follower.acknowledge(1);
    }
  }

  /** Calls `then` when all that is in memory now is on disk; with false if something was lost since there were `losses`. */
  whenWritten(losses: number, then: (onDisk: boolean) => void): void {
    const end = (): void => then(losses === this.losses);
    const open = [...this.#documents].filter(([, { written, received }]) => written < received);
    let left = open.length;
    if (left === 0 || this.#around.mistake === 'compares-unwritten') return end();
    for (const [name, stored] of open) {
      stored.arrivals.push({
        seq: stored.received,
        end: () => {
          left -= 1;
          if (left === 0) end();
        },
      });
      this.#around.toWrite(name);
    }
  }

  stateVector(name: DocumentName): Uint8Array {
    return Y.encodeStateVector(this.#open(name).doc);
  }

  digest(name: DocumentName): Uint8Array {
    const { doc } = this.#open(name);
    const stateVector = Y.encodeStateVector(doc);
    if (this.#around.mistake === 'digest-without-deletes') return digestOf(stateVector, new Uint8Array());
    return digestOf(stateVector, Y.encodeStateAsUpdate(doc, stateVector).slice(1));
  }

  inventory(): Inventory {
    const inventory = new Inventory();
    for (const name of this.names()) inventory.set(name, { kind: 'content', digest: this.digest(name) });
    if (this.#around.mistake !== 'no-tombstones')
      for (const [name, time] of this.disk.tombstones) inventory.set(name, { kind: 'deleted', time });
    return inventory;
  }

  /** What somebody with this state vector lacks; null: the document was deleted. */
  missing(name: DocumentName, stateVector: Uint8Array): Uint8Array | null {
    if (this.disk.tombstones.has(name)) return null;
    return Y.encodeStateAsUpdate(this.#open(name).doc, stateVector);
  }

  /** Deletes a document for good. */
  bury(name: DocumentName, time: number): void {
    this.disk.bury(name, time);
    const stored = this.#documents.get(name);
    this.#documents.delete(name);
    for (const { end } of stored?.arrivals ?? []) end(true);
    this.event({ kind: 'closed', document: name });
    for (const follower of [...this.#followers])
      if (follower.document === name) this.#remove(follower, 'deleted');
  }

  /** Somebody comes; what is here follows by `missing`. */
  join(follower: Follower): void {
    const first = ![...this.#followers].some(({ document }) => document === follower.document);
    this.#followers.add(follower);
    if (first)
      this.event({ kind: 'followed', document: follower.document, digest: this.digest(follower.document) });
  }

  leave(follower: Follower): void {
    if (!this.#followers.delete(follower)) return;
    if ([...this.#followers].some(({ document }) => document === follower.document)) return;
    this.shown.delete(follower.document);
    this.event({ kind: 'unfollowed', document: follower.document });
  }

  #remove(follower: Follower, reason: 'crash' | 'deleted'): void {
    const { document, client } = follower;
    follower.end(reason);
    this.announce(document, { client, clock: 0, state: null, author: '', writable: true });
    this.leave(follower);
  }

  /** Presence of somebody who is here. */
  announce(document: DocumentName, entry: RemotePresence): void {
    if (!this.alive) return;
    const here = this.#here.get(document) ?? new Map<number, RemotePresence>();
    this.#here.set(document, here);
    if (entry.state === null) here.delete(entry.client);
    else {
      here.set(entry.client, entry);
      this.shown.get(document)?.delete(entry.client);
    }
    this.event({ kind: 'presence', document, entries: [entry] });
  }

  #show({ node, document, presence }: Extract<ClusterEffect, { kind: 'show' }>): void {
    if (this.#here.get(document)?.has(presence.client)) return;
    const shown = this.shown.get(document) ?? new Map<number, { node: NodeId; state: string }>();
    this.shown.set(document, shown);
    const present = shown.get(presence.client);
    if (present !== undefined && present.node !== node && !this.#yielding.has(present.node)) return;
    if (presence.state !== null) shown.set(presence.client, { node, state: presence.state });
    else if (present?.node === node) shown.delete(presence.client);
  }

  /** Loses everything but the disk. */
  crash(): void {
    this.alive = false;
    for (const follower of this.#followers) follower.end('crash');
    this.#followers.clear();
  }

  /** A document as a restart would load it. */
  loaded(name: DocumentName): Y.Doc {
    const doc = new Y.Doc();
    for (const update of this.disk.logs.get(name) ?? []) Y.applyUpdate(doc, update);
    return doc;
  }
}
