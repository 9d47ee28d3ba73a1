import type { DocumentName } from '../store/document-name.ts';
import type { NodeId } from './message.ts';
import type { SentEntry } from './outgoing.ts';

/** What was sent to one peer and is not on its disk yet; beyond it the peer is to fetch the documents. */
const SENT_AT_MOST = 10_000;

/** Numbers of a document that went to a peer under one of the link's. */
interface Sent {
  readonly document: DocumentName;
  readonly held: Held;
  /** The link's number: once that is on the peer's disk, so are these. */
  readonly link: number;
  /** The document's numbers, from the first that anybody waits for. */
  readonly first: number;
  readonly last: number;
  /** The peer fetches the document: it gets all of it through `last`, and not these alone. */
  readonly whole: boolean;
  confirmed: boolean;
}

/** What one peer has of one document. */
interface Held {
  /** What is on the way, in the order in which it was sent. */
  sent: Sent[];
  /** The first number that somebody waits for and that was not sent yet; Infinity when there is none. */
  unsent: number;
}

/** A document in which somebody waits. */
interface Waiting {
  /** Enough peers have it through this number, as was told. */
  through: number;
  /** Its last number. */
  received: number;
  /** The last one that somebody waits for. */
  wanted: number;
  readonly peers: Map<NodeId, Held>;
}

/** A document's numbers through this one are on the disks of enough nodes. */
export interface Replicated {
  readonly document: DocumentName;
  readonly through: number;
}

/**
 * On how many nodes' disks the documents' numbers are, as far as somebody waits for them (SPEC REPL-13). A document is here
 * only as long as somebody does. Own updates are confirmed one by one, which covers what they depend on, for a peer
 * confirms only what it could take in. What came from other nodes is confirmed by a peer that has fetched the document.
 */
export class Copies {
  readonly #others: number;
  readonly #documents = new Map<DocumentName, Waiting>();
  /** What is on the way to each peer that is linked and confirms, in the order of the link's numbers. */
  readonly #sent = new Map<NodeId, Sent[]>();
  #reached = true;

  /** `others`: so many nodes beside this one have to have it; 1 or more. */
  constructor(others: number) {
    this.#others = others;
  }

  /** Documents in which somebody waits. */
  get documents(): Iterable<DocumentName> {
    return this.#documents.keys();
  }

  /** How many documents somebody waits in. */
  get waiting(): number {
    return this.#documents.size;
  }

  /** Peers that are linked and confirm. */
  get confirming(): number {
    return this.#sent.size;
  }

  /** Whether it is not as at the last call that enough peers are linked which confirm; before the first call they are. */
  reachChanged(): boolean {
    const reaches = this.#sent.size >= this.#others;
    const changed = reaches !== this.#reached;
    this.#reached = reaches;
    return changed;
  }

  /** Whether a peer is linked and confirms. */
  expects(node: NodeId): boolean {
    return this.#sent.has(node);
  }

  /** A document got number `seq`: one of its own (a person here wrote it), or another node's. */
  taken(document: DocumentName, seq: number, own: boolean): void {
    if (own) this.#want(document, seq);
    else {
      const waiting = this.#documents.get(document);
      if (waiting !== undefined) waiting.received = seq;
    }
  }

  /**
   * Somebody waits for all of a document through its last number `seq`, other nodes' part included: peers are to fetch it.
   */
  want(document: DocumentName, seq: number): void {
    this.#want(document, seq);
  }

  #want(document: DocumentName, seq: number): void {
    const waiting = this.#documents.get(document) ?? {
      through: seq - 1,
      received: seq,
      wanted: seq,
      peers: new Map<NodeId, Held>(),
    };
    this.#documents.set(document, waiting);
    waiting.received = seq;
    waiting.wanted = seq;
    for (const node of this.#sent.keys()) heldBy(waiting, node);
    for (const held of waiting.peers.values()) held.unsent = Math.min(held.unsent, seq);
  }

  /** Its numbers mean nothing any more: it has left memory. */
  forget(document: DocumentName): void {
    if (!this.#documents.delete(document)) return;
    for (const [node, sent] of this.#sent)
      this.#sent.set(
        node,
        sent.filter((entry) => entry.document !== document),
      );
  }

  /** A peer that confirms is linked. `anew`: it may have lost its disk. Gives the documents that it has to fetch. */
  linked(node: NodeId, anew: boolean): DocumentName[] {
    this.unlinked(node);
    this.#sent.set(node, []);
    const lacking: DocumentName[] = [];
    for (const [document, waiting] of this.#documents) {
      if (anew) waiting.peers.delete(node);
      if (heldBy(waiting, node).unsent < Infinity) lacking.push(document);
    }
    return lacking;
  }

  /** What is on the way to a peer may never come. */
  unlinked(node: NodeId): void {
    this.#sent.delete(node);
    for (const { peers } of this.#documents.values()) {
      const held = peers.get(node);
      if (held !== undefined) turnBack(held);
    }
  }

  /**
   * Numbers through `last` of a document went to a peer under the link's number. `whole`: the peer is to fetch the document.
   * False: too much is on the way to this peer, and it is to be told to fetch what {@link lackedBy} says.
   */
  sent(node: NodeId, entry: SentEntry): boolean {
    const { document, link, whole } = entry;
    const waiting = this.#documents.get(document);
    const all = this.#sent.get(node);
    if (waiting === undefined || all === undefined) return true;
    const held = heldBy(waiting, node);
    const last = whole ? waiting.received : entry.last;
    if (held.unsent > last) return true;
    const sent = { document, held, link, first: held.unsent, last, whole, confirmed: false };
    held.unsent = waiting.wanted > last ? last + 1 : Infinity;
    held.sent.push(sent);
    all.push(sent);
    return all.length <= SENT_AT_MOST;
  }

  /** Takes back what is on the way to a peer: the documents that it is to fetch in its place. */
  lackedBy(node: NodeId): DocumentName[] {
    const documents = new Set((this.#sent.get(node) ?? []).map(({ document }) => document));
    this.#sent.set(node, []);
    for (const document of documents) {
      const held = this.#documents.get(document)?.peers.get(node);
      if (held !== undefined) turnBack(held);
    }
    return [...documents];
  }

  /** A peer has these of the link's numbers on its disk. Gives what is on enough disks by that. */
  confirmed(node: NodeId, through: number, ahead: readonly number[]): Replicated[] {
    const sent = this.#sent.get(node) ?? [];
    const touched = new Map<Held, DocumentName>();
    let range = 0;
    for (const entry of sent) {
      while (range < ahead.length && (ahead[range + 1] ?? 0) <= entry.link) range += 2;
      if (entry.link > through && (ahead[range] ?? Infinity) > entry.link) continue;
      confirm(entry);
      touched.set(entry.held, entry.document);
    }
    if (touched.size === 0) return [];
    this.#sent.set(node, sent.filter(isOnTheWay));
    for (const held of touched.keys()) held.sent = held.sent.filter(isOnTheWay);
    return [...new Set(touched.values())].flatMap((document) => this.#settle(document) ?? []);
  }

  #settle(document: DocumentName): Replicated | null {
    const waiting = this.#documents.get(document);
    if (waiting === undefined) return null;
    const through = this.#held(waiting)[this.#others - 1] ?? 0;
    if (through <= waiting.through) return null;
    waiting.through = through;
    if (through < waiting.wanted) return { document, through };
    this.#documents.delete(document);
    return { document, through: waiting.received };
  }

  /** Through which number each peer has the document, the best first. */
  #held({ peers }: Waiting): number[] {
    return [...peers.values()].map(frontier).toSorted((a, b) => b - a);
  }

  /** On how many nodes' disks, this one included, a document is through number `seq`, as far as that is known here. */
  count(document: DocumentName, seq: number): number {
    const waiting = this.#documents.get(document);
    if (waiting === undefined || waiting.through >= seq) return this.#others + 1;
    return 1 + this.#held(waiting).filter((through) => through >= seq).length;
  }
}

function heldBy(waiting: Waiting, node: NodeId): Held {
  const held = waiting.peers.get(node) ?? { sent: [], unsent: waiting.through + 1 };
  waiting.peers.set(node, held);
  return held;
}

/** What was on the way is to be sent again. */
function turnBack(held: Held): void {
  held.unsent = frontier(held) + 1;
  held.sent = [];
}

/** The last number that is certainly on the peer's disk. */
function frontier({ sent, unsent }: Held): number {
  let first = unsent;
  for (const entry of sent) first = Math.min(first, entry.first);
  return first - 1;
}

/** A fetched document holds what was sent of it before. */
function confirm(sent: Sent): void {
  sent.confirmed = true;
  if (!sent.whole) return;
  for (const before of sent.held.sent) if (before.last <= sent.last) before.confirmed = true;
}

function isOnTheWay({ confirmed }: Sent): boolean {
  return !confirmed;
}
