import * as Y from 'yjs';
import { SheafError } from '../error.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { sharedBytes } from '../store/own-bytes.ts';
import type { Snapshot } from '../store/store.ts';
import { judge, type JudgeLimits, type Piece, type Verdict } from './judge.ts';
import { Knowledge } from './knowledge.ts';

/** Work on real Y.Docs. It runs in a worker thread: everything here may take long, and may throw. */

/** Bounds for bytes that a worker reads: the document's size is the only one. */
export const WORKER_LIMITS: JudgeLimits = {
  ...DEFAULT_LIMITS,
  judgeBytes: DEFAULT_LIMITS.documentBytes,
  judgeStructs: Number.MAX_SAFE_INTEGER,
  judgeRanges: Number.MAX_SAFE_INTEGER,
  judgeTypes: Number.MAX_SAFE_INTEGER,
  nesting: Number.MAX_SAFE_INTEGER,
};

/** What became of an update that the judge did not certify. */
export type Integration =
  | {
      readonly kind: 'integrated';
      /** What can be taken now; null if it was all known. */
      readonly piece: Piece | null;
      /** What waits, with the next clock that it waits for of each client; null if nothing does. */
      readonly remainder: Remainder | null;
      /** The nesting of a replica that holds it; null if none was needed. */
      readonly measured: number | null;
    }
  | {
      readonly kind: 'refused';
      readonly code: 'malformed' | 'subdocument' | 'nesting' | 'too-many';
      readonly reason: string;
    };

/** The part of an update whose dependencies are missing. */
export interface Remainder {
  /** Yjs V1. */
  readonly update: Uint8Array;
  /** Client id and the clock that must be known before it is worth trying again. */
  readonly missing: readonly (readonly [client: number, clock: number])[];
}

/** A Y.Doc as the server keeps it: garbage-collected, without a name of its own. */
export function makeReplica(updates: readonly Uint8Array[]): Y.Doc {
  try {
    return filled(updates, true);
  } catch {
    // Collecting a map throws at entries that no Yjs client writes and the judge cannot tell; keeping what was
    // deleted does not. What throws again is not ours to swallow.
    return filled(updates, false);
  }
}

function filled(updates: readonly Uint8Array[], gc: boolean): Y.Doc {
  const doc = new Y.Doc({ gc });
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

/**
 * Judges without the fast way's bounds, for a document whose nesting is `nestingBound` at most. `null` when a replica
 * is needed.
 */
export function judgeAtLength(
  known: Knowledge,
  update: Uint8Array,
  { nestingBound, limits }: { nestingBound: number; limits: Limits },
): Integration | null {
  const verdict = judge(known, update, WORKER_LIMITS);
  if (verdict.kind === 'slow') return null;
  if (verdict.kind === 'new' && nestingBound + verdict.piece.nesting > limits.nesting) return null;
  return toIntegration(verdict, { remainder: null, measured: null, limits });
}

/**
 * Applies an update to a replica of the document and says what of it can be taken. `known` is what the
 * document had admitted when it asked; the replica may hold more. The replica is of no more use when this
 * throws or refuses.
 */
export function integrate(replica: Y.Doc, known: Knowledge, update: Uint8Array, limits: Limits): Integration {
  try {
    Y.applyUpdate(replica, update);
  } catch (thrown) {
    return { kind: 'refused', code: 'malformed', reason: SheafError.from(thrown).message };
  }
  const remainder = takePending(replica);
  const measured = measureNesting(replica, limits.nesting);
  if (measured > limits.nesting)
    return { kind: 'refused', code: 'nesting', reason: `nested deeper than ${limits.nesting}` };
  const verdict = judge(known, Y.encodeStateAsUpdate(replica, known.stateVector()), WORKER_LIMITS);
  return toIntegration(verdict, { remainder, measured, limits });
}

function toIntegration(
  verdict: Verdict,
  found: { remainder: Remainder | null; measured: number | null; limits: Limits },
): Integration {
  const { remainder, measured, limits } = found;
  switch (verdict.kind) {
    case 'new': {
      const { piece, newClients } = verdict;
      const ranges = piece.deletes.reduce((sum, { bounds }) => sum + bounds.length / 2, 0);
      // Taking them costs the main thread more than it can give to one update.
      if (ranges > limits.updateRanges || newClients.length > limits.updateClients)
        return { kind: 'refused', code: 'too-many', reason: 'too many delete ranges or clients at once' };
      return { kind: 'integrated', piece: ownPiece(piece), remainder, measured };
    }
    case 'known':
      return { kind: 'integrated', piece: null, remainder, measured };
    case 'refused':
      return verdict;
    case 'slow':
      return { kind: 'refused', code: 'malformed', reason: `not certifiable: ${verdict.reason}` };
  }
}

/**
 * A piece over bytes of its own, so that posting it does not clone a larger buffer, and ranges in buffers, which are handed
 * over: whoever gets a list of 200,000 numbers reads it one by one, for 14 ms and more.
 */
function ownPiece({ source, deletes, ...rest }: Piece): Piece {
  return {
    ...rest,
    source: source.byteLength === source.buffer.byteLength ? source : source.slice(),
    deletes: deletes.map(({ client, bounds }) => ({ client, bounds: Float64Array.from(bounds) })),
  };
}

/** Takes what Yjs parked out of a replica. */
function takePending(replica: Y.Doc): Remainder | null {
  const { store } = replica;
  const { pendingStructs, pendingDs } = store;
  if (pendingStructs === null && pendingDs === null) return null;
  store.pendingStructs = null;
  store.pendingDs = null;
  const parts = [pendingStructs?.update, pendingDs].filter((part) => part instanceof Uint8Array);
  const update = Y.convertUpdateFormatV2ToV1(Y.mergeUpdatesV2(parts));
  const missing = new Map<number, number>(pendingStructs?.missing);
  for (const [client, ranges] of Y.decodeUpdate(update).ds.clients)
    for (const { clock } of ranges) {
      const known = Y.getState(store, client);
      if (clock >= known) missing.set(client, Math.min(missing.get(client) ?? Infinity, known));
    }
  return { update, missing: [...missing] };
}

/**
 * The deepest nesting of types: 1 for a type at the root's first level. Stops counting at `enough` + 1.
 */
function measureNesting(replica: Y.Doc, enough: number): number {
  let deepest = 0;
  for (const structs of replica.store.clients.values())
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentType)) continue;
      let depth = 0;
      for (let item: Y.Item | null = struct; item !== null && depth <= enough; depth += 1) {
        const parent: unknown = item.parent;
        item = parent instanceof Y.AbstractType ? parent._item : null;
      }
      if (depth > deepest) deepest = depth;
      if (deepest > enough) return deepest;
    }
  return deepest;
}

/** The delete set of a document, V1: what stands behind the structs of an update without structs. */
function deleteSetOf(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc)).slice(1);
}

/** What the judge has of a document: a compaction must not disagree. Both V1. */
export interface Judged {
  readonly stateVector: Uint8Array;
  readonly deleteSet: Uint8Array;
}

/**
 * A new snapshot of what `updates` hold. Throws `corrupt` if something in them waits for what is missing, or if
 * the outcome is not what was judged: other clocks, or a delete set that lacks a range (it may have more, for
 * Yjs deletes while it integrates).
 */
export function compact(
  updates: readonly Uint8Array[],
  through: number,
  judged: Judged | null,
  limits: Limits,
): Snapshot {
  const doc = makeReplica(updates);
  if (takePending(doc) !== null)
    throw new SheafError('corrupt', 'The log holds an update whose dependencies are missing.');
  const snapshot = {
    update: sharedBytes(Y.encodeStateAsUpdate(doc)),
    stateVector: Y.encodeStateVector(doc),
    deleteSet: deleteSetOf(doc),
    nesting: measureNesting(doc, limits.nesting),
    through,
  };
  const found = Knowledge.read(snapshot.stateVector, snapshot.deleteSet);
  if (judged && !found.hasStateVector(judged.stateVector))
    throw new SheafError('corrupt', 'A compaction has other clocks than the document.');
  if (judged && !found.containsDeletes(judged.deleteSet))
    throw new SheafError('corrupt', 'A compaction lacks deletes of the document.');
  return snapshot;
}

/** What a peer with `stateVector` lacks, as one update, made without a Y.Doc. Throws `malformed`. */
export function diff(updates: readonly Uint8Array[], stateVector: Uint8Array): Uint8Array {
  const [first] = updates;
  const whole = updates.length === 1 && first !== undefined ? first : Y.mergeUpdates([...updates]);
  return Y.diffUpdate(whole, stateVector);
}
