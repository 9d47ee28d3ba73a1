import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from 'pg';
import { SheafError, assertNever } from '../../error.ts';
import type { LogBatch } from '../store.ts';
import { APPEND, appendArguments } from './append-arguments.ts';
import { connect, transaction } from './connection.ts';
import type { ConnectionSettings } from './connection.ts';
import { startError, troubleOf, wordsOf } from './postgres-error.ts';
import { lockEnds, renumber } from './shared-append.ts';

/** Where the connection that commits stands. */
type State =
  | { readonly kind: 'open'; readonly client: Client }
  /** It went away a while ago; commits wait. `until`: when they are refused, by `performance.now()`. */
  | { readonly kind: 'away'; readonly until: number; readonly reason: string }
  /** Commits are refused until one goes through again. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'closed' };

/** A commit that was asked for. */
interface Commit {
  readonly time: number;
  readonly batches: readonly LogBatch[];
  /** Whether other nodes write the same documents, and the log says which numbers it gets. */
  readonly shared: boolean;
  /** The first numbers that it was last tried with, and the arguments that say so. */
  firsts: readonly number[];
  values: readonly Buffer[];
  readonly done: PromiseWithResolvers<readonly number[]>;
}

/** What the writer is made of. */
export interface LogWriterOptions extends ConnectionSettings {
  /** One life of one node. */
  readonly id: string;
  /** A database that failed is tried again every, ms. */
  readonly probeMs: number;
  /** Words about the database that a person should read. */
  readonly notice: (words: string) => void;
}

/** A writer's row is forgotten when nothing was heard of it for so long; days. No commit is in doubt for a minute. */
const WRITER_DAYS = 30;
/** What a probe writes, bytes: about a page, which a full disk has no room for. */
const PROBE_BYTES = 8_000;

/**
 * The one connection of a node that commits to the log, one commit after another: each is one statement, and one
 * answer. When the connection is lost, whether the commit on its way took place is not known. It is done again, under
 * the number that it had, on a new connection and after the old one's end; the database knows the number of the last
 * commit, so that none is done twice. Commits wait for `outageMs`, then they are refused.
 */
export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #name: string;
  readonly #queue: Commit[] = [];
  /** Wakes the loop that commits. */
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();
  /** Settles at each change of the state. */
  #changed: PromiseWithResolvers<void> = Promise.withResolvers();
  #state: State = { kind: 'away', until: Infinity, reason: 'not connected yet' };
  /** Number of the last commit that took place. */
  #number = 0;
  #running: Promise<unknown> = Promise.resolve();
  readonly #ended = new AbortController();

  constructor(options: LogWriterOptions) {
    this.#options = options;
    this.#name = `sheaf writer ${options.id}`;
  }

  /** Connects; throws `bad-setting` or `storage-unavailable`. `prepare` runs before anything is written. */
  async start(prepare: (client: Client) => Promise<void>): Promise<void> {
    try {
      const client = await connect(this.#options, this.#name, this.#options.notice);
      try {
        await prepare(client);
        await this.#register(client);
        await client.query(`DELETE FROM sheaf.writers WHERE seen < now() - make_interval(days => $1)`, [
          WRITER_DAYS,
        ]);
      } catch (thrown) {
        await client.end();
        throw thrown;
      }
      this.#open(client);
    } catch (thrown) {
      throw startError(thrown);
    }
    this.#running = Promise.all([this.#commitLoop(), this.#keepConnected()]);
  }

  /** Whether a commit would go through now. */
  healthy(): boolean {
    return this.#state.kind === 'open';
  }

  /** The error of calls that come while nothing can be written. */
  unavailable(): SheafError {
    const reason = 'reason' in this.#state ? ` (${this.#state.reason})` : '';
    return new SheafError('storage-unavailable', `The database takes no writes now${reason}.`);
  }

  /** Whether a call that writes may be tried: what waits out an outage is tried too. */
  get takesCalls(): boolean {
    return this.#state.kind === 'open' || this.#state.kind === 'away';
  }

  /** See `UpdateLog.append`; with `shared`, `SharedLog.append`. Resolves with the first number of each batch. */
  append(batches: readonly LogBatch[], time: number, shared: boolean): Promise<readonly number[]> {
    if (!this.takesCalls) return Promise.reject(this.unavailable());
    if (this.#queue.length >= this.#options.limits.waitingCommits)
      return Promise.reject(new SheafError('too-many', 'Too many commits wait for the database.'));
    const done = Promise.withResolvers<readonly number[]>();
    try {
      // What shares a log begins with the guess that nobody has written meanwhile.
      const numbered = shared ? renumber(batches, null) : batches;
      const firsts = numbered.map(({ first }) => first);
      this.#queue.push({ time, batches, shared, firsts, values: appendArguments(numbered, time), done });
    } catch (thrown) {
      return Promise.reject(SheafError.from(thrown));
    }
    this.#wake.resolve();
    return done.promise;
  }

  /** Waits for the commits that were asked for, then ends the connection. */
  async close(): Promise<void> {
    if (this.#state.kind === 'closed') return;
    while (this.#queue.length > 0) await Promise.allSettled(this.#queue.map(({ done }) => done.promise));
    const last = this.#state;
    this.#become({ kind: 'closed' });
    this.#ended.abort();
    this.#wake.resolve();
    await this.#running;
    if (last.kind === 'open') await last.client.end();
  }

  async #commitLoop(): Promise<void> {
    while (this.#state.kind !== 'closed') {
      const [commit] = this.#queue;
      if (commit === undefined) {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers();
      } else await this.#commit(commit);
    }
  }

  /** Does one commit, however often the connection is lost in it. It leaves the queue with its outcome. */
  async #commit(commit: Commit): Promise<void> {
    const number = this.#number + 1;
    for (let conflicts = 0; ;) {
      const client = await this.#connection();
      // Refused with all others when the outage lasted too long.
      if (client === null || this.#queue[0] !== commit) return;
      // It took place: its answer was lost with the connection before.
      if (this.#number >= number) return this.#settle(commit, null);
      try {
        await this.#ask(client, number, commit);
        this.#number = number;
        return this.#settle(commit, null);
      } catch (thrown) {
        const trouble = troubleOf(thrown);
        switch (trouble.kind) {
          case 'refused':
            return this.#settle(commit, trouble.error);
          case 'conflict':
            conflicts += 1;
            if (conflicts > this.#options.limits.conflicts) return this.#fail(wordsOf(thrown));
            break;
          case 'lost':
            this.#lose(client, trouble.reason);
            break;
          case 'failed':
            return this.#fail(trouble.reason);
          default:
            return assertNever(trouble);
        }
      }
    }
  }

  async #ask(client: Client, number: number, commit: Commit): Promise<void> {
    try {
      await this.#append(client, number, commit);
    } catch (thrown) {
      if (!commit.shared || !isStale(thrown)) throw thrown;
      await this.#askLocked(client, number, commit);
    }
  }

  /** Others have written meanwhile: with the documents' rows locked, the numbers are those that are told. */
  async #askLocked(client: Client, number: number, commit: Commit): Promise<void> {
    const { answerMs, conflicts } = this.#options.limits;
    const attempt = async (): Promise<void> => {
      const ends = await lockEnds(client, commit.batches, answerMs);
      const numbered = renumber(commit.batches, ends);
      commit.firsts = numbered.map(({ first }) => first);
      commit.values = appendArguments(numbered, commit.time);
      await this.#append(client, number, commit);
    };
    for (let met = 0; ; met += 1) {
      try {
        return await transaction(client, 'BEGIN', attempt, answerMs);
      } catch (thrown) {
        // A document that nobody had written has no row to lock: another was the first to write it.
        if (!isStale(thrown) || met >= conflicts) throw thrown;
      }
    }
  }

  async #append(client: Client, number: number, { time, values }: Commit): Promise<void> {
    const { id, limits } = this.#options;
    // A late answer is no answer: the connection is cut, and a new one finds out.
    const query = { name: 'append', text: APPEND, query_timeout: limits.answerMs };
    await client.query({ ...query, values: [id, number, time, ...values] });
  }

  #settle(commit: Commit, error: SheafError | null): void {
    this.#queue.shift();
    if (error === null) commit.done.resolve(commit.firsts);
    else commit.done.reject(error);
  }

  /** The open connection, or one that comes before commits are refused; null when they were, or it is closed. */
  async #connection(): Promise<Client | null> {
    for (;;) {
      const state = this.#state;
      switch (state.kind) {
        case 'open':
          return state.client;
        case 'away': {
          const left = state.until - performance.now();
          if (left <= 0) {
            this.#refuseAll(state.reason);
            return null;
          }
          await Promise.race([this.#changed.promise, wait(left, undefined, { ref: false })]);
          break;
        }
        case 'failed':
        case 'closed':
          return null;
        default:
          return assertNever(state);
      }
    }
  }

  /** Reaches the database again whenever the connection was lost, or something failed. */
  async #keepConnected(): Promise<void> {
    const { limits, probeMs } = this.#options;
    const { signal } = this.#ended;
    while (!signal.aborted) {
      const state = this.#state;
      if (state.kind === 'open') {
        await this.#changed.promise;
        continue;
      }
      // The first try is at once: mostly it was the connection alone.
      const client = await this.#reconnect(state.kind === 'failed');
      if (client !== null && !signal.aborted) this.#open(client);
      else if (client !== null) await client.end();
      else {
        if (this.#state.kind === 'away' && performance.now() >= this.#state.until)
          this.#refuseAll(this.#state.reason);
        const pause = this.#state.kind === 'failed' ? probeMs : limits.reconnectMs;
        await wait(pause, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** A new connection, on which the number of the last commit is known; null: not yet. */
  async #reconnect(probe: boolean): Promise<Client | null> {
    let client: Client | null = null;
    try {
      client = await connect(this.#options, this.#name);
      await this.#register(client);
      if (probe) await probeWrite(client);
      return client;
    } catch (thrown) {
      void client?.end().catch(() => {});
      const reason = wordsOf(thrown);
      if (this.#state.kind === 'failed') this.#state = { kind: 'failed', reason };
      if (this.#state.kind === 'away') this.#state = { ...this.#state, reason };
      return null;
    }
  }

  /**
   * Ends what is left of connections before this one, and reads what they have brought about. The lock on the row is
   * what waits for a transaction that has not ended yet.
   */
  async #register(client: Client): Promise<void> {
    const { id, limits } = this.#options;
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = $1 AND pid <> pg_backend_pid() AND usename = current_user`,
      [this.#name],
    );
    const query = {
      text: `INSERT INTO sheaf.writers AS known (id, commit, seen) VALUES ($1, $2, now())
        ON CONFLICT (id) DO UPDATE SET seen = now() RETURNING commit`,
      query_timeout: limits.answerMs,
    };
    const { rows } = await client.query<{ commit: number }>({ ...query, values: [id, this.#number] });
    this.#number = rows[0]?.commit ?? this.#number;
  }

  #open(client: Client): void {
    client.on('error', (error) => this.#lose(client, wordsOf(error)));
    client.on('end', () => this.#lose(client, 'the connection ended'));
    this.#become({ kind: 'open', client });
  }

  #lose(client: Client, reason: string): void {
    if (this.#state.kind !== 'open' || this.#state.client !== client) return;
    void client.end().catch(() => {});
    this.#become({ kind: 'away', until: performance.now() + this.#options.limits.outageMs, reason });
  }

  /** The database took a commit back: everything that waits is refused, and a new connection has to prove itself. */
  #fail(reason: string): void {
    const last = this.#state;
    this.#refuseAll(reason);
    if (last.kind === 'open') void last.client.end().catch(() => {});
  }

  #refuseAll(reason: string): void {
    if (this.#state.kind === 'closed') return;
    this.#become({ kind: 'failed', reason });
    for (const { done } of this.#queue.splice(0)) done.reject(this.unavailable());
  }

  #become(state: State): void {
    this.#state = state;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** Whether the database found that a number was taken. */
function isStale(thrown: unknown): boolean {
  const trouble = thrown instanceof SheafError ? null : troubleOf(thrown);
  return trouble?.kind === 'refused' && trouble.error.code === 'stale';
}

/** Writes and removes a page: a disk that is full, or a database that is read-only, refuses it. */
async function probeWrite(client: Client): Promise<void> {
  await client.query(
    'WITH written AS (INSERT INTO sheaf.probe VALUES ($1) RETURNING 1) SELECT count(*) FROM written',
    [randomBytes(PROBE_BYTES)],
  );
  await client.query('DELETE FROM sheaf.probe');
}
