import * as Y from 'yjs';
import type { DocumentName } from '../store/document-name.ts';
import { digestOf, Inventory } from './inventory.ts';
import type { Incarnation, NodeId, RemotePresence } from './message.ts';
import type { ClusterEffect } from './cluster-effect.ts';
import type { ClusterEvent } from './cluster-event.ts';
import { type ReplicationLimits, emptyCluster } from './cluster-state.ts';
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
  | 'acknowledges-unwritten';

/** Somebody who is connected to a node. */
export interface Follower {
  readonly document: DocumentName;
  deliver(update: Uint8Array): void;
  /** So many of its updates are on disk. */
  acknowledge(count: number): void;
  end(reason: 'crash' | 'deleted'): void;
}

/** What survives a crash. */
export interface SimulatedDisk {
  readonly logs: Map<DocumentName, Uint8Array[]>;
  readonly tombstones: Map<DocumentName, number>;
}

/** What a node is given by the world. */
export interface Surroundings {
  now(): number;
  effect(effect: ClusterEffect): void;
  /** Call `write` of this document a little later. */
  toWrite(document: DocumentName): void;
  readonly mistake: Mistake | null;
}

interface Stored {
  readonly doc: Y.Doc;
  /** Taken and not yet on disk. */
  unwritten: Uint8Array[];
  owed: Follower[];
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
  readonly #followers = new Set<Follower>();
  readonly #here = new Map<DocumentName, Map<number, RemotePresence>>();
  readonly #yielding = new Set<NodeId>();
  readonly #documents = new Map<DocumentName, Stored>();

  constructor(
    self: { id: NodeId; incarnation: Incarnation; disk: SimulatedDisk },
    limits: ReplicationLimits,
    around: Surroundings,
  ) {
    this.id = self.id;
    this.incarnation = self.incarnation;
    this.disk = self.disk;
    this.#state = emptyCluster(limits);
    this.#around = around;
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
    for (const effect of step(this.#state, event, this.#around.now())) this.#carryOut(event, effect);
  }

  #carryOut(event: ClusterEvent, effect: ClusterEffect): void {
    const { mistake } = this.#around;
    switch (effect.kind) {
      case 'apply':
        for (const { update } of effect.updates) this.take(effect.document, update, null);
        return;
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

  /** Takes an update: of somebody who is here, or (null) of another node. */
  take(name: DocumentName, update: Uint8Array, from: Follower | null): void {
    if (this.disk.tombstones.has(name)) return;
    const stored = this.#open(name);
    if (from !== null) stored.owed.push(from);
    Y.applyUpdate(stored.doc, update, from ?? REMOTE);
    if (stored.unwritten.length > 0 || stored.owed.length > 0) this.#around.toWrite(name);
    if (this.#around.mistake === 'acknowledges-unwritten') this.#pay(stored);
  }

  #open(name: DocumentName): Stored {
    const open = this.#documents.get(name);
    if (open !== undefined) return open;
    const stored: Stored = { doc: new Y.Doc(), unwritten: [], owed: [] };
    for (const update of this.disk.logs.get(name) ?? []) Y.applyUpdate(stored.doc, update);
    stored.doc.on('update', (update: Uint8Array, origin: unknown) => {
      stored.unwritten.push(update);
      for (const follower of this.#followers)
        if (follower !== origin && follower.document === name) follower.deliver(update);
      if (origin !== REMOTE) this.event({ kind: 'taken', document: name, update: { update, author: '' } });
    });
    this.#documents.set(name, stored);
    return stored;
  }

  /** What was taken reaches the disk, and is acknowledged. */
  write(name: DocumentName): void {
    const stored = this.#documents.get(name);
    if (!this.alive || stored === undefined || this.disk.tombstones.has(name)) return;
    const log = this.disk.logs.get(name) ?? [];
    log.push(...stored.unwritten.splice(0));
    this.disk.logs.set(name, log);
    this.#pay(stored);
  }

  #pay(stored: Stored): void {
    for (const follower of stored.owed.splice(0)) follower.acknowledge(1);
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
    if (!this.disk.tombstones.has(name)) this.disk.tombstones.set(name, time);
    this.disk.logs.delete(name);
    this.#documents.delete(name);
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
    follower.end(reason);
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
