import { titleOf } from '@sheaf/schema/content';
import * as Y from 'yjs';
import { SheafError, type ErrorCode } from '../error.ts';
import type { Limits } from '../limits.ts';
import { decodeEntries } from '../store/entries.ts';
import type { Snapshot } from '../store/store.ts';
import { Knowledge } from './knowledge.ts';
import { compact, diff, integrate, judgeAtLength, makeReplica } from './replica.ts';
import type { Integration, Judged } from './replica.ts';

/** What brings a worker's replica of a document up to date. */
export interface Feed {
  /** Names the hot document, and this stay of it in memory. */
  readonly key: string;
  /** The replica must hold everything through this number; ignored when `base` is given. */
  readonly from: number;
  /** The document from nothing, when the worker has no replica of it. */
  readonly base: readonly Uint8Array[] | null;
  /** What came after `from` (or `base`), and the number that it reaches. */
  readonly update: Uint8Array | null;
  readonly to: number;
}

/** What can be asked of the worker, and what it answers. `stale`: its replica is not at `from`; send a base. */
export interface Tasks {
  integrate: {
    ask: {
      feed: Feed | null;
      update: Uint8Array;
      /** What the document had admitted. */
      stateVector: Uint8Array;
      deleteSet: Uint8Array;
      /** No type of the document is nested deeper. */
      nestingBound: number;
      limits: Limits;
    };
    answer: Integration | 'stale';
  };
  title: { ask: { feed: Feed }; answer: { title: string | null } | 'stale' };
  diff: { ask: { updates: readonly Uint8Array[]; stateVector: Uint8Array }; answer: Uint8Array };
  compact: {
    ask: {
      updates: readonly Uint8Array[];
      /** Packed log entries that follow `updates`. */
      tail: readonly Uint8Array[];
      through: number;
      judged: Judged | null;
      limits: Limits;
    };
    answer: Snapshot;
  };
  forget: { ask: { key: string }; answer: null };
}

export type TaskKind = keyof Tasks;
export type Request = { [K in TaskKind]: { id: number; kind: K; ask: Tasks[K]['ask'] } }[TaskKind];
export type Response =
  | { id: number; answer: Tasks[TaskKind]['answer'] }
  | { id: number; error: { code: ErrorCode; message: string } };

/** Replicas that a worker keeps, the latest used last. */
const REPLICAS = 8;

/** Does the tasks of a worker, whose replicas it keeps. */
export class ReplicaTasks {
  readonly #replicas = new Map<string, { doc: Y.Doc; at: number }>();

  /** Does one. Never throws: what goes wrong is in the answer. */
  respond(request: Request): Response {
    try {
      return { id: request.id, answer: this.#answer(request) };
    } catch (thrown) {
      const { code, message } = SheafError.from(thrown);
      return { id: request.id, error: { code, message } };
    }
  }

  #replicaFor(feed: Feed): Y.Doc | 'stale' {
    const kept = this.#replicas.get(feed.key);
    this.#replicas.delete(feed.key);
    if (feed.base === null && kept?.at !== feed.from) return 'stale';
    const doc = feed.base === null && kept ? kept.doc : makeReplica(feed.base ?? []);
    if (feed.update !== null) Y.applyUpdate(doc, feed.update);
    this.#replicas.set(feed.key, { doc, at: feed.to });
    for (const [oldest] of this.#replicas) {
      if (this.#replicas.size <= REPLICAS) break;
      this.#replicas.delete(oldest);
    }
    return doc;
  }

  #integrate(ask: Tasks['integrate']['ask']): Tasks['integrate']['answer'] {
    const known = Knowledge.read(ask.stateVector, ask.deleteSet);
    const judged = judgeAtLength(known, ask.update, ask);
    if (judged !== null) return judged;
    if (ask.feed === null) return 'stale';
    const replica = this.#replicaFor(ask.feed);
    if (replica === 'stale') return replica;
    const integration = integrate(replica, known, ask.update, ask.limits);
    if (integration.kind === 'refused') this.#replicas.delete(ask.feed.key);
    return integration;
  }

  #answer(request: Request): Tasks[TaskKind]['answer'] {
    switch (request.kind) {
      case 'integrate':
        return this.#integrate(request.ask);
      case 'title': {
        const replica = this.#replicaFor(request.ask.feed);
        return replica === 'stale' ? replica : { title: titleOf(replica) };
      }
      case 'diff':
        return diff(request.ask.updates, request.ask.stateVector);
      case 'compact': {
        const { updates, tail, through, judged, limits } = request.ask;
        const logged = tail.flatMap((packed) => decodeEntries(packed).map(({ update }) => update));
        return compact([...updates, ...logged], through, judged, limits);
      }
      case 'forget':
        this.#replicas.delete(request.ask.key);
        return null;
    }
  }
}
