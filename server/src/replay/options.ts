import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { SheafError } from '../error.ts';
import { parseDocumentName } from '../store/document-name.ts';
import type { DocumentName } from '../store/document-name.ts';
import { REPLAY_LIMITS } from './limits.ts';
import type { Keeping } from './own-server.ts';

/** What `sheaf replay --help` prints. */
export const REPLAY_HELP = `Usage: sheaf replay TRACE [options]

Replays a recorded editing session (.json or .json.gz) as real clients over real sockets, one for each
person, and checks the text that everybody ends with.

  --url URL          a running server, ws://HOST:PORT/hocuspocus or http://HOST:PORT; without it one is started
  --protocol NAME    hocuspocus (default) or yjs
  --document NAME    the document to type into; the trace's name by default
  --speed N|max      times ${REPLAY_LIMITS.typingPerSecond} transactions a second and person; max (default) waits for acknowledgements only
  --clients N        clients altogether; those beyond one for each person only read
  --from N           puts the first N transactions into the document at once and types the rest
  --until N          ends after N transactions of the trace
  --resume           goes on in a document that holds part of this session
  --data DIR         the own server keeps its documents there, and they stay; otherwise in a folder for this run
  --memory           the own server keeps nothing
  --json             one JSON object on standard output, no progress

Exit code 0: every text is right. 1: one is wrong, or the replay failed. 64: a wrong option.
`;

/** The protocols that a replay speaks. */
export type ReplayProtocol = 'hocuspocus' | 'yjs';

/** The command line of `sheaf replay`, checked. */
export interface ReplayOptions {
  readonly trace: string;
  readonly document: DocumentName;
  readonly protocol: ReplayProtocol;
  /** `null`: a server of its own, kept as `keeping` says. */
  readonly url: string | null;
  readonly keeping: Keeping;
  /** Transactions per second and person. */
  readonly perSecond: number;
  /** `null`: one for each person. */
  readonly clients: number | null;
  readonly from: number;
  /** `null`: to the end. */
  readonly until: number | null;
  readonly resume: boolean;
  readonly json: boolean;
}

const OPTIONS = {
  url: { type: 'string' },
  protocol: { type: 'string' },
  document: { type: 'string' },
  speed: { type: 'string' },
  clients: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  resume: { type: 'boolean' },
  data: { type: 'string' },
  memory: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

function wholeNumber(name: string, text: string | undefined, least: number): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || !Number.isSafeInteger(number))
    throw new SheafError('bad-setting', `--${name} wants a whole number from ${least}, not "${text}".`);
  return number;
}

function perSecond(text = 'max'): number {
  if (text === 'max') return Infinity;
  const speed = Number(text);
  if (!(speed > 0) || speed === Infinity)
    throw new SheafError('bad-setting', `--speed wants a number above 0 or "max", not "${text}".`);
  return speed * REPLAY_LIMITS.typingPerSecond;
}

/** The endpoint that `--url` means: as it is with a path, else the protocol's own path. */
export function endpoint(url: string, protocol: ReplayProtocol): string {
  const parsed = URL.parse(url);
  const schemes: Record<string, string> = { 'ws:': 'ws:', 'wss:': 'wss:', 'http:': 'ws:', 'https:': 'wss:' };
  const scheme = parsed === null ? undefined : schemes[parsed.protocol];
  if (parsed === null || scheme === undefined)
    throw new SheafError('bad-setting', `--url wants ws://HOST:PORT/PATH or http://HOST:PORT, not "${url}".`);
  const path = parsed.pathname.replace(/\/+$/, '');
  const known = path.endsWith('/hocuspocus') || path.endsWith('/yjs');
  // An address with a path of its own is another product's endpoint: only http names a server as a whole.
  const whole = parsed.protocol.startsWith('http') && !known;
  return `${scheme}//${parsed.host}${whole ? `${path}/${protocol}` : path}`;
}

/** The base address, for `/metrics`, of the server that has this endpoint. */
export function serverBase(address: string): string {
  return address.replace(/^ws/, 'http').replace(/\/(hocuspocus|yjs)$/, '');
}

/** Reads a command line. `null` asks for help. Throws `bad-setting` or `bad-name` with words for a person. */
export function parseReplayOptions(argv: readonly string[]): ReplayOptions | null {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (thrown) {
    throw SheafError.from(thrown, 'bad-setting');
  }
  const { values, positionals } = parsed;
  if (values.help === true) return null;
  const [trace, ...more] = positionals;
  if (trace === undefined || more.length > 0)
    throw new SheafError('bad-setting', 'One trace is wanted: sheaf replay TRACE [options].');
  const { protocol = 'hocuspocus', data, memory = false, url = null, resume = false } = values;
  if (protocol !== 'hocuspocus' && protocol !== 'yjs')
    throw new SheafError('bad-setting', `--protocol is hocuspocus or yjs, not "${protocol}".`);
  if (url !== null && (data !== undefined || memory))
    throw new SheafError(
      'bad-setting',
      '--data and --memory are for an own server, --url names another one.',
    );
  if (data !== undefined && memory)
    throw new SheafError('bad-setting', '--data keeps the documents, --memory keeps nothing: one of them.');
  if (resume && url === null && data === undefined)
    throw new SheafError(
      'bad-setting',
      '--resume wants --url or --data: elsewhere nothing is left to go on with.',
    );
  let keeping: Keeping = { kind: 'temporary' };
  if (data !== undefined) keeping = { kind: 'folder', path: data };
  else if (memory) keeping = { kind: 'memory' };
  return {
    trace,
    document: parseDocumentName(
      values.document ?? (basename(trace).replace(/\.json(\.gz)?$/, '') || 'replay'),
    ),
    protocol,
    url: url === null ? null : endpoint(url, protocol),
    keeping,
    perSecond: perSecond(values.speed),
    clients: wholeNumber('clients', values.clients, 1),
    from: wholeNumber('from', values.from, 0) ?? 0,
    until: wholeNumber('until', values.until, 0),
    resume,
    json: values.json ?? false,
  };
}
