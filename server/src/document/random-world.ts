import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import { DEFAULT_LIMITS } from '../limits.ts';
import { admit, judge, pieceBytes, type Piece } from './judge.ts';
import { Knowledge } from './knowledge.ts';
import { declareRoots, makeRandom, RandomEdits } from './random-edits.ts';
import { craftUpdate } from './random-updates.ts';
import { UpdateBuffer } from './update-buffer.ts';

/** The world of the judge's fuzz test: what it certifies is applied to Y.Docs at once, and they are looked at. */

/** The origin of what a person was sent. */
export const REMOTE = Symbol('remote');

/** A person: a Y.Doc, and what it wants to send. */
export interface Person {
  readonly doc: Y.Doc;
  readonly outbox: Uint8Array[];
  readonly inbox: Uint8Array[];
  readonly undo: Y.UndoManager;
}

/** How many updates were judged, and how. */
export interface Counts {
  judged: number;
  new: number;
  known: number;
  slow: number;
  refused: number;
}

/** A server with its judge, some people, and a bad network between them. */
export class World {
  readonly counts: Counts = { judged: 0, new: 0, known: 0, slow: 0, refused: 0 };
  readonly reasons = new Map<string, number>();
  readonly people: Person[] = [];
  readonly edits: RandomEdits;
  /** Whether people edit, and map entries are forged, among forged updates. */
  readonly keys: boolean;
  readonly #knowledge = new Knowledge();
  readonly #buffer = new UpdateBuffer();
  /** Fed what was admitted: as trimmed pieces, as it came, and as it came to a Y.Doc with declared roots. That one
   * tidies formatting by itself and need not say the same in the end. */
  readonly #pieces = new Y.Doc();
  readonly #originals = new Y.Doc();
  readonly #declared = new Y.Doc();
  readonly #history: Uint8Array[] = [];
  readonly #admitted: Piece[] = [];
  #forged = false;

  constructor(seed: number) {
    this.edits = new RandomEdits(makeRandom(seed));
    this.keys = this.edits.chance(0.5);
    declareRoots(this.#declared);
    const people = 3 + this.edits.below(3);
    const small = this.edits.chance(0.5);
    for (let i = 0; i < people; i += 1) {
      const doc = new Y.Doc();
      declareRoots(doc);
      doc.clientID = small ? i + 1 : this.edits.below(2 ** 32);
      const outbox: Uint8Array[] = [];
      doc.on('update', (update: Uint8Array, origin: unknown) => {
        if (origin !== REMOTE) outbox.push(update);
      });
      const undo = new Y.UndoManager([doc.getText('text'), doc.getXmlFragment('xml')], { captureTimeout: 0 });
      this.people.push({ doc, outbox, inbox: [], undo });
    }
  }

  edit(person: Person): void {
    if (this.edits.chance(0.06)) {
      if (this.edits.chance(0.5)) person.undo.undo();
      else person.undo.redo();
    } else if (this.edits.chance(0.4)) this.edits.type(person.doc);
    else this.edits.edit(person.doc);
  }

  /** Gives an honest update to the server: judged, and if new, admitted and sent to the others. */
  submit(update: Uint8Array, author: Person | null): string {
    const verdict = this.#judge(update);
    if (verdict.kind === 'new') {
      this.#admit(verdict.piece);
      this.#history.push(update);
      for (const person of this.people) if (person !== author) person.inbox.push(pieceBytes(verdict.piece));
    } else if (verdict.kind === 'known') this.#checkKnown(this.#originals, update);
    return verdict.kind;
  }

  /**
   * Admits what nobody's editor made, if it is new. From then on documents need not say the same: Yjs orders items
   * with impossible origins as they come, and a known one that refers to half a character replaces it.
   */
  forge(update: Uint8Array): void {
    this.#forged = true;
    this.submit(update, null);
  }

  /** Judges an update without admitting it: what is called new or known must hold on copies. */
  probe(update: Uint8Array): void {
    const verdict = this.#judge(update);
    if (verdict.kind !== 'new' && verdict.kind !== 'known') return;
    const state = Y.encodeStateAsUpdate(this.#originals);
    const copy = new Y.Doc();
    if (this.edits.chance(0.5)) declareRoots(copy);
    Y.applyUpdate(copy, state);
    if (verdict.kind === 'known') return this.#checkKnown(copy, update);
    const knowledge = Knowledge.read(this.#knowledge.stateVector(), this.#knowledge.deleteSet());
    admit(knowledge, verdict.piece);
    checkApplied(copy, update, knowledge);
    assert.ok(isIncluded(knowledge, copy), 'deletes');
    const trimmed = new Y.Doc();
    Y.applyUpdate(trimmed, state);
    checkApplied(trimmed, pieceBytes(verdict.piece), knowledge);
    Y.applyUpdate(new Y.Doc(), Y.encodeStateAsUpdate(copy));
  }

  /** What the network may do to an update. */
  distort(update: Uint8Array): Uint8Array {
    const bytes = update.slice();
    const other = this.#history.length > 0 ? this.edits.pick(this.#history) : update;
    switch (this.edits.below(5)) {
      case 0:
        return bytes.subarray(0, this.edits.below(bytes.length));
      case 1: {
        const cut = this.edits.below(bytes.length);
        return Buffer.concat([bytes.subarray(0, cut), other.subarray(this.edits.below(other.length))]);
      }
      default:
        for (let left = 1 + this.edits.below(3); left > 0; left -= 1) {
          const at = this.edits.below(bytes.length);
          if (this.edits.chance(0.5)) bytes[at] = this.edits.below(256);
          else bytes[at] = (bytes[at] ?? 0) + (this.edits.chance(0.5) ? 1 : -1);
        }
        return bytes;
    }
  }

  repeated(): Uint8Array | null {
    return this.#history.length > 0 ? this.edits.pick(this.#history) : null;
  }

  /** A client that comes back sends what the server lacks, and its whole delete set. */
  resync(person: Person): Uint8Array {
    return Y.encodeStateAsUpdate(
      person.doc,
      this.edits.chance(0.3) ? undefined : this.#knowledge.stateVector(),
    );
  }

  /** An update that nobody's editor made. */
  crafted(): Uint8Array {
    const own = [101, 102, 103];
    const clients = [...own, ...this.people.map(({ doc }) => doc.clientID)];
    return craftUpdate(this.edits, {
      own,
      clients,
      keys: this.keys,
      clock: (client) => this.#knowledge.clock(client),
    });
  }

  stateVector(): Uint8Array {
    return this.#knowledge.stateVector();
  }

  /**
   * At the end what was admitted says the same, trimmed or not, merged here or by Yjs. Merged and one by one need
   * not: a Y.Doc tidies the formatting of nested texts after each update, by what it has seen then. Merges may differ
   * where a half of a character of two units stands: see {@link isAlike}.
   */
  finish(): void {
    const position = this.edits.below(this.#buffer.count + 1);
    const early = new UpdateBuffer();
    for (const piece of this.#admitted.slice(0, position)) early.add(piece);
    const halves = [early.toUpdate(), this.#buffer.since(position)];
    this.#checkSame(this.#pieces, () => this.#originals);
    this.#checkSame(load(this.#buffer.toUpdate()), () => load(Y.mergeUpdates(this.#history)));
    this.#checkSame(load(...halves), () =>
      load(Y.mergeUpdates(this.#history.slice(0, position)), Y.mergeUpdates(this.#history.slice(position))),
    );
  }

  #checkSame(actual: Y.Doc, expected: () => Y.Doc): void {
    checkNothingPending(actual);
    assert.deepEqual(Y.encodeStateVector(actual), this.#knowledge.stateVector());
    assert.ok(isIncluded(this.#knowledge, actual), 'deletes');
    if (this.#forged) return;
    const [shown, wanted] = [contentOf(actual), contentOf(expected())];
    if (!isAlike(shown, wanted)) assert.deepEqual(shown, wanted);
  }

  #judge(update: Uint8Array): ReturnType<typeof judge> {
    // The judged bytes lie somewhere in a larger buffer, as they do in a network chunk.
    const chunk = new Uint8Array(update.length + 64).fill(1);
    chunk.set(update, 32);
    const verdict = judge(this.#knowledge, chunk.subarray(32, 32 + update.length), DEFAULT_LIMITS);
    this.counts.judged += 1;
    this.counts[verdict.kind] += 1;
    if (verdict.kind === 'slow')
      this.reasons.set(verdict.reason, (this.reasons.get(verdict.reason) ?? 0) + 1);
    return verdict;
  }

  #admit(piece: Piece): void {
    const { source } = piece;
    this.#admitted.push({ ...piece, source: source.slice() });
    admit(this.#knowledge, piece);
    this.#buffer.add(piece);
    checkApplied(this.#pieces, pieceBytes(piece), this.#knowledge);
    checkApplied(this.#originals, source, this.#knowledge);
    checkApplied(this.#declared, source, this.#knowledge);
  }

  #checkKnown(doc: Y.Doc, update: Uint8Array): void {
    const before = [Y.encodeStateVector(doc), deleteSetOf(doc)];
    Y.applyUpdate(doc, update);
    assert.deepEqual([Y.encodeStateVector(doc), deleteSetOf(doc)], before, 'known, but it changed something');
    checkNothingPending(doc);
  }
}

function deleteSetOf(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc)).slice(1);
}

function isIncluded(knowledge: Knowledge, doc: Y.Doc): boolean {
  return knowledge.deletesContainedIn(deleteSetOf(doc));
}

function load(...updates: Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

function checkNothingPending(doc: Y.Doc): void {
  assert.equal(doc.store.pendingStructs, null, 'structs parked');
  assert.equal(doc.store.pendingDs, null, 'deletes parked');
}

function checkApplied(doc: Y.Doc, update: Uint8Array, knowledge: Knowledge): void {
  Y.applyUpdate(doc, update);
  checkNothingPending(doc);
  assert.deepEqual(Y.encodeStateVector(doc), knowledge.stateVector());
}

/**
 * Whether two contents say the same, but for U+FFFD and halves of characters. Where a string is cut behind a high
 * surrogate, Yjs makes U+FFFD of it and of the next unit, whatever that is; another replica's bytes still hold both.
 */
function isAlike(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string')
    return a.length === b.length && Array.from(a.split(''), (_, i) => i).every((i) => isAlikeAt(a, b, i));
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, i) => isAlike(each, b[i]));
  if (isPlain(a) && isPlain(b)) return isAlike(Object.entries(a).toSorted(), Object.entries(b).toSorted());
  return isDeepStrictEqual(a, b);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

function isAlikeAt(a: string, b: string, i: number): boolean {
  return a[i] === b[i] || [a[i], b[i]].some((unit) => /[\ud800-\udfff\ufffd]/.test(unit ?? ''));
}

/** What a reader sees, from a fresh load of the document. */
function contentOf(source: Y.Doc): unknown {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(source));
  return {
    text: plain(doc.getText('text')),
    map: plain(doc.getMap('map')),
    array: plain(doc.getArray('array')),
    xml: plain(doc.getXmlFragment('xml')),
  };
}

function plain(value: unknown): unknown {
  if (value instanceof Y.Text)
    return value
      .toDelta()
      .map((op: { insert: unknown; attributes?: object }) => [plain(op.insert), op.attributes]);
  if (value instanceof Y.XmlElement)
    return [value.nodeName, Object.entries(value.getAttributes()).toSorted(), value.toArray().map(plain)];
  if (value instanceof Y.XmlFragment || value instanceof Y.Array) return value.toArray().map(plain);
  if (value instanceof Y.Map)
    return [...value.entries()]
      .map(([key, inner]) => [key, plain(inner)])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return value;
}
