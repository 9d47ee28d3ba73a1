import { SheafError } from '../../error.ts';
import { rowChecksum } from '../checksum.ts';
import type { DocumentName } from '../document-name.ts';
import type { Author, LogBatch } from '../store.ts';

/** Object identifiers of the elements' types (pg_type.dat). */
const OID = { bytea: 17, int8: 20, text: 25 } as const;

/** All that a commit does to one document. */
interface Change {
  readonly document: DocumentName;
  readonly first: number;
  count: number;
  readonly entries: Uint8Array[];
  pending: Uint8Array | undefined;
  readonly owners: (readonly [client: number, author: Author])[];
}

/** The statement that is a commit: see the function in migrations.ts. One statement, so one answer to wait for. */
export const APPEND =
  'SELECT sheaf.append_1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)';

/**
 * The arguments of {@link APPEND} behind writer, number and time. Arrays travel in PostgreSQL's binary form: as text, bytes
 * would take twice their size. Throws `stale` if two batches of one document do not follow each other.
 */
export function appendArguments(batches: readonly LogBatch[], time: number): Buffer[] {
  const changes = [...merge(batches).values()].sort((a, b) => compareBytes(a.document, b.document));
  const rows = changes.flatMap(({ document, first, count, entries }, at) => {
    if (count === 0) return [];
    const packed = entries.length === 1 && entries[0] ? entries[0] : Buffer.concat(entries);
    return [{ of: at + 1, packed, crc: rowChecksum([first, count], document, packed) }];
  });
  const pending = changes.flatMap(({ document, pending: packed }, at) =>
    packed === undefined ? [] : [{ of: at + 1, packed, crc: rowChecksum([], document, packed) }],
  );
  const owners = changes.flatMap(({ document, owners: found }, at) =>
    found.map(([client, author]) => ({
      of: at + 1,
      client,
      author,
      crc: rowChecksum([client], document, author),
    })),
  );
  return [
    texts(changes.map(({ document }) => document)),
    numbers(changes.map(({ first }) => first)),
    numbers(changes.map(({ count }) => count)),
    numbers(changes.map(({ document }) => rowChecksum([time], document))),
    numbers(rows.map(({ of }) => of)),
    numbers(rows.map(({ crc }) => crc)),
    array(
      OID.bytea,
      rows.map(({ packed }) => packed),
    ),
    numbers(pending.map(({ of }) => of)),
    numbers(pending.map(({ crc }) => crc)),
    array(
      OID.bytea,
      pending.map(({ packed }) => packed),
    ),
    numbers(owners.map(({ of }) => of)),
    numbers(owners.map(({ client }) => client)),
    array(
      OID.bytea,
      owners.map(({ author }) => Buffer.from(author)),
    ),
    numbers(owners.map(({ crc }) => crc)),
  ];
}

function merge(batches: readonly LogBatch[]): Map<DocumentName, Change> {
  const changes = new Map<DocumentName, Change>();
  for (const { document, first, count, entries, pending, owners } of batches) {
    const before = changes.get(document);
    if (before === undefined) {
      const parts = count > 0 ? [...entries] : [];
      changes.set(document, { document, first, count, entries: parts, pending, owners: [...owners] });
      continue;
    }
    const next = before.first + before.count;
    if (first !== next)
      throw new SheafError('stale', `The log of "${document}" goes on at ${next}, not at ${first}.`);
    before.count += count;
    if (count > 0) before.entries.push(...entries);
    before.pending = pending ?? before.pending;
    before.owners.push(...owners);
  }
  return changes;
}

/** As PostgreSQL's collation "C" does: by the bytes of UTF-8. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function texts(values: readonly string[]): Buffer {
  return array(
    OID.text,
    values.map((text) => Buffer.from(text)),
  );
}

function numbers(values: readonly number[]): Buffer {
  const all = Buffer.allocUnsafe(HEAD_BYTES + values.length * 12);
  let at = writeHead(all, OID.int8, values.length);
  for (const value of values) {
    at = all.writeInt32BE(8, at);
    at = all.writeBigInt64BE(BigInt(value), at);
  }
  return all.subarray(0, at);
}

/** Of an array of one dimension. */
const HEAD_BYTES = 20;

/*
 * An array as array_recv reads it, big-endian: int32 dimensions, int32 1 if there are nulls, int32 type; for each
 * dimension int32 length, int32 lower bound; for each element int32 bytes, bytes. An empty one has no dimension.
 */
function array(oid: number, elements: readonly Uint8Array[]): Buffer {
  const size = elements.reduce((sum, { length }) => sum + 4 + length, HEAD_BYTES);
  const all = Buffer.allocUnsafe(size);
  let at = writeHead(all, oid, elements.length);
  for (const element of elements) {
    at = all.writeInt32BE(element.length, at);
    all.set(element, at);
    at += element.length;
  }
  return all.subarray(0, at);
}

function writeHead(all: Buffer, oid: number, length: number): number {
  const dimensions = length > 0 ? 1 : 0;
  let at = all.writeInt32BE(dimensions, 0);
  at = all.writeInt32BE(0, at);
  at = all.writeInt32BE(oid, at);
  if (dimensions === 0) return at;
  at = all.writeInt32BE(length, at);
  return all.writeInt32BE(1, at);
}
