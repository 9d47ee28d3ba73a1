import { REPLAY_LIMITS } from './limits.ts';
import type { Progress } from './player.ts';

/** Where progress is shown. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** A running display of a replay. */
export interface ProgressDisplay {
  /** A line of its own, above the bar. */
  say(line: string): void;
  stop(): void;
}

const BAR_COLUMNS = 20;

function percent({ played, total }: Progress): number {
  return total === 0 ? 100 : Math.floor((played / total) * 100);
}

function figures(progress: Progress, seconds: number): string {
  const rate = seconds > 0 ? Math.round(progress.acknowledged / seconds) : 0;
  const of = `${progress.played.toLocaleString('en')} of ${progress.total.toLocaleString('en')} transactions`;
  return `${percent(progress)} %  ${of}, ${rate.toLocaleString('en')} a second`;
}

function bar(progress: Progress): string {
  const full = Math.floor((percent(progress) / 100) * BAR_COLUMNS);
  return `[${'█'.repeat(full)}${'·'.repeat(BAR_COLUMNS - full)}]`;
}

/** Shows nothing. */
export const NO_PROGRESS: ProgressDisplay = { say: () => {}, stop: () => {} };

/** Shows `read()` (the rate is of acknowledged updates) on `screen` until stopped: a bar on a terminal, now and then a line elsewhere. */
export function showProgress(screen: Screen, read: () => Progress): ProgressDisplay {
  const terminal = screen.isTTY === true;
  const started = performance.now();
  const draw = (): void => {
    const progress = read();
    const seconds = (performance.now() - started) / 1_000;
    const line = terminal
      ? `\r\u001b[K${`${bar(progress)} ${figures(progress, seconds)}`.slice(0, (screen.columns ?? 100) - 1)}`
      : `${figures(progress, seconds)}\n`;
    screen.write(line);
  };
  if (terminal) draw();
  const timer = setInterval(draw, terminal ? REPLAY_LIMITS.barMs : REPLAY_LIMITS.lineMs);
  return {
    say(line) {
      screen.write(terminal ? `\r\u001b[K${line}\n` : `${line}\n`);
      if (terminal) draw();
    },
    stop() {
      clearInterval(timer);
      draw();
      if (terminal) screen.write('\n');
    },
  };
}
