import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { SheafError } from '../error.ts';
import { parseTrace, readTrace } from './trace.ts';

const SEQUENTIAL = {
  startContent: '',
  endContent: 'hi',
  txns: [{ time: '', patches: [[0, 0, 'h']] }, { patches: [[1, 0, 'i']] }],
};

function malformed(value: unknown, words: RegExp): void {
  assert.throws(
    () => parseTrace(JSON.stringify(value)),
    (error) => error instanceof SheafError && error.code === 'malformed' && words.test(error.message),
  );
}

test('a sequential trace is one person, each transaction after the one before', () => {
  assert.deepEqual(parseTrace(JSON.stringify(SEQUENTIAL)), {
    people: 1,
    endContent: 'hi',
    transactions: [
      { person: 0, parents: [], patches: [{ position: 0, deleted: 0, inserted: 'h' }] },
      { person: 0, parents: [0], patches: [{ position: 1, deleted: 0, inserted: 'i' }] },
    ],
  });
});

test('a concurrent trace keeps people and parents', () => {
  const { people, transactions } = parseTrace(
    JSON.stringify({
      numAgents: 2,
      endContent: '',
      txns: [
        { agent: 0, parents: [], patches: [] },
        { agent: 1, parents: [], patches: [] },
        { agent: 0, parents: [0, 1], patches: [] },
      ],
    }),
  );
  assert.equal(people, 2);
  assert.deepEqual(transactions.at(-1), { person: 0, parents: [0, 1], patches: [] });
});

test('the text that a session began with is typed first', () => {
  const { transactions } = parseTrace(JSON.stringify({ ...SEQUENTIAL, startContent: 'so: ' }));
  assert.deepEqual(
    transactions.map(({ parents, patches }) => [parents, patches[0]?.inserted]),
    [
      [[], 'so: '],
      [[0], 'h'],
      [[1], 'i'],
    ],
  );
});

test('what is no trace is refused with the place', () => {
  assert.throws(() => parseTrace('{'), /it is not JSON/);
  malformed([], /the file is not an object/);
  malformed({ ...SEQUENTIAL, txns: 1 }, /txns is not a list/);
  malformed({ ...SEQUENTIAL, numAgents: 0 }, /numAgents is not between/);
  malformed(
    { ...SEQUENTIAL, txns: [{ patches: [[-1, 0, 'x']] }] },
    /txns\[0\]\.patches\[0\]\[0\] is not a whole/,
  );
  malformed({ ...SEQUENTIAL, txns: [{ patches: [[0, 0]] }] }, /patches\[0\] is not \[position/);
  malformed({ ...SEQUENTIAL, txns: [{ patches: [[0, 0, '\ud83d']] }] }, /half of a surrogate pair/);
  malformed({ ...SEQUENTIAL, txns: [{ agent: 1, patches: [] }] }, /is not one of the 1 people/);
  malformed({ ...SEQUENTIAL, txns: [{ parents: [0], patches: [] }] }, /does not come before it/);
});

test('a trace is read gzipped or plain; a missing file is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-trace-'));
  try {
    const json = JSON.stringify(SEQUENTIAL);
    await writeFile(join(folder, 'a.json'), json);
    await writeFile(join(folder, 'a.json.gz'), gzipSync(json));
    assert.deepEqual(await readTrace(join(folder, 'a.json')), await readTrace(join(folder, 'a.json.gz')));
    await assert.rejects(readTrace(join(folder, 'none.json')), /none\.json cannot be read/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
