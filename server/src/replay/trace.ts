import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { SheafError } from '../error.ts';
import { REPLAY_LIMITS } from './limits.ts';

/** One replacement: at `position` take `deleted` away, put `inserted` there. Counts Unicode code points. */
export interface Patch {
  readonly position: number;
  readonly deleted: number;
  readonly inserted: string;
}

/** What one person did at once. */
export interface Transaction {
  /** 0 to `people - 1`. */
  readonly person: number;
  /** Indexes of the transactions whose merge is the state it was typed into; all smaller than its own. */
  readonly parents: readonly number[];
  /** In order; a position counts in the text that the patches before it left. */
  readonly patches: readonly Patch[];
}

/** A recorded editing session, in the format of the public "editing-traces" data set. */
export interface Trace {
  readonly people: number;
  readonly transactions: readonly Transaction[];
  /** The text that a right replay ends with. */
  readonly endContent: string;
}

function bad(where: string, what: string): SheafError {
  return new SheafError('malformed', `This is no editing trace: ${where} ${what}.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function count(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw bad(where, 'is not a whole number');
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw bad(where, 'is not a text');
  if (!value.isWellFormed()) throw bad(where, 'holds half of a surrogate pair');
  return value;
}

function parsePatch(value: unknown, where: string): Patch {
  if (!Array.isArray(value) || value.length !== 3) throw bad(where, 'is not [position, deleted, inserted]');
  const [position, deleted, inserted]: unknown[] = value;
  return {
    position: count(position, `${where}[0]`),
    deleted: count(deleted, `${where}[1]`),
    inserted: text(inserted, `${where}[2]`),
  };
}

function parseParents(value: unknown, index: number, where: string): number[] {
  // A sequential trace says nothing of parents: each transaction follows the one before.
  if (value === undefined) return index === 0 ? [] : [index - 1];
  if (!Array.isArray(value)) throw bad(`${where}.parents`, 'is not a list');
  return value.map((parent: unknown, at) => {
    const number = count(parent, `${where}.parents[${at}]`);
    if (number >= index) throw bad(`${where}.parents[${at}]`, 'does not come before it');
    return number;
  });
}

function parseTransaction(value: unknown, index: number, people: number): Transaction {
  const where = `txns[${index}]`;
  if (!isRecord(value)) throw bad(where, 'is not an object');
  const person = value['agent'] === undefined ? 0 : count(value['agent'], `${where}.agent`);
  if (person >= people) throw bad(`${where}.agent`, `is not one of the ${people} people`);
  const patches: unknown = value['patches'];
  if (!Array.isArray(patches)) throw bad(`${where}.patches`, 'is not a list');
  return {
    person,
    parents: parseParents(value['parents'], index, where),
    patches: patches.map((patch: unknown, at) => parsePatch(patch, `${where}.patches[${at}]`)),
  };
}

/** The text that a session began with becomes a transaction of its own, before all others. */
function withStart(transactions: readonly Transaction[], startContent: string): readonly Transaction[] {
  if (startContent === '') return transactions;
  const start = { person: 0, parents: [], patches: [{ position: 0, deleted: 0, inserted: startContent }] };
  const rest = transactions.map((transaction) => ({
    ...transaction,
    parents: transaction.parents.length === 0 ? [0] : transaction.parents.map((parent) => parent + 1),
  }));
  return [start, ...rest];
}

/** A trace from its JSON. Throws `malformed`, naming the place. */
export function parseTrace(json: string): Trace {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (thrown) {
    throw new SheafError('malformed', 'This is no editing trace: it is not JSON.', { cause: thrown });
  }
  if (!isRecord(value)) throw bad('the file', 'is not an object');
  const people = value['numAgents'] === undefined ? 1 : count(value['numAgents'], 'numAgents');
  if (people === 0 || people > REPLAY_LIMITS.clients)
    throw bad('numAgents', `is not between 1 and ${REPLAY_LIMITS.clients}`);
  const txns: unknown = value['txns'];
  if (!Array.isArray(txns)) throw bad('txns', 'is not a list');
  const transactions = txns.map((txn: unknown, index) => parseTransaction(txn, index, people));
  const startContent = value['startContent'] === undefined ? '' : text(value['startContent'], 'startContent');
  return {
    people,
    transactions: withStart(transactions, startContent),
    endContent: text(value['endContent'], 'endContent'),
  };
}

/** Reads a trace, gzipped or not. Throws `not-found`, `too-large` or `malformed`. */
export async function readTrace(path: string): Promise<Trace> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (thrown) {
    throw new SheafError('not-found', `The trace ${path} cannot be read.`, { cause: thrown });
  }
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    const json = gzipped ? gunzipSync(bytes, { maxOutputLength: REPLAY_LIMITS.traceBytes }) : bytes;
    return parseTrace(json.toString('utf8'));
  } catch (thrown) {
    throw SheafError.from(thrown, 'malformed');
  }
}
