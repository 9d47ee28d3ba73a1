import { SheafError } from '../error.ts';
import { examine } from './examine.ts';
import { DOCTOR_HELP, parseDoctorOptions } from './options.ts';
import { describe } from './report.ts';
import { remediesFor } from './remedies.ts';
import { judge } from './verdict.ts';

/** What the command gets from the process that runs it; `process` itself will do. */
export interface DoctorIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** What sysexits.h calls a command that was used wrongly. */
const EXIT_USAGE = 64;
/** The same as of a deployment where nothing works: nothing is known to. */
const EXIT_FAILED = 2;

/**
 * `sheaf doctor URL`: examines a deployment from here, prints what was found on standard output, and resolves with the
 * exit code: 0 when WebSockets are fine, 1 when pages work all the same, 2 when they don't, 64 for a wrong option.
 * SIGINT and SIGTERM end it.
 */
export async function doctorCommand(argv: string[], io: DoctorIo): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const options = parseDoctorOptions(argv);
    if (options === null) {
      io.stdout.write(DOCTOR_HELP);
      return 0;
    }
    const { route, json } = options;
    if (!json) io.stderr.write('Looking at the ways to the server, which takes some 15 seconds …\n');
    const instruments = { now: () => performance.now(), clock: Date.now, signal: stop.signal };
    const findings = await examine(route, instruments);
    const verdict = judge(findings);
    const remedies = remediesFor(findings.reach.proxies, verdict.problems);
    io.stdout.write(
      json
        ? `${JSON.stringify({ url: route.target.href, ...verdict, ...findings, remedies })}\n`
        : describe(route, findings, verdict),
    );
    return verdict.exitCode;
  } catch (thrown) {
    const error = SheafError.from(thrown);
    io.stderr.write(`sheaf doctor: ${error.message}\n`);
    return error.code === 'bad-setting' ? EXIT_USAGE : EXIT_FAILED;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
