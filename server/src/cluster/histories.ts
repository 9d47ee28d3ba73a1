import { Code, ConnectError } from '@connectrpc/connect';
import type { Documents } from '../document/documents.ts';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import { type DocumentName, parseDocumentName } from '../store/document-name.ts';
import { decodeEntries } from '../store/entries.ts';
import { roomFor } from '../store/own-bytes.ts';
import type { EarlierHistory, UpdateLog } from '../store/store.ts';
import type { NodeId } from './message.ts';
import type { Remote } from './remote.ts';
import { sha256 } from './sha256.ts';

/** Rows of a log that are not compacted are told together up to about so much, bytes. */
const TOLD_BYTES = 256 * 1024;
const DAY_MS = 86_400_000;

/** What histories are fetched with, and told from. */
export interface HistoriesOptions {
  readonly documents: Documents;
  readonly log: UpdateLog;
  /** null: nothing is fetched. */
  readonly earlier: EarlierHistory | null;
  readonly limits: Limits;
  readonly remote: (node: NodeId) => Remote;
  /** ms since 1970. */
  readonly time: () => number;
  readonly report: (words: string, error: SheafError) => void;
}

interface Told {
  readonly count: number;
  readonly hash: Uint8Array;
  readonly entries: Uint8Array;
}

interface Job {
  readonly document: DocumentName;
  /** Who has it; the first is asked, and when that fails the next. */
  readonly nodes: NodeId[];
  /** Hash of the oldest segment that was taken. */
  last: Uint8Array | null;
}

/**
 * Histories of documents that came here from another node while nothing of them was here (SPEC REPL-19): who wrote what and
 * when. Fetched behind the documents, one after another, from the newest segment to the oldest.
 */
export class Histories {
  readonly #options: HistoriesOptions;
  readonly #jobs = new Map<DocumentName, Job>();
  readonly #stopped = new AbortController();
  #running = false;

  constructor(options: HistoriesOptions) {
    this.#options = options;
  }

  /** A document was brought from a node, and nothing of it was here before. */
  brought(document: DocumentName, node: NodeId): void {
    if (this.#options.earlier === null || this.#options.limits.historyDays === 0) return;
    const job = this.#jobs.get(document);
    if (job === undefined) this.#jobs.set(document, { document, nodes: [node], last: null });
    else job.nodes.push(node);
    if (!this.#running) void this.#run();
  }

  /** Nothing more is fetched. */
  stop(): void {
    this.#stopped.abort();
    this.#jobs.clear();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (const job of this.#jobs.values()) {
      for (let node = job.nodes.shift(); node !== undefined; node = job.nodes.shift())
        if (await this.#fetch(job, node)) break;
      this.#jobs.delete(job.document);
    }
    this.#running = false;
  }

  /** Whether that was all. */
  async #fetch(job: Job, node: NodeId): Promise<boolean> {
    const { log, remote, report, limits, time } = this.#options;
    const oldest = time() - limits.historyDays * DAY_MS;
    // Behind what was taken from another node before that failed.
    let behind = job.last === null;
    try {
      // Another node had brought the document at the same time, and its history is here.
      if (behind && (await log.history(job.document, 0, 0)).length > 0) return true;
      for await (const told of this.#ask(remote(node), job.document)) {
        if (behind && !(await this.#take(job, told, oldest))) return true;
        behind ||= job.last !== null && Buffer.compare(job.last, told.hash) === 0;
      }
      return behind;
    } catch (thrown) {
      if (this.#stopped.signal.aborted) return true;
      const code = thrown instanceof ConnectError ? thrown.code : null;
      // It was deleted meanwhile, or the node is older than this call.
      if (code === Code.NotFound || code === Code.Unimplemented) return code === Code.NotFound;
      const error = SheafError.from(thrown);
      if (error.code === 'deleted' || error.code === 'draining') return true;
      report(`history of ${job.document} from ${node}`, error);
      return false;
    }
  }

  /** False: it is older than history is kept. */
  async #take(job: Job, { count, hash, entries }: Told, oldest: number): Promise<boolean> {
    const decoded = decodeEntries(entries);
    if (decoded.length !== count || Buffer.compare(await sha256(entries), hash) !== 0)
      throw new SheafError('malformed', 'A segment of history is not what was announced.');
    const [from = 0, to = 0] = [decoded[0]?.time, decoded.at(-1)?.time];
    if (to < oldest) return false;
    await this.#options.earlier?.prepend(job.document, { first: 1, last: count, from, to, hash, entries });
    job.last = hash;
    return true;
  }

  async *#ask({ client }: Remote, document: DocumentName): AsyncGenerator<Told> {
    const { peerAnswerMs, documentBytes } = this.#options.limits;
    const stalled = new AbortController();
    const signal = AbortSignal.any([stalled.signal, this.#stopped.signal]);
    let timer = setTimeout(() => stalled.abort(), peerAnswerMs);
    let told: Told | null = null;
    let at = 0;
    try {
      for await (const { size, hash, count, data } of client.fetchHistory({ document }, { signal })) {
        clearTimeout(timer);
        if (size > 0n) {
          if (told !== null || size > BigInt(2 * documentBytes))
            throw new SheafError('malformed', 'A segment of history ends too early, or is too large.');
          // It goes from thread to thread as it is: what is large must not be copied for each.
          told = { count, hash: new Uint8Array(hash), entries: roomFor(Number(size)) };
          at = 0;
        }
        if (told === null || at + data.length > told.entries.length)
          throw new SheafError('malformed', 'A segment of history is longer than was announced.');
        told.entries.set(data, at);
        at += data.length;
        if (at === told.entries.length) {
          yield told;
          told = null;
        }
        timer = setTimeout(() => stalled.abort(), peerAnswerMs);
      }
      if (told !== null) throw new SheafError('malformed', 'The history ends within a segment.');
    } finally {
      clearTimeout(timer);
    }
  }

  /** Answers FetchHistory. Throws `deleted`, `corrupt`, `storage-unavailable`. */
  async *answer(
    name: string,
  ): AsyncGenerator<{ size?: bigint; hash?: Uint8Array; count?: number; data: Uint8Array }> {
    const { peerChunkBytes } = this.#options.limits;
    for await (const { count, hash, entries } of this.#segments(parseDocumentName(name))) {
      const head = { size: BigInt(entries.length), hash, count };
      for (let at = 0; at < entries.length; at += peerChunkBytes)
        yield { ...(at === 0 ? head : {}), data: entries.subarray(at, at + peerChunkBytes) };
    }
  }

  /** From the newest: what is not compacted, then the segments of the store. */
  async *#segments(document: DocumentName): AsyncGenerator<Told> {
    const { documents, log } = this.#options;
    const stored = await documents.logged(document);
    if (stored === null) return;
    for (const entries of together(stored.tail).reverse())
      yield { count: decodeEntries(entries).length, hash: await sha256(entries), entries };
    for (let number = stored.snapshot?.through ?? 0; ;) {
      const [segment] = await log.history(document, number, number);
      if (segment === undefined) return;
      const { first, last, hash, entries } = segment;
      yield { count: last - first + 1, hash, entries };
      number = first - 1;
    }
  }
}

/** Rows of a log in order, small ones in one piece. */
function together(rows: readonly Uint8Array[]): Uint8Array[] {
  const pieces: Uint8Array[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    if (bytes + row.length > TOLD_BYTES) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)?.push(row);
    bytes += row.length;
  }
  return pieces.map((piece) => (piece.length === 1 && piece[0] ? piece[0] : Buffer.concat(piece)));
}
