import { Code, ConnectError } from '@connectrpc/connect';
import { type FetchAuthorsResponse, FetchUpdatesResponse_Outcome as Outcome } from '@sheaf/proto/replication';
import { setImmediate as turn } from 'node:timers/promises';
import type { Owners } from '../document/arrivals.ts';
import type { DocumentState } from '../document/document-state.ts';
import type { Documents } from '../document/documents.ts';
import { readStateVector } from '../document/knowledge.ts';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import { type DocumentName, parseDocumentName } from '../store/document-name.ts';
import { digestOfState, type Holdings } from './holdings.ts';
import { ReceivedUpdates } from './received-updates.ts';
import type { Remote } from './remote.ts';
import { sha256 } from './sha256.ts';

/** How often a stream of chunks that breaks is taken up again. */
const RESUMES = 5;
/** Answers in chunks that are kept for those who take them up again: count, and ms. */
const KEPT_ANSWERS = 2;
const KEPT_MS = 60_000;
/** Bytes that are copied in one turn of the event loop: 2 to 4 ms. */
const COPIED_AT_ONCE = 4 * 1024 * 1024;

const NOTHING = new Uint8Array([0]);

/** What came of a document: bytes of updates, and whether nothing of it was here before. */
interface Brought {
  readonly bytes: number;
  readonly anew: boolean;
}

const NOTHING_BROUGHT: Brought = { bytes: 0, anew: false };

interface Answer {
  readonly hash: Buffer;
  readonly bytes: Buffer;
}

/** Fetching what is lacking of a document, on both sides. */
export class Bulk {
  readonly #documents: Documents;
  readonly #holdings: Holdings;
  readonly #limits: Limits;
  #prepared: {
    readonly document: DocumentName;
    readonly stateVector: Uint8Array;
    readonly updates: readonly Uint8Array[];
    readonly timer: NodeJS.Timeout;
  } | null = null;
  readonly #answers = new Map<string, { answer: Answer; timer: NodeJS.Timeout }>();

  constructor(documents: Documents, holdings: Holdings, limits: Limits) {
    this.#documents = documents;
    this.#holdings = holdings;
    this.#limits = limits;
  }

  /**
   * Fetches what is lacking of a document here, and takes it; resolves when it is on disk. Throws what went wrong.
   */
  bring(remote: Remote, document: DocumentName): Promise<Brought> {
    // What is the same there may be here in memory alone.
    return this.#documents.onDisk(() => this.#bring(remote, document), document);
  }

  async #bring({ client }: Remote, document: DocumentName): Promise<Brought> {
    if (this.#holdings.deletedAt(document) !== null) return NOTHING_BROUGHT;
    const state = await this.#documents.read(document);
    const stateVector = state?.knowledge.stateVector() ?? NOTHING;
    const held = state === null ? null : digestOfState(state);
    const digest = held ?? new Uint8Array();
    const timeoutMs = this.#limits.peerAnswerMs;
    const answer = await client.fetchUpdates({ document, stateVector, digest }, { timeoutMs });
    const owners = async (): Promise<Owners> =>
      readOwners(
        answer.newClients ? await client.fetchAuthors({ document, stateVector }, { timeoutMs }) : null,
      );
    switch (answer.outcome) {
      case Outcome.EQUAL:
        return NOTHING_BROUGHT;
      case Outcome.UPDATES:
        return { bytes: await this.#take(document, answer.updates, await owners()), anew: held === null };
      case Outcome.LARGE: {
        const updates = await this.#fetchChunks(client, document, stateVector);
        return { bytes: await this.#take(document, updates, await owners()), anew: held === null };
      }
      case Outcome.DELETED:
        await this.#documents.delete(document, Number(answer.deletedTime));
        this.#holdings.deleted(document, Number(answer.deletedTime));
        return NOTHING_BROUGHT;
      case Outcome.UNSPECIFIED:
        throw new SheafError('malformed', 'A node answered with an outcome that this version does not know.');
    }
  }

  async #take(document: DocumentName, updates: readonly Uint8Array[], owners: Owners): Promise<number> {
    // Several people may have written what is one update now: whose it is, its clients tell.
    await this.#documents.replicate(
      document,
      updates.map((update) => ({ update, author: '' })),
      owners,
    );
    return updates.reduce((sum, { length }) => sum + length, 0);
  }

  async #fetchChunks(
    client: Remote['client'],
    document: DocumentName,
    stateVector: Uint8Array,
  ): Promise<readonly Uint8Array[]> {
    let hash = new Uint8Array();
    let updates = new ReceivedUpdates(0);
    for (let attempt = 0; ; attempt += 1) {
      const stalled = new AbortController();
      let timer = setTimeout(() => stalled.abort(), this.#limits.peerAnswerMs);
      try {
        const request = { document, stateVector, hash, offset: BigInt(updates.received) };
        for await (const chunk of client.fetchSnapshot(request, { signal: stalled.signal })) {
          clearTimeout(timer);
          timer = setTimeout(() => stalled.abort(), this.#limits.peerAnswerMs);
          if (chunk.hash.length > 0 && Buffer.compare(chunk.hash, hash) !== 0) {
            hash = new Uint8Array(chunk.hash);
            updates = new ReceivedUpdates(this.#sizeOf(chunk.size));
          }
          if (Number(chunk.offset) !== updates.received)
            throw new SheafError('malformed', 'A chunk does not follow the one before.');
          updates.add(chunk.data);
        }
        return updates.end(hash);
      } catch (thrown) {
        const again = thrown instanceof ConnectError && attempt < RESUMES;
        if (!again) throw thrown;
      } finally {
        clearTimeout(timer);
      }
    }
  }

  #sizeOf(size: bigint): number {
    // A document and its tail, merged; a snapshot's deletes may be told twice.
    if (size > BigInt(2 * this.#limits.documentBytes))
      throw new SheafError('too-large', `A node announced a document of ${size} bytes.`);
    return Number(size);
  }

  /** Answers FetchUpdates. */
  async updates(request: { document: string; stateVector: Uint8Array; digest: Uint8Array }): Promise<{
    outcome: Outcome;
    updates?: Uint8Array[];
    deletedTime?: bigint;
    newClients?: boolean;
  }> {
    const document = parseDocumentName(request.document);
    const deleted = await this.#holdings.deletionOf(document);
    if (deleted !== null) return { outcome: Outcome.DELETED, deletedTime: BigInt(deleted) };
    const state = await this.#documents.read(document);
    const digest = state === null ? null : digestOfState(state);
    if (digest === null || Buffer.compare(digest, request.digest) === 0) return { outcome: Outcome.EQUAL };
    const updates = state === null ? [] : await this.#documents.missing(state, request.stateVector);
    const bytes = updates.reduce((sum, { length }) => sum + length, 0);
    const newClients = state !== null && this.#clientsBeyond(request.stateVector, state).size > 0;
    if (bytes > this.#limits.peerBatchBytes) {
      this.#prepare(document, request.stateVector, updates);
      return { outcome: Outcome.LARGE, newClients };
    }
    return { outcome: Outcome.UPDATES, updates, newClients };
  }

  /** The clients of a document that this state vector lacks. */
  #clientsBeyond(stateVector: Uint8Array, { knowledge }: DocumentState): Set<number> {
    const { documentClients } = this.#limits;
    const known = readStateVector(stateVector, documentClients);
    const all = readStateVector(knowledge.stateVector(), documentClients);
    return new Set([...all.keys()].filter((client) => !known.has(client)));
  }

  /** Answers FetchAuthors. */
  async authors(request: { document: string; stateVector: Uint8Array }): Promise<{
    authors: string[];
    clients: bigint[];
    authorIndexes: number[];
  }> {
    const document = parseDocumentName(request.document);
    const known = readStateVector(request.stateVector, this.#limits.documentClients);
    const indexes = new Map<string, number>();
    const [clients, authorIndexes]: [bigint[], number[]] = [[], []];
    for (const [client, author] of await this.#documents.owners(document)) {
      if (known.has(client)) continue;
      const index = indexes.get(author) ?? indexes.size;
      indexes.set(author, index);
      clients.push(BigInt(client));
      authorIndexes.push(index);
    }
    return { authors: [...indexes.keys()], clients, authorIndexes };
  }

  /** Answers FetchSnapshot. */
  async *chunks(request: {
    document: string;
    stateVector: Uint8Array;
    hash: Uint8Array;
    offset: bigint;
  }): AsyncGenerator<{ hash?: Uint8Array; size?: bigint; offset: bigint; data: Uint8Array }> {
    const kept = this.#answers.get(Buffer.from(request.hash).toString('hex'))?.answer;
    const { hash, bytes } = kept ?? (await this.#answer(request));
    const isSame = Buffer.compare(hash, request.hash) === 0;
    let offset = isSame ? Math.min(Number(request.offset), bytes.length) : 0;
    yield { hash, size: BigInt(bytes.length), offset: BigInt(offset), data: new Uint8Array() };
    while (offset < bytes.length) {
      const data = bytes.subarray(offset, offset + this.#limits.peerChunkBytes);
      yield { offset: BigInt(offset), data };
      offset += data.length;
    }
  }

  /** Who is told that the answer is large asks for it right away: it is not made twice. */
  #prepare(document: DocumentName, stateVector: Uint8Array, updates: readonly Uint8Array[]): void {
    clearTimeout(this.#prepared?.timer);
    const timer = setTimeout(() => (this.#prepared = null), this.#limits.peerAnswerMs).unref();
    this.#prepared = { document, stateVector: new Uint8Array(stateVector), updates, timer };
  }

  async #updatesFor(document: DocumentName, stateVector: Uint8Array): Promise<readonly Uint8Array[]> {
    const prepared = this.#prepared;
    if (prepared?.document === document && Buffer.compare(prepared.stateVector, stateVector) === 0) {
      clearTimeout(prepared.timer);
      this.#prepared = null;
      return prepared.updates;
    }
    const state = await this.#documents.read(document);
    return state === null ? [] : this.#documents.missing(state, stateVector);
  }

  async #answer(request: { document: string; stateVector: Uint8Array }): Promise<Answer> {
    const updates = await this.#updatesFor(parseDocumentName(request.document), request.stateVector);
    const bytes = await joined(updates.flatMap((update) => [lengthOf(update), update]));
    const answer = { hash: await sha256(bytes), bytes };
    const key = answer.hash.toString('hex');
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size < KEPT_ANSWERS) break;
      this.#forget(oldest);
    }
    this.#forget(key);
    this.#answers.set(key, { answer, timer: setTimeout(() => this.#forget(key), KEPT_MS).unref() });
    return answer;
  }

  #forget(key: string): void {
    clearTimeout(this.#answers.get(key)?.timer);
    this.#answers.delete(key);
  }
}

/** What a service answers for an error of ours. */
export function toConnectError(thrown: unknown): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const error = SheafError.from(thrown);
  const codes: Partial<Record<SheafError['code'], Code>> = {
    malformed: Code.InvalidArgument,
    'bad-name': Code.InvalidArgument,
    deleted: Code.NotFound,
    'not-found': Code.NotFound,
    corrupt: Code.DataLoss,
    'storage-unavailable': Code.Unavailable,
    draining: Code.Unavailable,
  };
  return new ConnectError(error.message, codes[error.code] ?? Code.Internal, undefined, undefined, thrown);
}

function readOwners(answer: FetchAuthorsResponse | null): Owners {
  const { authors = [], clients = [], authorIndexes = [] } = answer ?? {};
  return new Map(clients.map((client, at) => [Number(client), authors[authorIndexes[at] ?? -1] ?? '']));
}

function lengthOf(update: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  let rest = update.length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return new Uint8Array([...bytes, rest]);
}

/** The bytes of all parts, copied a piece at a time, so that nobody waits for all of a large document. */
async function joined(parts: readonly Uint8Array[]): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts)
    for (let from = 0; from < part.length; from += COPIED_AT_ONCE) {
      const piece = part.subarray(from, from + COPIED_AT_ONCE);
      bytes.set(piece, at);
      at += piece.length;
      if (piece.length === COPIED_AT_ONCE) await turn();
    }
  return bytes;
}
