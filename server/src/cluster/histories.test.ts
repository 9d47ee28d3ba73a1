import { Code, ConnectError } from '@connectrpc/connect';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Documents } from '../document/documents.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { parseDocumentName } from '../store/document-name.ts';
import { decodeEntries, encodeEntries } from '../store/entries.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import { hashEntries } from '../store/segments.ts';
import { Histories } from './histories.ts';
import { parseNodeId } from './identity.ts';
import type { Remote } from './remote.ts';

const PLAN = parseDocumentName('plan');
const [A, B, C] = ['a', 'b', 'c'].map(parseNodeId);
const DAY_MS = 86_400_000;
const NOW = 1_000 * DAY_MS;

/** A segment by one author, as a node tells it in two chunks. */
function segment(author: string, time = NOW): object[] {
  const entries = encodeEntries([1, 2].map((at) => ({ update: Uint8Array.of(at), author, time })));
  const head = { size: BigInt(entries.length), hash: hashEntries(entries), count: 2 };
  const rest = { size: 0n, hash: new Uint8Array(), count: 0 };
  return [
    { ...head, data: entries.subarray(0, 3) },
    { ...rest, data: entries.subarray(3) },
  ];
}

/** What is taken, the newest first, when these nodes tell this of a document that both have brought. */
async function taken(told: Readonly<Record<string, readonly (object | Error)[]>>): Promise<{
  authors: string[];
  asked: string[];
  reports: number;
}> {
  const [authors, asked]: [string[], string[]] = [[], []];
  let reports = 0;
  const store = openMemoryStore();
  const documents = new Documents({ store, limits: DEFAULT_LIMITS, report: () => {} });
  const ended = Promise.withResolvers<void>();
  const histories = new Histories({
    documents,
    log: store.log,
    earlier: {
      prepend: (_name, { entries }) => {
        authors.push(decodeEntries(entries)[0]?.author ?? '');
        return Promise.resolve();
      },
    },
    limits: { ...DEFAULT_LIMITS, historyDays: 100 },
    remote: (node) => {
      asked.push(node);
      async function* fetchHistory(): AsyncGenerator<object> {
        for (const chunk of told[node] ?? [])
          if (chunk instanceof Error) throw chunk;
          else yield chunk;
        if (node === C) ended.resolve();
      }
      // The one call of it that is made.
      return { client: { fetchHistory } } as unknown as Remote;
    },
    time: () => NOW,
    report: () => (reports += 1),
  });
  for (const node of [A, B]) if (node !== undefined) histories.brought(PLAN, node);
  // One document after another: when the last was asked for, the first is done.
  if (C !== undefined) histories.brought(parseDocumentName('behind it'), C);
  await ended.promise;
  await documents.close();
  return { authors, asked, reports };
}

const cut = new ConnectError('cut', Code.Unavailable);

test('REPL-19 when a node fails, the next goes on where it was', async () => {
  const found = await taken({
    a: [...segment('newest'), ...segment('middle'), cut],
    b: [...segment('later'), ...segment('newest'), ...segment('middle'), ...segment('oldest')],
  });
  assert.deepEqual(found, { authors: ['newest', 'middle', 'oldest'], asked: ['a', 'b', 'c'], reports: 1 });
});

test('REPL-19 what is no segment is not taken, whatever a node says', async () => {
  const [head, rest] = segment('x');
  for (const bad of [
    [{ ...head, count: 3 }, rest],
    [{ ...head, hash: new Uint8Array(32) }, rest],
    [head, ...segment('y')],
    [head],
    [rest],
    [head, rest, rest],
    [{ ...head, size: BigInt(2 ** 40) }, rest],
  ]) {
    const { authors, reports } = await taken({ a: bad.filter((chunk) => chunk !== undefined), b: [] });
    assert.deepEqual(
      authors.filter((author) => author !== 'x'),
      [],
    );
    assert.equal(reports, 1);
  }
});

test('REPL-19 history is fetched as far as it is kept, and not of what was deleted or from a node that has no such call', async () => {
  const old = await taken({
    a: [...segment('kept'), ...segment('old', NOW - 101 * DAY_MS), ...segment('x')],
  });
  assert.deepEqual(old, { authors: ['kept'], asked: ['a', 'c'], reports: 0 });
  const gone = await taken({ a: [new ConnectError('deleted', Code.NotFound)], b: segment('x') });
  assert.deepEqual(gone, { authors: [], asked: ['a', 'c'], reports: 0 });
  const older = await taken({ a: [new ConnectError('what?', Code.Unimplemented)], b: segment('x') });
  assert.deepEqual(older, { authors: ['x'], asked: ['a', 'b', 'c'], reports: 0 });
});
