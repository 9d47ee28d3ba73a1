import type { Findings } from './examine.ts';
import { DOCTOR_LIMITS } from './limits.ts';
import type { RungFinding, RungName } from './rung.ts';

/** What can be mended in a proxy's configuration, or in ours. */
export type Problem =
  /** WebSockets do not pass. */
  | 'websocket'
  /** Answers are held back until they end, or come late. */
  | 'buffering'
  /** What is silent for a while is cut. */
  | 'idle'
  /** Larger bodies are refused. */
  | 'body'
  /** The server does not learn whose requests they are. */
  | 'address'
  /** The server does not learn, or does not know, by which name people come. */
  | 'host';

/** What the findings mean. */
export interface Verdict {
  /** The best rung that works; null if none does. */
  readonly best: RungName | null;
  /** Whether nothing is wrong with WebSockets. */
  readonly fine: boolean;
  readonly problems: readonly Problem[];
  /** 0: WebSockets are fine. 1: it works, by another rung or with cuts. 2: nothing works. */
  readonly exitCode: 0 | 1 | 2;
}

/** Judges what was found. */
export function judge(findings: Findings): Verdict {
  const best = findings.rungs.find(({ works }) => works)?.rung ?? null;
  const websocket = findings.rungs.find(({ rung }) => rung === 'websocket');
  const fine = websocket !== undefined && websocket.works && websocket.problem === null;
  const problems = new Set<Problem>();
  for (const finding of findings.rungs) {
    const problem = problemOf(finding);
    if (problem !== null) problems.add(problem);
  }
  if (findings.reach.words.includes('SHEAF_')) problems.add('host');
  if (findings.body !== null && !findings.body.works) problems.add('body');
  if (losesAddress(findings)) problems.add('address');
  return { best, fine, problems: [...problems], exitCode: fine ? 0 : best === null ? 2 : 1 };
}

function problemOf({ rung, problem }: RungFinding): Problem | null {
  switch (problem) {
    case 'origin':
      return 'host';
    case 'idle':
      return 'idle';
    case 'held':
    case 'late':
      return 'buffering';
    case 'refused':
    case 'silent':
      return rung === 'websocket' ? 'websocket' : rung === 'sse' ? 'buffering' : null;
    case 'network':
      return rung === 'websocket' ? 'websocket' : null;
    case null:
      return null;
  }
}

/** Only where somebody stands between is there anybody who could tell. */
function losesAddress({ reach, seen, tls }: Findings): boolean {
  if (seen === null) return false;
  if (seen.forwardedFor) return !seen.trusted;
  // The server itself speaks no TLS and names nobody.
  return tls !== null || reach.proxies.length > 0;
}

/** Whether the server's clock is so far off that tokens end at the wrong time. */
export function clockIsOff(clockMs: number | null): boolean {
  return clockMs !== null && Math.abs(clockMs) > DOCTOR_LIMITS.clockMs;
}
