import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { compose } from './composition.ts';
import type { Composition } from './composition.ts';
import { connectHocuspocus } from './hocuspocus-client.ts';
import { Ledger } from './ledger.ts';
import { startOwnServer } from './own-server.ts';
import type { Keeping, OwnServer } from './own-server.ts';
import { randomComposition, seededRandom } from './random-composition.ts';
import { tracePath } from './sample-trace.ts';
import { openReplica, replaySession } from './session.ts';
import type { SessionResult } from './session.ts';
import { readTrace } from './trace.ts';
import { NO_POSTGRES, startTestServer } from '../store/postgres/server-for-tests.ts';
import type { TestServer } from '../store/postgres/server-for-tests.ts';

/*
 * On a folder, and on PostgreSQL, where now and then the database is killed first.
 *
 * Writers type while the server is killed (SIGKILL) again and again. After each kill it starts on the same
 * folder, first on another port, where no writer can reach it: a new client opens the document there, and must
 * find every update and delete that any writer was told to be saved. Then it is killed once more, and comes
 * back where the writers look for it. (A kill leaves the page cache: what a power cut does is another test.)
 *
 * SHEAF_TEST_KILLS sets how many kills there are, SHEAF_TEST_SEED repeats a run.
 */

const DOCUMENT = 'killed';

/** How many acknowledgements before the next kill, and how long after the last of them it falls. */
interface Moment {
  readonly acknowledged: number;
  readonly laterMs: number;
  /** The database dies first. */
  readonly database?: boolean;
}

interface KillRun {
  /** A server that keeps nothing proves that a loss is found. */
  readonly keepsNothing?: boolean;
  /** Keeps everything in a new database of this. */
  readonly postgres?: TestServer;
  readonly composition: Composition;
  readonly perSecond: number;
  readonly moments: readonly Moment[];
}

interface KillResult extends SessionResult {
  readonly kills: number;
  /** Acknowledged updates that were looked for, each once for every look. */
  readonly checked: number;
  readonly findings: readonly string[];
}

/** Plays the composition, and kills the server at each moment. */
class KillDrill {
  readonly #run: KillRun;
  readonly #keeping: Keeping;
  readonly #ledger = new Ledger();
  readonly #findings: string[] = [];
  readonly #stop = new AbortController();
  #server: OwnServer;
  #acknowledged = 0;
  #kills = 0;
  #checked = 0;
  #nextAt: number;
  #pending: Promise<void> = Promise.resolve();

  constructor(run: KillRun, keeping: Keeping, server: OwnServer) {
    this.#run = run;
    this.#keeping = keeping;
    this.#server = server;
    this.#nextAt = run.moments[0]?.acknowledged ?? Infinity;
  }

  async play(): Promise<KillResult> {
    const { composition, perSecond } = this.#run;
    try {
      const result = await replaySession({
        connect: connectHocuspocus,
        url: `${this.#server.url.replace(/^http/, 'ws')}/hocuspocus`,
        document: DOCUMENT,
        composition,
        from: 0,
        resume: false,
        readers: 0,
        perSecond,
        signal: this.#stop.signal,
        onAcknowledged: (indexes) => this.#note(indexes),
      });
      await this.#pending;
      await this.#look(this.#server.url);
      return { ...result, kills: this.#kills, checked: this.#checked, findings: this.#findings };
    } catch (thrown) {
      await this.#pending;
      if (this.#findings.length > 0) throw new Error(this.#findings.join('\n'), { cause: thrown });
      throw thrown;
    } finally {
      await this.#server.kill();
    }
  }

  #note(indexes: readonly number[]): void {
    for (const index of indexes) {
      const update = this.#run.composition.keystrokes[index]?.update;
      if (update != null) this.#ledger.acknowledge(update);
    }
    this.#acknowledged += indexes.length;
    if (this.#acknowledged < this.#nextAt) return;
    this.#nextAt = Infinity;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#pending = promise;
    setTimeout(() => {
      this.#kill().then(resolve, (error: unknown) => {
        this.#findings.push(`kill ${this.#kills}: ${String(error)}`);
        this.#stop.abort();
        resolve();
      });
    }, this.#run.moments[this.#kills]?.laterMs ?? 0);
  }

  async #kill(): Promise<void> {
    const { port } = new URL(this.#server.url);
    const database = this.#run.moments[this.#kills]?.database === true ? this.#run.postgres : undefined;
    if (database !== undefined) {
      // The server meets the outage, and dies while it goes on or has just found the database again.
      await database.kill();
      await database.start();
    }
    await this.#server.kill();
    this.#kills += 1;
    // What it had sent before it died still arrives while this one starts, and counts.
    const aside = await this.#start(0);
    try {
      await this.#look(aside.url);
    } finally {
      await aside.kill();
    }
    this.#server = await this.#start(Number(port));
    const next = this.#run.moments[this.#kills];
    this.#nextAt = next === undefined ? Infinity : this.#acknowledged + next.acknowledged;
  }

  async #start(port: number): Promise<OwnServer> {
    return startOwnServer({ keeping: this.#keeping, port, env: process.env });
  }

  /** Opens the document anew and looks for everything that was acknowledged. */
  async #look(base: string): Promise<void> {
    const url = `${base.replace(/^http/, 'ws')}/hocuspocus`;
    const doc = await openReplica({ connect: connectHocuspocus, url, document: DOCUMENT });
    this.#checked += this.#acknowledged;
    for (const finding of this.#ledger.missingFrom(doc))
      this.#findings.push(`after kill ${this.#kills}: ${finding}`);
  }
}

async function drill(run: KillRun): Promise<KillResult> {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-kill-'));
  try {
    let keeping: Keeping = { kind: 'folder', path: folder };
    if (run.keepsNothing === true) keeping = { kind: 'memory' };
    else if (run.postgres) keeping = { kind: 'database', url: await run.postgres.createDatabase() };
    const server = await startOwnServer({ keeping, env: process.env });
    return await new KillDrill(run, keeping, server).play();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const postgres = await startTestServer();
const clownschool = tracePath('clownschool');

for (const { name, store } of [
  { name: 'a folder', store: {} },
  { name: 'PostgreSQL', store: postgres === null ? null : { postgres } },
]) {
  const absent = store === null && NO_POSTGRES;
  test(
    `three people, killed in the middle, end in the exact text of the recording (${name})`,
    {
      skip: absent || (clownschool === null && 'the recorded sessions are not here'),
    },
    async (context) => {
      const composition = compose(await readTrace(clownschool ?? ''), DOCUMENT);
      const middle = Math.floor(composition.keystrokes.length / 2);
      const moments = [{ acknowledged: middle, laterMs: 0 }];
      const { differences, findings, kills, progress } = await drill({
        ...store,
        composition,
        perSecond: Infinity,
        moments,
      });
      context.diagnostic(`${progress.acknowledged} updates acknowledged, killed after ${middle}`);
      assert.deepEqual(findings, []);
      assert.deepEqual(differences, []);
      assert.equal(kills, 1);
    },
  );

  test(
    `LOG-19, ACK-1: kills at random moments lose nothing that was acknowledged (${name})`,
    { skip: absent },
    async (context) => {
      const kills = Number(process.env['SHEAF_TEST_KILLS'] ?? 5);
      const seed = Number(process.env['SHEAF_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
      context.diagnostic(`SHEAF_TEST_SEED=${seed} SHEAF_TEST_KILLS=${kills}`);
      const random = seededRandom(seed);
      const moments = Array.from({ length: kills }, (_, at) => ({
        acknowledged: 1 + Math.floor(random() * 150),
        laterMs: Math.floor(random() * 60),
        database: store !== null && 'postgres' in store && at % 4 === 1,
      }));
      // While a database starts, people type on, and what they typed is acknowledged in one go when the server is back.
      const beside = ({ database }: Moment): number => (database === true ? 1_000 : 100);
      const keystrokes = moments.reduce((sum, moment) => sum + moment.acknowledged + beside(moment), 200);
      const composition = randomComposition({ people: 3, keystrokes, random });
      const result = await drill({ ...store, composition, perSecond: 200, moments });
      context.diagnostic(
        `${result.kills} kills (and as many of the server that was looked into), ` +
          `${result.progress.acknowledged} updates acknowledged, looked for ${result.checked} times, ` +
          `${result.progress.lostConnections} connections lost`,
      );
      assert.deepEqual(result.findings, []);
      assert.deepEqual(result.differences, []);
      assert.equal(result.kills, kills);
    },
  );
}

test('the drill finds the loss of a server that keeps nothing', async () => {
  const composition = randomComposition({ people: 2, keystrokes: 200, random: seededRandom(1) });
  const moments = [{ acknowledged: 50, laterMs: 0 }];
  const { findings, differences } = await drill({ composition, perSecond: 200, moments, keepsNothing: true });
  assert.match(findings.join('\n'), /after kill 1: client \d+: acknowledged up to \d+, there up to 0/);
  // The writers still had everything, and brought it back.
  assert.deepEqual(differences, []);
});
