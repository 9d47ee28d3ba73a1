import type { ClientBase } from 'pg';
import { SheafError } from '../../error.ts';
import type { DocumentName } from '../document-name.ts';
import type { LogBatch } from '../store.ts';

/**
 * The last numbers of the logs that batches are for, whose rows stay locked until the transaction ends: in the order of
 * their names, as the function `append` takes them. A document that was never written is not in it.
 */
export async function lockEnds(
  client: ClientBase,
  batches: readonly LogBatch[],
  answerMs: number,
): Promise<ReadonlyMap<DocumentName, number>> {
  const query = {
    name: 'lock ends',
    // Not for a deletion or a compaction: what refers to the row goes on.
    text: `SELECT name, last FROM sheaf.documents WHERE name = ANY($1) ORDER BY name FOR NO KEY UPDATE`,
    query_timeout: answerMs,
  };
  const names = batches.map(({ document }) => document);
  const { rows } = await client.query<{ name: DocumentName; last: number }>({ ...query, values: [names] });
  return new Map(rows.map(({ name, last }) => [name, last]));
}

/**
 * The batches under the numbers that they get when the logs end so; `ends` null: as their writer believes. Throws `stale` if
 * a log ends before what its writer has read.
 */
export function renumber(
  batches: readonly LogBatch[],
  ends: ReadonlyMap<DocumentName, number> | null,
): LogBatch[] {
  const next = new Map<DocumentName, number>();
  return batches.map((batch) => {
    const { document, count } = batch;
    const end = ends === null ? batch.first - 1 : (ends.get(document) ?? 0);
    if (batch.first - 1 > end)
      throw new SheafError('stale', `The log of "${document}" ends at ${end}, before ${batch.first - 1}.`);
    const first = next.get(document) ?? end + 1;
    next.set(document, first + count);
    return { ...batch, first };
  });
}
