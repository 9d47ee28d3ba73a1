import type { ReplayProtocol } from './options.ts';
import type { Difference, SessionResult } from './session.ts';

/** Quantiles of a latency, ms; `null` when nothing was measured. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Nearest-rank quantiles. */
export function quantiles(samples: readonly number[]): Quantiles | null {
  const sorted = Float64Array.from(samples).sort();
  const max = sorted.at(-1);
  if (max === undefined) return null;
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? max;
  return { p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max };
}

/** What a report is made of, beside the session's result. */
export interface ReportInput {
  readonly trace: string;
  readonly document: string;
  readonly protocol: ReplayProtocol;
  readonly url: string;
  readonly people: number;
  readonly readers: number;
  readonly perSecond: number;
  readonly result: SessionResult;
  readonly serverResidentBefore: number | null;
  readonly serverResidentAfter: number | null;
  readonly bytesOnDisk: number | null;
}

/** The report for programs: units stand in the keys; `null` where a figure is not to be had. */
export interface Report {
  readonly trace: string;
  readonly document: string;
  readonly protocol: ReplayProtocol;
  readonly url: string;
  readonly people: number;
  readonly readers: number;
  /** Per person; `null` is as fast as acknowledgements come. */
  readonly typingPerSecond: number | null;
  readonly right: boolean;
  readonly differences: readonly Difference[];
  readonly transactions: number;
  readonly updates: number;
  readonly seconds: number;
  readonly updatesPerSecond: number;
  readonly lostConnections: number;
  /** What an acknowledgement is: the server's word, or the arrival at another client (`yjs` has no such word). */
  readonly acknowledgedBy: 'sync-status' | 'arrival-at-another-client';
  readonly acknowledgementMs: Quantiles | null;
  readonly sentBytes: number;
  readonly sentMessages: number;
  readonly receivedBytes: number;
  readonly receivedMessages: number;
  readonly documentEncodedBytes: number;
  readonly textUtf16Units: number;
  readonly serverResidentBytesBefore: number | null;
  readonly serverResidentBytesAfter: number | null;
  readonly serverDiskBytes: number | null;
}

/** The report of a finished replay. */
export function makeReport(input: ReportInput): Report {
  const { trace, document, protocol, url, people, readers, result } = input;
  const { progress, wire } = result;
  const seconds = result.typingMs / 1_000;
  return {
    trace,
    document,
    protocol,
    url,
    people,
    readers,
    typingPerSecond: input.perSecond === Infinity ? null : input.perSecond,
    right: result.differences.length === 0,
    differences: result.differences,
    transactions: progress.played,
    updates: progress.sent,
    seconds,
    updatesPerSecond: seconds > 0 ? progress.sent / seconds : 0,
    lostConnections: progress.lostConnections,
    acknowledgedBy: protocol === 'yjs' ? 'arrival-at-another-client' : 'sync-status',
    acknowledgementMs: quantiles(result.latencies),
    ...wire,
    documentEncodedBytes: result.encodedBytes,
    textUtf16Units: result.textUnits,
    serverResidentBytesBefore: input.serverResidentBefore,
    serverResidentBytesAfter: input.serverResidentAfter,
    serverDiskBytes: input.bytesOnDisk,
  };
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function bytes(value: number | null): string {
  if (value === null) return 'not known';
  if (value < 10_000) return `${number(value)} B`;
  if (value < 10_000_000) return `${number(value / 1_024)} KiB`;
  return `${number(value / 1_048_576)} MiB`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

function verdict({ differences }: Report): string[] {
  if (differences.length === 0) return ['The text is exactly right everywhere.'];
  return differences.flatMap(({ who, at, expected, found }) => [
    `WRONG TEXT: ${who} differs at UTF-16 unit ${at}`,
    `  expected ${JSON.stringify(expected)}`,
    `  found    ${JSON.stringify(found)}`,
  ]);
}

/** The report for people, lines ending in a newline. */
export function describeReport(report: Report): string {
  const latency = report.acknowledgementMs;
  const rows: [string, string][] = [
    ['document', `${report.document} on ${report.url}`],
    ['people', `${report.people} typing, ${report.readers} more reading`],
    ['transactions', number(report.transactions)],
    [
      'updates sent',
      `${number(report.updates)} in ${report.seconds.toFixed(1)} s, ${number(report.updatesPerSecond)} a second`,
    ],
    [
      report.protocol === 'yjs' ? 'seen by another' : 'acknowledged',
      latency === null
        ? 'nothing was sent'
        : `p50 ${milliseconds(latency.p50)}, p95 ${milliseconds(latency.p95)}, p99 ${milliseconds(latency.p99)}, max ${milliseconds(latency.max)}`,
    ],
    ['lost connections', number(report.lostConnections)],
    [
      'on the wire',
      `${bytes(report.sentBytes)} up in ${number(report.sentMessages)} messages, ${bytes(report.receivedBytes)} down in ${number(report.receivedMessages)}`,
    ],
    [
      'document',
      `${bytes(report.documentEncodedBytes)} encoded, ${number(report.textUtf16Units)} UTF-16 units of text`,
    ],
    [
      'server memory',
      `${bytes(report.serverResidentBytesBefore)} before, ${bytes(report.serverResidentBytesAfter)} after`,
    ],
    ['on disk', bytes(report.serverDiskBytes)],
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(18)}${value}`);
  return `${[...lines, '', ...verdict(report)].join('\n')}\n`;
}
