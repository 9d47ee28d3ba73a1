import { Code, ConnectError } from '@connectrpc/connect';
import type { Document } from '../document/document.ts';
import type { Documents } from '../document/documents.ts';
import type { LogPart, Origin } from '../document/journal.ts';
import type { Relay } from '../document/relay.ts';
import { assertNever, SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Catalogue, EarlierHistory, UpdateLog } from '../store/store.ts';
import { Bulk } from './bulk.ts';
import { Histories } from './histories.ts';
import { digestOfState, Holdings } from './holdings.ts';
import type { HeldDocument } from './inventory.ts';
import type { Message, NodeId } from './message.ts';
import type { Remote } from './remote.ts';
import { RemotePeople } from './remote-people.ts';
import type { SharedLogNode } from './shared-log.ts';
import type { ClusterEffect } from './cluster-effect.ts';
import type { ClusterEvent } from './cluster-event.ts';
import { type ClusterState, emptyCluster } from './cluster-state.ts';
import { step } from './step.ts';
import { type PeerTraffic, Traffic } from './traffic.ts';

/** What asking a node that is away ends with. */
const AWAY: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.Canceled,
  Code.Aborted,
  Code.Unknown,
  Code.DeadlineExceeded,
]);

/** How often the core is told that time passes, ms. */
const TICK_MS = 250;

/** What a replicator needs of its links. */
export interface ReplicatorLinks {
  send(link: number, batch: number, messages: readonly Message[]): void;
  cut(link: number): void;
  /** A session for what is large, apart from the link. Throws `storage-unavailable` when it is not known where. */
  remote(node: NodeId): Remote;
}

/** What a replicator needs of its server. */
export interface ReplicatorOptions {
  readonly documents: Documents;
  readonly catalogue: Catalogue;
  readonly log: UpdateLog;
  /** Takes histories of documents that come from other nodes; null: they have one. */
  readonly earlier: EarlierHistory | null;
  readonly links: ReplicatorLinks;
  /** null: each node has a disk of its own. */
  readonly shared: SharedLogNode | null;
  readonly report: (words: string, error: SheafError) => void;
}

/** What answers other nodes. */
interface Parts {
  readonly holdings: Holdings;
  readonly bulk: Bulk;
  readonly histories: Histories;
}

/** The replication core over this server's documents: tells it what happens, and does what it says. */
export class Replicator implements Relay {
  readonly state: ClusterState;
  readonly traffic = new Traffic();
  readonly others: number;
  readonly counters = { sent: 0, received: 0, batches: 0, fetches: 0, comparisons: 0, failures: 0 };
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #people = new RemotePeople();
  readonly #events: ClusterEvent[] = [];
  readonly #presence = new Map<Document, NodeJS.Timeout>();
  #stepping = false;
  #running: (ReplicatorOptions & Parts & { timer: NodeJS.Timeout }) | null = null;

  /** `now`: a monotonic clock, ms. `others`: so many other nodes have to have on disk what is acknowledged here. */
  constructor(limits: Limits, now: () => number, others: number) {
    this.#limits = limits;
    this.#now = now;
    this.others = others;
    this.state = emptyCluster(limits, others);
  }

  /** Begins; what happened before nobody heard of. */
  start(options: ReplicatorOptions): Parts {
    const holdings = new Holdings(options);
    const bulk = new Bulk(options.documents, holdings, this.#limits);
    const timer = setInterval(() => this.event({ kind: 'tick' }), TICK_MS).unref();
    const remote = (node: NodeId): Remote => options.links.remote(node);
    const histories = new Histories({ ...options, limits: this.#limits, remote, time: Date.now });
    this.#running = { ...options, holdings, bulk, histories, timer };
    return { holdings, bulk, histories };
  }

  /** Ends: nothing is done any more. */
  stop(): void {
    if (this.#running !== null) clearInterval(this.#running.timer);
    this.#running?.histories.stop();
    for (const timer of this.#presence.values()) clearTimeout(timer);
    this.#presence.clear();
    this.#running = null;
  }

  /** Something happened. What follows from it is done before this returns, but for what takes time. */
  event(event: ClusterEvent): void {
    if (this.#running === null) return;
    if (event.kind === 'linked') this.traffic.with(event.node).links += 1;
    else if (event.kind === 'received') this.#peerOf(event.link)?.received(event.messages);
    this.#events.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) this.#step(next);
    this.#stepping = false;
  }

  /** A mistake of ours costs the link that met it, and not the replication of everything else. */
  #step(event: ClusterEvent): void {
    try {
      for (const effect of step(this.state, event, this.#now())) this.#carryOut(effect);
    } catch (thrown) {
      this.#failed(`cluster event ${event.kind}`, thrown);
      if ('link' in event) this.#running?.links.cut(event.link);
    }
  }

  // What the engine says.

  taken(
    document: DocumentName,
    bytes: Uint8Array,
    from: { seq: number; author: string; origin: Origin },
  ): void {
    this.#changed(document);
    const { seq, author } = from;
    const passOn = from.origin === 'here';
    if (this.others === 0 && !(passOn && this.#isLinked)) return;
    // A view into a network chunk would not outlive this call.
    const update = passOn ? { update: new Uint8Array(bytes), author } : null;
    this.event({ kind: 'taken', document, seq, update });
  }

  wanted(document: DocumentName, seq: number): void {
    this.event({ kind: 'wanted', document, seq });
  }

  copies(document: DocumentName, seq: number): number {
    return this.state.copies?.count(document, seq) ?? 1;
  }

  closed(document: DocumentName): void {
    this.event({ kind: 'closed', document });
  }

  logged(document: DocumentName, part: LogPart): void {
    if (this.#isLinked) this.event({ kind: 'logged', document, part });
  }

  /** Whether there is a link to the node of this name. */
  isLinkedTo(node: string): boolean {
    // A name that is none of a node's is nobody's.
    return this.state.peers.get(node as NodeId)?.linkage.state === 'linked';
  }

  get #isLinked(): boolean {
    for (const { linkage } of this.state.peers.values()) if (linkage.state === 'linked') return true;
    return false;
  }

  /** What is held of a document is not compared where nodes share one log. */
  #changed(document: DocumentName): void {
    if (this.#running?.shared === null) this.#running.holdings.changed(document);
  }

  lost(document: DocumentName): void {
    this.#changed(document);
    this.event({ kind: 'lost', document });
  }

  followed(document: Document): void {
    const { name, state } = document;
    const digest = this.#running?.shared?.position(name) ?? digestOfState(state);
    this.event({ kind: 'followed', document: name, digest });
  }

  unfollowed(document: Document): void {
    this.#tellPresence(document);
    this.event({ kind: 'unfollowed', document: document.name });
  }

  presenceChanged(document: Document): void {
    if (this.#presence.has(document)) return;
    const every = 1000 / this.#limits.presencePerSecond;
    this.#presence.set(
      document,
      setTimeout(() => this.#tellPresence(document), every),
    );
  }

  #tellPresence(document: Document): void {
    clearTimeout(this.#presence.get(document));
    this.#presence.delete(document);
    const entries = this.#people.changesIn(document);
    if (entries.length > 0) this.event({ kind: 'presence', document: document.name, entries });
  }

  deleted(document: DocumentName, time: number): void {
    this.#running?.holdings.deleted(document, time);
    this.event({ kind: 'deleted', document, time });
  }

  // What the core says.

  #carryOut(effect: ClusterEffect): void {
    if (this.#running === null) return;
    const { links, documents } = this.#running;
    switch (effect.kind) {
      case 'send':
        this.#count(effect.link, effect.messages);
        return links.send(effect.link, effect.batch, effect.messages);
      case 'unlink':
        return links.cut(effect.link);
      case 'apply':
        return void this.#apply(effect);
      case 'replicated':
        return documents.inMemory(effect.document)?.replicatedThrough(effect.through);
      case 'delete':
        return void this.#delete(effect.document, effect.time);
      case 'logged':
        return void documents.told(effect.document, effect.part);
      case 'show':
        return this.#show(effect);
      case 'yield':
        this.#running.shared?.linksChanged(effect.yields);
        return this.#people.setYields(effect.node, effect.yields);
      case 'check':
        return void this.#check(effect);
      case 'fetch':
        return void this.#fetch(effect);
      case 'compare':
        return void this.#compare(effect);
      default:
        assertNever(effect);
    }
  }

  /** The traffic with whoever is at the other end of a link. */
  #peerOf(link: number): PeerTraffic | null {
    for (const { node, linkage } of this.state.peers.values())
      if (linkage.state === 'linked' && linkage.link === link) return this.traffic.with(node);
    return null;
  }

  async #apply(effect: Extract<ClusterEffect, { kind: 'apply' }>): Promise<void> {
    const { node, incarnation, document, first, updates } = effect;
    this.counters.received += updates.length;
    try {
      await this.#running?.documents.replicate(document, updates);
    } catch (thrown) {
      const { code } = SheafError.from(thrown);
      if (code === 'draining') return;
      // What makes no sense here makes none when it is fetched.
      if (code === 'malformed') return this.#failed(`updates of ${document} from ${node}`, thrown);
      if (code !== 'deleted') return this.lost(document);
    }
    this.event({ kind: 'persisted', node, incarnation, first, last: first + updates.length - 1 });
  }

  #count(link: number, messages: readonly Message[]): void {
    this.#peerOf(link)?.sent(messages);
    this.counters.batches += 1;
    for (const message of messages)
      if (message.kind === 'updates') this.counters.sent += message.updates.length;
  }

  async #delete(document: DocumentName, time: number): Promise<void> {
    if (this.#running === null) return;
    const { documents, holdings, shared } = this.#running;
    // A log that nodes share has it already: who has it open here is told.
    const known =
      shared === null ? holdings.deletedAt(document) !== null : documents.inMemory(document) === null;
    if (known) return;
    try {
      await documents.delete(document, time);
      holdings.deleted(document, time);
    } catch (thrown) {
      // Comparing finds it again.
      this.#failed(`deletion of ${document}`, thrown);
    }
  }

  #show({ document, node, presence }: Extract<ClusterEffect, { kind: 'show' }>): void {
    const here = this.#running?.documents.inMemory(document);
    if (!here || here.closed) return;
    try {
      this.#people.show(here, node, presence);
    } catch (thrown) {
      this.#failed(`presence of node ${node}`, thrown);
    }
  }

  async #check({ node, document, digest }: Extract<ClusterEffect, { kind: 'check' }>): Promise<void> {
    const shared = this.#running?.shared ?? null;
    if (shared !== null) {
      if (shared.isBehind(document, digest)) this.event({ kind: 'differs', node, document });
      return;
    }
    try {
      const state = await this.#running?.documents.read(document);
      const own = state ? digestOfState(state) : null;
      // Who holds nothing of it has nothing to give.
      if (own !== null && Buffer.compare(own, digest) !== 0) this.event({ kind: 'differs', node, document });
    } catch (thrown) {
      if (SheafError.from(thrown).code === 'deleted') this.event({ kind: 'differs', node, document });
      else this.#failed(`comparing ${document}`, thrown);
    }
  }

  async #fetch({ node, document, task }: Extract<ClusterEffect, { kind: 'fetch' }>): Promise<void> {
    let done = false;
    try {
      this.counters.fetches += 1;
      const traffic = this.traffic.with(node);
      traffic.fetches += 1;
      const running = this.#running;
      if (running?.shared) await running.shared.read(document);
      else if (running !== null) {
        const { bytes, anew } = await running.bulk.bring(running.links.remote(node), document);
        traffic.fetchedBytes += bytes;
        if (anew) running.histories.brought(document, node);
      }
      done = true;
    } catch (thrown) {
      done = SheafError.from(thrown).code === 'deleted';
      if (!done) this.#failed(`fetching ${document} from ${node}`, thrown);
    }
    this.event({ kind: 'fetched', node, task, document, done });
  }

  async #compare({ node, task }: Extract<ClusterEffect, { kind: 'compare' }>): Promise<void> {
    let documents: DocumentName[] | null = null;
    try {
      this.counters.comparisons += 1;
      this.traffic.with(node).comparisons += 1;
      const running = this.#running;
      if (running === null) return;
      // What is the same may be so in memory alone.
      const lacking = await running.documents.onDisk(() => this.#lackingFrom(node));
      documents = [];
      for (const { document, held } of lacking)
        if (held.kind === 'deleted') await this.#delete(document, held.time);
        else documents.push(document);
    } catch (thrown) {
      this.#failed(`comparing with ${node}`, thrown);
    }
    this.event({ kind: 'compared', node, task, documents });
  }

  /** What a node holds and this one does not. */
  async #lackingFrom(node: NodeId): Promise<HeldDocument[]> {
    const running = this.#running;
    if (running === null) return [];
    if (running.shared === null)
      return running.holdings.lackingFrom(running.links.remote(node), this.#limits.peerAnswerMs);
    await running.shared.follow();
    return [];
  }

  #failed(words: string, thrown: unknown): void {
    this.counters.failures += 1;
    // A node that is away is told by its link; it is asked again.
    if (thrown instanceof ConnectError && AWAY.has(thrown.code)) return;
    this.#running?.report(words, SheafError.from(thrown));
  }
}
