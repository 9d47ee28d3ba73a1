import assert from 'node:assert/strict';
import * as Y from 'yjs';
import { makeRandom, RandomEdits } from '../document/random-edits.ts';
import { parseDocumentName } from '../store/document-name.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { HeldDocument } from './inventory.ts';
import type { Incarnation, Message, NodeId, PeerFeatures } from './message.ts';
import { type Contents, contentsOf, holds, SimulatedDisk } from './simulated-disk.ts';
import { SimulatedNetwork, Timeline } from './simulated-network.ts';
import { type Mistake, SimulatedNode } from './simulated-node.ts';
import { SimulatedPerson } from './simulated-person.ts';
import type { ClusterEffect } from './cluster-effect.ts';
import type { ReplicationLimits } from './cluster-state.ts';

/** Small bounds, so that every queue overflows now and then. */
const LIMITS: ReplicationLimits = {
  peerQueueBytes: 1_500,
  peerBatchBytes: 600,
  peerHeartbeatMs: 2_000,
  peerSuspectMs: 6_000,
  peerDeadMs: 10_000,
  compareMs: 30_000,
  compareApartMs: 2_000,
  fetchesAtOnce: 2,
  presenceClients: 100,
  healAgainMs: 500,
};
const TICK_MS = 250;
const ANSWER_MS = 1_000;
/** After everything is well again and nobody writes any more, all must be equal within this, ms. */
const HEAL_MS = 5_000;
const BUCKET_LIMIT = 2;

/** How large a simulation is. */
export interface Scale {
  readonly nodes: number;
  readonly people: number;
  /** Edits of each person. */
  readonly edits: number;
}

/** What a simulation went through, for those who wonder whether it tests anything. */
export interface Tally {
  crashes: number;
  wipes: number;
  partitions: number;
  overflows: number;
  fetches: number;
  comparisons: number;
  saved: number;
  /** Documents that left memory because the disk refused them. */
  losses: number;
  /** Acknowledgements that waited for other nodes. */
  replicated: number;
}

interface SimulatedLink {
  readonly id: number;
  readonly ends: readonly [SimulatedNode, SimulatedNode];
}

/** A cluster in which everything goes wrong that may, and that must be whole again in the end. */
export class SimulatedCluster {
  readonly tally: Tally = {
    crashes: 0,
    wipes: 0,
    partitions: 0,
    overflows: 0,
    fetches: 0,
    comparisons: 0,
    saved: 0,
    losses: 0,
    replicated: 0,
  };
  readonly #timeline = new Timeline();
  readonly #edits: RandomEdits;
  readonly #network: SimulatedNetwork;
  readonly #mistake: Mistake | null;
  readonly #nodes: SimulatedNode[] = [];
  readonly #people: SimulatedPerson[] = [];
  readonly #gone: SimulatedPerson[] = [];
  readonly #links = new Map<number, SimulatedLink>();
  readonly #documents: DocumentName[];
  /** So many nodes have to have on disk what is acknowledged. */
  readonly #replicas: number;
  /** A node of an older version, which tells nobody what it has on disk; null when there is none. */
  readonly #old: number | null;
  /** Every disk that there ever was. */
  readonly #disks: SimulatedDisk[] = [];
  readonly #acknowledged: { readonly document: DocumentName; readonly contents: Contents }[] = [];
  #ids = 0;
  #bad = true;
  #quiet = false;

  constructor(seed: number, scale: Scale, mistake: Mistake | null = null) {
    const random = makeRandom(seed);
    this.#edits = new RandomEdits(random);
    this.#mistake = mistake;
    const { chance, below } = {
      chance: (p: number) => this.#edits.chance(p),
      below: (n: number) => this.#edits.below(n),
    };
    this.#network = new SimulatedNetwork(this.#timeline, random, {
      drop: chance(0.4) ? 0.05 * random() : 0,
      repeat: chance(0.4) ? 0.1 * random() : 0,
      reorder: chance(0.3),
      latency: 1 + below(40),
    });
    this.#documents = ['a', 'b', 'c'].map(parseDocumentName);
    this.#replicas = this.#edits.pick([1, 2, 2, 2, scale.nodes]);
    this.#old = this.#replicas > 1 && chance(0.1) ? below(scale.nodes) : null;
    for (let i = 0; i < scale.nodes; i += 1) this.#boot(i, new SimulatedDisk(), null);
    for (let i = 0; i < scale.people; i += 1) this.#arrive(scale.edits);
  }

  /** Runs it to the end. Throws what is wrong. */
  run(): Tally {
    this.#each(300, () => this.#connectNodes());
    this.#each(TICK_MS, () => {
      for (const node of this.#nodes) node.event({ kind: 'tick' });
    });
    this.#each(500, () => this.#misfortune());
    this.#each(100, () => this.#returnHome());
    this.#timeline.runUntil(15_000 + this.#edits.below(15_000));
    this.#heal();
    this.#timeline.runUntil(this.#timeline.now + 1_500);
    this.#quiet = true;
    this.#timeline.runUntil(this.#timeline.now + HEAL_MS);
    this.#check();
    return this.tally;
  }

  #each(ms: number, happen: () => void): void {
    this.#timeline.after(ms, () => {
      happen();
      this.#each(ms, happen);
    });
  }

  #later(most: number, happen: () => void): void {
    this.#timeline.after(1 + this.#edits.below(most), happen);
  }

  // People.

  #arrive(edits: number): void {
    this.#ids += 1;
    const person = new SimulatedPerson(1_000 + this.#ids, this.#edits.pick(this.#documents), {
      timeline: this.#timeline,
      edits: this.#edits,
    });
    this.#people.push(person);
    let left = edits;
    const act = (): void => {
      if (this.#quiet || this.#gone.includes(person) || left <= 0 || person.deleted) return;
      left -= 1;
      person.edit();
      if (this.#edits.chance(0.1)) person.setMood();
      // Some type in bursts, so that links fall behind.
      this.#later(this.#edits.chance(0.5) ? 5 : 15_000 / edits, act);
    };
    this.#later(200, act);
  }

  #returnHome(): void {
    for (const person of this.#people) {
      if (person.node !== null || person.deleted) continue;
      if (this.#edits.chance(0.5)) person.connect(this.#edits.pick(this.#nodes));
    }
  }

  // Misfortune.

  #misfortune(): void {
    if (!this.#bad) return;
    const { below, chance } = {
      below: (n: number) => this.#edits.below(n),
      chance: (p: number) => this.#edits.chance(p),
    };
    if (chance(0.06)) this.#crash(below(this.#nodes.length), chance(0.3));
    if (chance(0.1)) this.#partition();
    if (chance(0.15)) this.#network.unblock();
    if (chance(0.1)) {
      const person = this.#edits.pick(this.#people);
      person.disconnect();
      // Some never come back: what was called saved must be there without them.
      if (chance(0.4) && this.#people.length > 2) {
        this.#people.splice(this.#people.indexOf(person), 1);
        this.#gone.push(person);
        this.#arrive(50);
      }
    }
    if (chance(0.01)) this.#delete();
    if (chance(0.05)) {
      this.tally.losses += 1;
      this.#edits.pick(this.#nodes).failWrite(this.#edits.pick(this.#documents));
    }
  }

  #partition(): void {
    this.tally.partitions += 1;
    const alone = this.#edits.below(this.#nodes.length);
    const oneWay = this.#edits.chance(0.3);
    for (let other = 0; other < this.#nodes.length; other += 1) {
      if (other === alone || (this.#nodes.length > 2 && this.#edits.chance(0.2))) continue;
      this.#network.block(alone, other);
      if (!oneWay) this.#network.block(other, alone);
    }
  }

  #delete(): void {
    const node = this.#edits.pick(this.#nodes);
    const document = this.#edits.pick(this.#documents.slice(2));
    if (!node.alive || node.disk.tombstones.has(document)) return;
    node.bury(document, 1);
    node.event({ kind: 'deleted', document, time: 1 });
  }

  #crash(index: number, wiped: boolean): void {
    const node = this.#nodes[index];
    if (node === undefined || !node.alive) return;
    const wipe = wiped && this.#mayWipe(node);
    this.tally.crashes += 1;
    if (wipe) this.tally.wipes += 1;
    node.crash();
    for (const [id, { ends }] of this.#links) {
      if (!ends.includes(node)) continue;
      this.#links.delete(id);
      const other = ends[0] === node ? ends[1] : ends[0];
      // The peer's kernel says so, or the machine is gone and nobody does.
      if (this.#edits.chance(0.5)) this.#later(10, () => other.event({ kind: 'unlinked', link: id }));
    }
    const disk = wipe ? new SimulatedDisk() : node.disk;
    this.#later(2_000, () => this.#boot(index, disk, node));
  }

  /** A wipe that takes the last copy of what was acknowledged is nobody's fault, but for what one disk is promised. */
  #mayWipe(node: SimulatedNode): boolean {
    const others = this.#nodes.map(({ disk }) => disk).filter((disk) => disk !== node.disk);
    if (
      [...node.disk.tombstones.keys()].some((name) => !others.some(({ tombstones }) => tombstones.has(name)))
    )
      return false;
    if (this.#replicas === 1) return this.#isHeldElsewhere(node);
    return this.#acknowledged.every(
      ({ document, contents }) =>
        this.#isDeleted(document) || others.some((disk) => holds(disk.read(document), contents)),
    );
  }

  #isDeleted(document: DocumentName): boolean {
    return this.#disks.some(({ tombstones }) => tombstones.has(document));
  }

  /** SPEC REPL-13: what is acknowledged has been on the disks of as many nodes as it has to be. */
  #acknowledging(document: DocumentName, update: Uint8Array, replicas: number): void {
    const contents = contentsOf(update);
    this.#acknowledged.push({ document, contents });
    if (replicas > 1) this.tally.replicated += 1;
    if (this.#isDeleted(document)) return;
    const copies = this.#disks.filter((disk) => holds(disk.read(document), contents)).length;
    assert.ok(copies >= replicas, `acknowledged on ${copies} of ${replicas} disks`);
  }

  /** Whether the other nodes' disks have everything that this one's has. */
  #isHeldElsewhere(node: SimulatedNode): boolean {
    const others = this.#nodes.filter((other) => other !== node);
    return node.names().every((name) => {
      const union = new Y.Doc();
      for (const other of others) Y.applyUpdate(union, Y.encodeStateAsUpdate(other.disk.read(name)));
      const before = Y.encodeStateAsUpdate(union);
      Y.applyUpdate(union, Y.encodeStateAsUpdate(node.disk.read(name)));
      return Buffer.compare(before, Y.encodeStateAsUpdate(union)) === 0;
    });
  }

  #boot(index: number, disk: SimulatedDisk, before: SimulatedNode | null): void {
    this.#ids += 1;
    const reuse = this.#mistake === 'same-incarnation' && before !== null;
    const incarnation = reuse ? before.incarnation : (`${this.#ids}` as Incarnation);
    const replicas = index === this.#old ? 1 : this.#replicas;
    const self = { id: `n${index}` as NodeId, incarnation, disk, others: replicas - 1 };
    if (!this.#disks.includes(disk)) this.#disks.push(disk);
    const node: SimulatedNode = new SimulatedNode(self, LIMITS, {
      now: () => this.#timeline.now,
      mistake: this.#mistake,
      effect: (effect) => this.#carryOut(index, node, effect),
      toWrite: (document) => this.#later(40, () => node.write(document)),
      acknowledging: (document, update) => this.#acknowledging(document, update, replicas),
    });
    this.#nodes[index] = node;
  }

  #heal(): void {
    this.#bad = false;
    this.#network.unblock();
    this.#network.weather = { drop: 0, repeat: 0, reorder: false, latency: 5 };
  }

  // Links.

  #connectNodes(): void {
    for (const [i, a] of this.#nodes.entries())
      for (const [j, b] of this.#nodes.entries()) {
        if (i >= j || !a.alive || !b.alive) continue;
        if (this.#network.isBlocked(i, j) || this.#network.isBlocked(j, i)) continue;
        const linked = (from: SimulatedNode, to: SimulatedNode): boolean =>
          from.peers.get(to.id)?.linkage.state === 'linked';
        if (!linked(a, b) || !linked(b, a)) this.#link(a, b);
      }
  }

  #link(a: SimulatedNode, b: SimulatedNode): void {
    this.#ids += 1;
    const id = this.#ids;
    this.#links.set(id, { id, ends: [a, b] });
    const greet = (from: SimulatedNode, to: SimulatedNode): void =>
      to.event({
        ...{ kind: 'linked', link: id, node: from.id, incarnation: from.incarnation },
        features: this.#featuresOf(from),
      });
    greet(a, b);
    greet(b, a);
  }

  #featuresOf(node: SimulatedNode): PeerFeatures {
    const isOld = this.#old !== null && node.id === `n${this.#old}`;
    return { replica: true, tellsPersisted: !isOld, asksPersisted: !isOld && this.#replicas > 1 };
  }

  #carryOut(index: number, node: SimulatedNode, effect: ClusterEffect): void {
    switch (effect.kind) {
      case 'send':
        return this.#send(index, node, effect);
      case 'unlink': {
        const link = this.#links.get(effect.link);
        this.#links.delete(effect.link);
        const other = link?.ends.find((end) => end !== node);
        if (other !== undefined)
          this.#network.send(index, this.#nodes.indexOf(other), 'end', () =>
            other.event({ kind: 'unlinked', link: effect.link }),
          );
        return;
      }
      case 'fetch':
        this.tally.fetches += 1;
        return this.#fetch(index, node, effect);
      case 'compare':
        this.tally.comparisons += 1;
        return this.#compare(index, node, effect);
      default:
        throw new Error(`not for the world: ${effect.kind}`);
    }
  }

  #send(index: number, node: SimulatedNode, effect: Extract<ClusterEffect, { kind: 'send' }>): void {
    const { link } = effect;
    // Now and then a reader is slow, and what waits is more than may.
    this.#later(this.#edits.chance(0.05) ? 800 : 4, () => node.event({ kind: 'written', link }));
    const other = this.#links.get(link)?.ends.find((end) => end !== node);
    if (other === undefined) return;
    const messages = effect.messages.map((message) => this.#spoil(message));
    this.#network.send(index, this.#nodes.indexOf(other), `${link}`, () =>
      other.event({ kind: 'received', link, batch: effect.batch, messages }),
    );
  }

  #spoil(message: Message): Message {
    if (message.kind === 'acknowledgement' && this.#mistake === 'persists-received')
      return { ...message, persisted: message.received };
    if (message.kind !== 'resync') return message;
    this.tally.overflows += 1;
    return this.#mistake === 'no-dirty-marks' ? { ...message, documents: [] } : message;
  }

  /** Asks another node; `null` comes when no answer does. */
  #ask<T>(
    from: number,
    to: NodeId,
    answer: (other: SimulatedNode) => T,
    then: (value: T | null) => void,
  ): void {
    const target = this.#nodes.findIndex(({ id }) => id === to);
    let answered = false;
    const end = (value: T | null): void => {
      if (!answered) then(value);
      answered = true;
    };
    this.#timeline.after(ANSWER_MS, () => end(null));
    this.#network.send(from, target, 'ask', () => {
      const other = this.#nodes[target];
      if (other === undefined || !other.alive) return;
      const value = answer(other);
      this.#network.send(target, from, 'answer', () => end(value));
    });
  }

  #fetch(index: number, node: SimulatedNode, effect: Extract<ClusterEffect, { kind: 'fetch' }>): void {
    const { document, task } = effect;
    const stateVector = node.stateVector(document);
    const fetched = (done: boolean): void =>
      node.event({ kind: 'fetched', node: effect.node, task, document, done });
    const ask = (other: SimulatedNode): { update: Uint8Array | null } => ({
      update: other.missing(document, stateVector),
    });
    this.#ask(index, effect.node, ask, (answer) => {
      if (!node.alive) return;
      if (answer !== null && answer.update === null) node.bury(document, 1);
      if (!answer?.update) return fetched(answer !== null);
      const early = this.#mistake === 'fetches-unwritten';
      node.bring(document, [answer.update], (onDisk) => {
        if (!early) fetched(onDisk);
      });
      if (early) fetched(true);
    });
  }

  #compare(index: number, node: SimulatedNode, effect: Extract<ClusterEffect, { kind: 'compare' }>): void {
    const { losses } = node;
    const compared = (documents: DocumentName[] | null): void =>
      node.whenWritten(losses, (onDisk) =>
        node.event({
          ...{ kind: 'compared', node: effect.node, task: effect.task },
          documents: onDisk ? documents : null,
        }),
      );
    if (this.#mistake === 'no-comparing') return compared([]);
    const found: HeldDocument[] = [];
    const ask = (buckets: ReadonlyMap<number, Uint8Array>): void =>
      this.#ask(
        index,
        effect.node,
        (other) => other.inventory().differences(buckets, BUCKET_LIMIT),
        (answer) => {
          if (!node.alive) return;
          if (answer === null) return compared(null);
          const own = node.inventory();
          found.push(...own.lacks(answer.documents));
          const rest = answer.remaining;
          const digests = own.buckets();
          if (rest.length > 0) ask(new Map(rest.map((at) => [at, digests[at] ?? new Uint8Array()])));
          else {
            for (const { document, held } of found)
              if (held.kind === 'deleted') node.bury(document, held.time);
            compared(found.filter(({ held }) => held.kind === 'content').map(({ document }) => document));
          }
        },
      );
    ask(new Map(node.inventory().buckets().entries()));
  }

  // What must hold in the end.

  #check(): void {
    for (const node of this.#nodes) assert.ok(node.alive, `${node.id} is back`);
    const [first] = this.#nodes;
    assert.ok(first !== undefined);
    for (const name of this.#documents) {
      const deleted = first.disk.tombstones.has(name);
      for (const node of this.#nodes)
        assert.equal(node.disk.tombstones.has(name), deleted, `${node.id} knows whether ${name} was deleted`);
      if (deleted) continue;
      const expected = stateOf(first.loaded(name));
      for (const node of this.#nodes)
        assert.deepEqual(stateOf(node.loaded(name)), expected, `${name} on ${node.id} as on ${first.id}`);
    }
    this.#checkSaved(first);
    this.#checkPresence();
  }

  #checkSaved(node: SimulatedNode): void {
    // Without a node that tells, three of three are out of reach.
    const reachable = this.#old === null || this.#replicas < this.#nodes.length;
    for (const person of this.#people)
      if (person.node !== null && reachable) assert.equal(person.unsaved, 0, `${person.client} is saved`);
    for (const { document, contents } of this.#acknowledged)
      if (!node.disk.tombstones.has(document))
        assert.ok(holds(node.disk.read(document), contents), `what was acknowledged in ${document}`);

    for (const person of [...this.#people, ...this.#gone]) {
      if (node.disk.tombstones.has(person.document)) continue;
      const doc = node.disk.read(person.document);
      for (const update of person.saved) {
        this.tally.saved += 1;
        assert.ok(holds(doc, contentsOf(update)), `what ${person.client} was told is saved`);
      }
    }
  }

  #checkPresence(): void {
    for (const node of this.#nodes)
      for (const document of this.#documents) {
        if (!this.#people.some((person) => person.node === node && person.document === document)) continue;
        const elsewhere = this.#people.filter(
          (person) => person.document === document && person.node !== null && person.node !== node,
        );
        const expected = elsewhere.map(({ client, moodText }) => [client, moodText] as const);
        const shown = [...(node.shown.get(document) ?? [])].map(
          ([client, { state }]) => [client, state] as const,
        );
        assert.deepEqual(new Map(shown), new Map(expected), `who is in ${document}, on ${node.id}`);
      }
  }
}

function stateOf(doc: Y.Doc): unknown {
  return {
    text: doc.getText('text').toJSON(),
    map: doc.getMap('map').toJSON(),
    stateVector: Buffer.from(Y.encodeStateVector(doc)).toString('hex'),
    deletes: Buffer.from(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc))).toString('hex'),
    pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
  };
}
