import { relative } from 'node:path';
import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';
import { encodeOutcome } from './outcome.ts';

/** What Node itself says at the end of a file. */
const SUMMARY = /^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/;

/** A reporter for node:test: writes each test's outcome as a line, for the script that adds them up. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const names: string[] = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      names.length = data.nesting;
      names.push(data.name);
    }
    if (type === 'test:diagnostic' && !SUMMARY.test(data.message))
      yield encodeOutcome({ outcome: 'told', title: data.message, detail: '' });
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const file = relative(process.cwd(), data.file ?? '');
    const title = [file, ...names.slice(0, data.nesting), data.name].join(' › ');
    const reason = data.skip ?? data.todo;
    if (reason !== undefined) {
      yield encodeOutcome({ outcome: 'skipped', title, detail: typeof reason === 'string' ? reason : '' });
    } else if (type === 'test:fail') {
      const { error } = data.details;
      // The failed subtest has its own line.
      if ('failureType' in error && error.failureType === 'subtestsFailed') continue;
      yield encodeOutcome({ outcome: 'failed', title, detail: inspect(error.cause ?? error) });
    } else if (data.details.type !== 'suite') {
      yield encodeOutcome({ outcome: 'passed', title, detail: '' });
    }
  }
}
