import { SheafError } from '../error.ts';
import { compose } from './composition.ts';
import { connectHocuspocus } from './hocuspocus-client.ts';
import { REPLAY_LIMITS } from './limits.ts';
import { parseReplayOptions, REPLAY_HELP, serverBase } from './options.ts';
import type { ReplayOptions } from './options.ts';
import { serverResidentBytes, startOwnServer } from './own-server.ts';
import type { OwnServer } from './own-server.ts';
import { NO_PROGRESS, showProgress } from './progress.ts';
import type { ProgressDisplay, Screen } from './progress.ts';
import { describeReport, makeReport } from './report.ts';
import type { Report } from './report.ts';
import { replaySession } from './session.ts';
import { readTrace } from './trace.ts';
import { connectYWebsocket } from './y-websocket-client.ts';

/** What a command gets from the process that runs it; `process` itself will do. */
export interface CommandIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: Screen;
  readonly env: NodeJS.ProcessEnv;
}

const EXIT_FAILED = 1;
/** What sysexits.h calls a command that was used wrongly. */
const EXIT_USAGE = 64;

/** How many clients only read. Throws `bad-setting` when there are too few for the people of the trace. */
function readersOf({ clients }: ReplayOptions, people: number): number {
  if (clients === null) return 0;
  if (clients < people)
    throw new SheafError(
      'bad-setting',
      `--clients ${clients}: the trace has ${people} people, one client for each.`,
    );
  if (clients > REPLAY_LIMITS.clients)
    throw new SheafError('bad-setting', `--clients: at most ${REPLAY_LIMITS.clients}.`);
  return clients - people;
}

async function replay(options: ReplayOptions, io: CommandIo, signal: AbortSignal): Promise<Report> {
  const trace = await readTrace(options.trace);
  const readers = readersOf(options, trace.people);
  const until = options.until ?? trace.transactions.length;
  if (options.from > until || until > trace.transactions.length)
    throw new SheafError(
      'bad-setting',
      `--from and --until: the trace has ${trace.transactions.length} transactions.`,
    );
  if (!options.json)
    io.stderr.write(`Replaying ${until.toLocaleString('en')} transactions of ${trace.people} people.\n`);
  const composition = compose(trace, options.document, until);
  let server: OwnServer | null = null;
  let display: ProgressDisplay = NO_PROGRESS;
  try {
    if (options.url === null) server = await startOwnServer({ keeping: options.keeping, env: io.env });
    const base = server === null ? serverBase(options.url ?? '') : server.url;
    const url =
      server === null ? (options.url ?? '') : `${server.url.replace(/^http/, 'ws')}/${options.protocol}`;
    const pid = server === null ? null : server.pid;
    const serverResidentBefore = await serverResidentBytes(base, pid);
    const result = await replaySession({
      connect: options.protocol === 'yjs' ? connectYWebsocket : connectHocuspocus,
      url,
      document: options.document,
      composition,
      from: options.from,
      resume: options.resume,
      readers,
      perSecond: options.perSecond,
      signal,
      onStart: (read) => {
        if (!options.json) display = showProgress(io.stderr, read);
      },
      onLost: (person) => display.say(`Client ${person + 1} lost its connection; it tries again.`),
    });
    display.stop();
    display = NO_PROGRESS;
    return makeReport({
      trace: options.trace,
      document: options.document,
      protocol: options.protocol,
      url,
      people: trace.people,
      readers,
      perSecond: options.perSecond,
      result,
      serverResidentBefore,
      serverResidentAfter: await serverResidentBytes(base, pid),
      bytesOnDisk: server === null ? null : await server.bytesOnDisk(),
    });
  } finally {
    display.stop();
    await server?.stop();
  }
}

/**
 * `sheaf replay TRACE …`: replays a recorded session, prints the report on standard output (progress and errors
 * on standard error), and resolves with the exit code: 0 when every text is right, 1 when one is wrong or the
 * replay failed, 64 for a wrong option. SIGINT and SIGTERM stop it in order.
 */
export async function replayCommand(argv: string[], io: CommandIo): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const options = parseReplayOptions(argv);
    if (options === null) {
      io.stdout.write(REPLAY_HELP);
      return 0;
    }
    const report = await replay(options, io, stop.signal);
    io.stdout.write(options.json ? `${JSON.stringify(report)}\n` : describeReport(report));
    return report.right ? 0 : EXIT_FAILED;
  } catch (thrown) {
    const error = SheafError.from(thrown);
    io.stderr.write(`sheaf replay: ${error.message}\n`);
    return error.code === 'bad-setting' || error.code === 'bad-name' ? EXIT_USAGE : EXIT_FAILED;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
