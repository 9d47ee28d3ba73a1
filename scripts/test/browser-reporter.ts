import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { encodeOutcome, OUTCOMES_FILE } from './outcome.ts';
import type { Outcome } from './outcome.ts';

/** A reporter for Playwright: writes each test's outcome as a line, for the script that adds them up. */
export default class BrowserReporter implements Reporter {
  #suite: Suite | undefined;
  readonly #errors: TestError[] = [];

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#suite = suite;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const { outcome, title } = outcomeOf(test);
    const seconds = (result.duration / 1000).toFixed(1);
    const figures = test.annotations.filter(({ type }) => type === 'measured');
    const measured = figures.map(({ description = '' }) => `: ${description}`).join('');
    if (outcome !== 'skipped')
      console.log(`${outcome === 'passed' ? 'ok  ' : 'FAIL'} ${title} (${seconds} s)${measured}`);
  }

  /** An error outside of any test, such as a file that cannot be loaded. */
  onError(error: TestError): void {
    this.#errors.push(error);
  }

  onEnd(_result: FullResult): void {
    for (const test of this.#suite?.allTests() ?? []) this.#write(outcomeOf(test));
    for (const error of this.#errors) {
      this.#write({ outcome: 'failed', title: 'e2e', detail: wordsOf(error) });
    }
  }

  #write(outcome: Outcome): void {
    const file = process.env[OUTCOMES_FILE];
    if (file !== undefined) appendFileSync(file, encodeOutcome(outcome));
  }
}

function outcomeOf(test: TestCase): Outcome {
  // Without the root and the file, which comes first as a path; the usual project is not named.
  const [, project = '', , ...titles] = test.titlePath();
  const form = project === 'one' ? [] : [project];
  const title = [relative(process.cwd(), test.location.file), ...form, ...titles].join(' › ');
  if (test.outcome() === 'expected') return { outcome: 'passed', title, detail: '' };
  if (test.outcome() === 'skipped') {
    const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
    return { outcome: 'skipped', title, detail: reason ?? '' };
  }
  const errors = test.results.flatMap((result) => result.errors.map(wordsOf));
  return { outcome: 'failed', title, detail: errors.join('\n') || 'It did not end as expected.' };
}

function wordsOf({ message, value, location, snippet }: TestError): string {
  const place = location === undefined ? [] : [`${location.file}:${String(location.line)}`];
  const lines = [message ?? value ?? 'unknown error', ...place, ...(snippet === undefined ? [] : [snippet])];
  return stripVTControlCharacters(lines.join('\n'));
}
