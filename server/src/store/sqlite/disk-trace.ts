import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/*
 * Reads what strace wrote of a program's calls to the kernel, and rebuilds the files of its data folder as a
 * disk would hold them after a power cut: with what was synced, and with none or some of the rest.
 */

/** strace and its options; the output is what {@link readTrace} reads. */
export function straceTo(output: string): string[] {
  const calls = 'openat,pwrite64,write,fdatasync,fsync,ftruncate,unlink';
  return ['strace', '-f', '-qq', '-y', '-xx', '-s', '1000000', '-o', output, '-e', `trace=${calls}`];
}

/** A call, in the order in which they ended; `began` is where it stood when it began. */
export type DiskEvent = { readonly began: number; readonly ended: number } & (
  | { readonly kind: 'create' | 'unlink' | 'sync'; readonly file: string }
  | { readonly kind: 'write'; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly size: number }
  | { readonly kind: 'said'; readonly text: string }
);

/** What was done to the files in `folder`, to the folder ('.'), and what was said on standard output. */
export function readTrace(trace: string, folder: string): DiskEvent[] {
  const begun = new Map<string, { text: string; began: number }>();
  const events: DiskEvent[] = [];
  for (const [index, line] of trace.split('\n').entries()) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const unfinished = / <unfinished \.\.\.>$/.exec(rest);
    if (unfinished !== null) {
      begun.set(thread, { text: rest.slice(0, unfinished.index), began: index });
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>/.exec(rest);
    const start = resumed === null ? { text: '', began: index } : begun.get(thread);
    if (start === undefined) continue;
    const event = readCall(start.text + rest.slice(resumed?.[0].length ?? 0), folder);
    if (event !== null) events.push({ ...event, began: start.began, ended: index });
  }
  return events;
}

type Call = DiskEvent extends infer Event
  ? Event extends DiskEvent
    ? Omit<Event, 'began' | 'ended'>
    : never
  : never;

function readCall(call: string, folder: string): Call | null {
  const [, name = '', inside = '', result = ''] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(call) ?? [];
  if (result === '' || result.startsWith('-')) return null;
  const descriptor = /^(\d+)<([^>]*)>(?:\(deleted\))?/.exec(inside);
  const file = within(unescape(descriptor?.[2] ?? '').toString(), folder);
  const quoted = /"((?:\\x[0-9a-f]{2})*)"/.exec(inside)?.[1] ?? '';
  switch (name) {
    case 'openat': {
      const created = within(unescape(quoted).toString(), folder);
      return created !== null && inside.includes('O_CREAT') ? { kind: 'create', file: created } : null;
    }
    case 'unlink': {
      const gone = within(unescape(quoted).toString(), folder);
      return gone === null ? null : { kind: 'unlink', file: gone };
    }
    case 'pwrite64': {
      const at = Number(/, (\d+)$/.exec(inside)?.[1]);
      return file === null ? null : { kind: 'write', file, at, bytes: unescape(quoted) };
    }
    case 'ftruncate':
      return file === null ? null : { kind: 'truncate', file, size: Number(/, (\d+)$/.exec(inside)?.[1]) };
    case 'fsync':
    case 'fdatasync':
      return file === null ? null : { kind: 'sync', file };
    case 'write':
      return descriptor?.[1] === '1' ? { kind: 'said', text: unescape(quoted).toString() } : null;
    default:
      return null;
  }
}

function unescape(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

function within(path: string, folder: string): string | null {
  if (path === folder) return '.';
  return dirname(path) === folder ? basename(path) : null;
}

/** Whether a sync of the same file began after the event and ended before `cut`. */
function synced(events: readonly DiskEvent[], event: DiskEvent & { file: string }, cut: number): boolean {
  const covers = event.kind === 'create' || event.kind === 'unlink' ? [event.file, '.'] : [event.file];
  return events.some(
    (other) =>
      other.kind === 'sync' && covers.includes(other.file) && other.began > event.ended && other.ended < cut,
  );
}

/** Lines said before `cut` and after the one before for which a write to the log was not yet synced. */
export function unsyncedAcknowledgements(events: readonly DiskEvent[], log: string): string[] {
  const findings: string[] = [];
  let writes: DiskEvent[] = [];
  for (const event of events) {
    if (event.kind === 'write' && event.file === log) writes.push(event);
    if (event.kind === 'sync' && event.file === log)
      writes = writes.filter(({ ended }) => ended >= event.began);
    if (event.kind !== 'said' || !event.text.startsWith('ack')) continue;
    if (writes.some(({ began }) => began < event.began)) findings.push(event.text);
  }
  return findings;
}

/**
 * Writes to `target` the files as a disk holds them whose power was cut at `cut`: all that was synced, and of the
 * rest, in its order, what `keeps` picks; a picked write may be torn, in sectors of 512 bytes.
 */
export function rebuildFolder(options: {
  readonly events: readonly DiskEvent[];
  readonly cut: number;
  readonly target: string;
  readonly keeps: () => boolean;
}): void {
  const { events, cut, target, keeps } = options;
  const files = new Map<string, Buffer>();
  for (const event of events) {
    if (event.ended >= cut || event.kind === 'sync' || event.kind === 'said') continue;
    // The wal-index is rebuilt at every start after a crash; it is mapped memory, which no trace shows.
    if (event.file.endsWith('-shm')) continue;
    const kept = synced(events, event, cut);
    applyEvent(files, event, kept ? () => true : keeps);
  }
  mkdirSync(target, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(target, name), bytes);
}

const SECTOR_BYTES = 512;

function applyEvent(files: Map<string, Buffer>, event: DiskEvent, keeps: () => boolean): void {
  switch (event.kind) {
    case 'create':
      // A file is there as soon as anything of it is: its name goes into the journal with its first sync.
      if (!files.has(event.file) && keeps()) files.set(event.file, Buffer.alloc(0));
      return;
    case 'unlink':
      if (keeps()) files.delete(event.file);
      return;
    case 'truncate':
      if (keeps()) files.set(event.file, resize(files.get(event.file), event.size));
      return;
    case 'write':
      for (let from = 0; from < event.bytes.length; from += SECTOR_BYTES) {
        if (!keeps()) continue;
        const sector = event.bytes.subarray(from, from + SECTOR_BYTES);
        const end = event.at + from + sector.length;
        const before = files.get(event.file);
        const file = before === undefined || before.length < end ? resize(before, end) : before;
        sector.copy(file, event.at + from);
        files.set(event.file, file);
      }
      return;
    default:
      return;
  }
}

function resize(before: Buffer | undefined, size: number): Buffer {
  const file = Buffer.alloc(size);
  before?.copy(file, 0, 0, Math.min(size, before.length));
  return file;
}
