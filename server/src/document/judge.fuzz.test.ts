import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import * as Y from 'yjs';
import { DEFAULT_LIMITS } from '../limits.ts';
import { admit, judge, pieceBytes, type Piece } from './judge.ts';
import { Knowledge } from './knowledge.ts';
import { declareRoots, makeRandom, RandomEdits } from './random-edits.ts';
import { craftUpdate } from './random-updates.ts';
import { UpdateBuffer } from './update-buffer.ts';

/*
 * The judge against real Y.Docs. SHEAF_FUZZ_RUNS: how many worlds of some 300 updates for each test;
 * SHEAF_FUZZ_SEED: the first one's seed, the others follow. A failure names its seed, which then belongs into
 * REGRESSIONS.
 */
const RUNS = Number(process.env['SHEAF_FUZZ_RUNS'] ?? 40);
const SEED = Number(process.env['SHEAF_FUZZ_SEED'] ?? 1);
/** 24 and 106: forged origins that Yjs orders as they come. 501: a forged map entry of two clocks. */
const REGRESSIONS: readonly number[] = [24, 106, 501];
const UPDATES = 300;

const REMOTE = Symbol('remote');

/** A person: a Y.Doc, and what it wants to send. */
interface Person {
  readonly doc: Y.Doc;
  readonly outbox: Uint8Array[];
  readonly inbox: Uint8Array[];
  readonly undo: Y.UndoManager;
}

interface Counts {
  judged: number;
  new: number;
  known: number;
  slow: number;
  refused: number;
}

/** A server with its judge, some people, and a bad network between them. */
class World {
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

  /** At the end everything that was admitted says the same, whatever way it went. */
  finish(): void {
    const merged = new Y.Doc();
    checkApplied(merged, this.#buffer.toUpdate(), this.#knowledge);
    const position = this.edits.below(this.#buffer.count + 1);
    const stepwise = new Y.Doc();
    const early = new UpdateBuffer();
    for (const piece of this.#admitted.slice(0, position)) early.add(piece);
    Y.applyUpdate(stepwise, early.toUpdate());
    checkApplied(stepwise, this.#buffer.since(position), this.#knowledge);
    const expected = contentOf(this.#originals);
    for (const doc of [this.#pieces, merged, stepwise]) {
      assert.ok(isIncluded(this.#knowledge, doc), 'deletes');
      if (!this.#forged) assert.deepEqual(contentOf(doc), expected);
    }
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

function checkNothingPending(doc: Y.Doc): void {
  assert.equal(doc.store.pendingStructs, null, 'structs parked');
  assert.equal(doc.store.pendingDs, null, 'deletes parked');
}

function checkApplied(doc: Y.Doc, update: Uint8Array, knowledge: Knowledge): void {
  Y.applyUpdate(doc, update);
  checkNothingPending(doc);
  assert.deepEqual(Y.encodeStateVector(doc), knowledge.stateVector());
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

/** Everybody's updates arrive in the order in which they were made. */
function runHonest(world: World): void {
  while (world.counts.judged < UPDATES) {
    const person = world.edits.pick(world.people);
    const update = person.inbox.shift();
    if (update !== undefined && world.edits.chance(0.7)) Y.applyUpdate(person.doc, update, REMOTE);
    else if (update !== undefined) person.inbox.unshift(update);
    if (world.edits.chance(0.5)) world.edit(person);
    const mine = person.outbox.shift();
    if (mine !== undefined) world.submit(mine, person);
  }
}

/** Everything happens to updates that can. */
function runHostile(world: World): void {
  const { edits } = world;
  const forgery = edits.chance(0.3) ? 0.05 : 0;
  while (world.counts.judged < UPDATES) {
    const person = edits.pick(world.people);
    if (edits.chance(0.6)) world.edit(person);
    if (person.inbox.length > 0 && edits.chance(0.6)) {
      const at = edits.chance(0.8) ? 0 : edits.below(person.inbox.length);
      for (const update of person.inbox.splice(at, 1))
        if (edits.chance(0.97)) Y.applyUpdate(person.doc, update, REMOTE);
    }
    const at = edits.chance(0.8) ? 0 : edits.below(Math.max(1, person.outbox.length));
    for (let update of person.outbox.splice(at, 1)) {
      const next = person.outbox[0];
      if (next !== undefined && edits.chance(0.1)) update = Y.mergeUpdates([update, next]);
      if (edits.chance(0.1)) update = Y.diffUpdate(update, world.stateVector());
      if (edits.chance(0.6)) world.probe(world.distort(update));
      if (edits.chance(forgery)) world.forge(world.distort(update));
      if (edits.chance(0.95)) world.submit(update, person);
    }
    const again = world.repeated();
    if (again !== null && edits.chance(0.2)) world.submit(again, null);
    if (again !== null && edits.chance(0.3)) world.probe(world.distort(again));
    if (edits.chance(0.05)) world.submit(world.resync(person), person);
    if (edits.chance(0.05)) world.probe(world.distort(world.resync(person)));
    if (edits.chance(0.01)) world.probe(Y.encodeStateAsUpdateV2(person.doc));
  }
}

/** Updates that nobody's editor makes, on top of one another and of a little that is real. */
function runCrafted(world: World): void {
  while (world.counts.judged < UPDATES) {
    if (world.keys && world.edits.chance(0.1)) {
      const person = world.edits.pick(world.people);
      for (const update of person.inbox.splice(0)) Y.applyUpdate(person.doc, update, REMOTE);
      world.edit(person);
      for (const update of person.outbox.splice(0)) world.submit(update, person);
    }
    world.forge(world.crafted());
  }
}

function run(seeds: readonly number[], play: (world: World) => void): World[] {
  return seeds.map((seed) => {
    const world = new World(seed);
    try {
      play(world);
      world.finish();
    } catch (thrown) {
      throw new Error(`seed ${seed}`, { cause: thrown });
    }
    return world;
  });
}

function sum(worlds: readonly World[], context: TestContext): Counts {
  const total: Counts = { judged: 0, new: 0, known: 0, slow: 0, refused: 0 };
  const reasons = new Map<string, number>();
  for (const { counts, reasons: own } of worlds) {
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
    for (const [reason, count] of own) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }
  context.diagnostic(JSON.stringify({ ...total, ...Object.fromEntries(reasons) }));
  return total;
}

const seeds = [...REGRESSIONS, ...Array.from({ length: RUNS }, (_, i) => SEED + i)];

test('honest traffic in order takes the fast way', (context) => {
  const { judged, new: fresh, known } = sum(run(seeds, runHonest), context);
  assert.ok((fresh + known) / judged > 0.999, `${fresh + known} of ${judged}`);
});

test('what the judge certifies, Yjs applies, whoever made it', (context) => {
  const { new: fresh } = sum(run(seeds, runCrafted), context);
  assert.ok(fresh > 0);
});

test('what the judge certifies, Yjs applies, whatever happened on the way', (context) => {
  const { new: fresh, known } = sum(run(seeds, runHostile), context);
  assert.ok(fresh > 0 && known > 0);
});
