import * as Y from 'yjs';
import type { RandomEdits } from '../document/random-edits.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { SimulatedNode, Follower } from './simulated-node.ts';
import type { Timeline } from './simulated-network.ts';

/** Somebody who writes in one document, over a connection that keeps its order and breaks with the node. */
export class SimulatedPerson implements Follower {
  readonly document: DocumentName;
  readonly doc = new Y.Doc();
  readonly edits: RandomEdits;
  /** Its updates that a node has called saved. */
  readonly saved: Uint8Array[] = [];
  /** What presence says: counts up. */
  mood = 0;
  node: SimulatedNode | null = null;
  deleted = false;
  readonly #timeline: Timeline;
  #clock = 0;
  #connection = 0;
  #unsaved: Uint8Array[] = [];
  #upAt = 0;
  #downAt = 0;

  constructor(client: number, document: DocumentName, world: { timeline: Timeline; edits: RandomEdits }) {
    this.doc.clientID = client;
    this.document = document;
    this.edits = world.edits;
    this.#timeline = world.timeline;
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === this) return;
      this.#unsaved.push(update);
      this.#up((node) => node.take(this.document, update, this, false));
    });
  }

  /** Updates that no node has called saved yet. */
  get unsaved(): number {
    return this.#unsaved.length;
  }

  get client(): number {
    return this.doc.clientID;
  }

  /** Types, deletes or sets something. */
  edit(): void {
    const { edits } = this;
    const text = this.doc.getText('text');
    if (edits.chance(0.15)) this.doc.getMap('map').set(edits.pick(['a', 'b', 'c']), edits.below(100));
    else if (edits.chance(0.4) && text.length > 4) {
      const at = edits.below(text.length - 2);
      text.delete(at, 1 + edits.below(Math.min(6, text.length - at - 1)));
    } else text.insert(edits.below(text.length + 1), edits.pick(['a', 'word ', 'longer text ']));
  }

  /** Connects, and both get what they lack. */
  connect(node: SimulatedNode): void {
    if (this.deleted || !node.alive || node.disk.tombstones.has(this.document)) return;
    this.node = node;
    this.#connection += 1;
    this.#upAt = 0;
    this.#downAt = 0;
    node.join(this);
    const missing = node.missing(this.document, Y.encodeStateVector(this.doc));
    if (missing !== null) this.deliver(missing);
    // Its handshake brings all that it has, and is acknowledged as one.
    const all = Y.encodeStateAsUpdate(this.doc, node.stateVector(this.document));
    this.#unsaved = [Y.mergeUpdates([...this.#unsaved, all])];
    this.#up((there) => there.take(this.document, all, this, true));
    this.setMood();
  }

  setMood(): void {
    this.mood += 1;
    this.#clock += 1;
    const entry = {
      client: this.client,
      clock: this.#clock,
      state: this.moodText,
      author: '',
      writable: true,
    };
    this.#up((node) => node.announce(this.document, entry));
  }

  get moodText(): string {
    return `{"mood":${this.mood}}`;
  }

  /** Leaves in order. */
  disconnect(): void {
    const { node } = this;
    if (node === null) return;
    this.node = null;
    this.#connection += 1;
    node.announce(this.document, {
      client: this.client,
      clock: this.#clock,
      state: null,
      author: '',
      writable: true,
    });
    node.leave(this);
  }

  deliver(update: Uint8Array): void {
    this.#down(() => Y.applyUpdate(this.doc, update, this));
  }

  acknowledge(count: number): void {
    this.#down(() => this.saved.push(...this.#unsaved.splice(0, count)));
  }

  end(reason: 'crash' | 'deleted'): void {
    this.node = null;
    this.#connection += 1;
    if (reason === 'deleted') this.deleted = true;
  }

  #up(arrive: (node: SimulatedNode) => void): void {
    const { node } = this;
    const connection = this.#connection;
    if (node === null) return;
    this.#upAt = Math.max(this.#upAt, this.#timeline.now + 0.1 + (3 * this.edits.below(100)) / 100);
    this.#timeline.after(this.#upAt - this.#timeline.now, () => {
      if (connection === this.#connection) arrive(node);
    });
  }

  #down(arrive: () => void): void {
    const connection = this.#connection;
    this.#downAt = Math.max(this.#downAt, this.#timeline.now + 0.1 + (3 * this.edits.below(100)) / 100);
    this.#timeline.after(this.#downAt - this.#timeline.now, () => {
      if (connection === this.#connection) arrive();
    });
  }
}
