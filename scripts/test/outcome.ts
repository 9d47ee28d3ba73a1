/** How one test of either runner ended, as its reporter writes it: one line of JSON in a file. */
export interface Outcome {
  /** `told` is no test: it is what one says for the log, such as a figure that is held to a bound. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'told';
  /** The file, from the repository's folder, and the names that lead to the test. */
  readonly title: string;
  /** Why it was skipped, or how it failed, in as many lines as it takes. */
  readonly detail: string;
}

/** Environment variable that tells Playwright's reporter which file to write outcomes to. */
export const OUTCOMES_FILE = 'SHEAF_TEST_OUTCOMES';

/** One line of an outcomes file. */
export function encodeOutcome(outcome: Outcome): string {
  return `${JSON.stringify(outcome)}\n`;
}

/** What a reporter wrote; a last line that was cut off by a crash is left out. */
export function decodeOutcomes(text: string): Outcome[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  // Written by encodeOutcome in a process that we started.
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Outcome);
}
