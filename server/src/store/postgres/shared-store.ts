import type { DocumentName } from '../document-name.ts';
import type { LogBatch, LogRow, Member, Membership, SharedLog, SharedStore } from '../store.ts';
import type { WorkerCalls } from '../worker-calls.ts';
import type { BulkCalls, ClusterRow } from './messages.ts';

type Append = (batches: readonly LogBatch[]) => Promise<readonly number[]>;

/** What several servers need to work on one database. `append`: in the order of its calls, numbered by the log. */
export function shareDatabase(bulk: WorkerCalls<BulkCalls>, append: Append): SharedStore {
  return { log: new PostgresSharedLog(bulk, append), members: new PostgresMembership(bulk) };
}

class PostgresSharedLog implements SharedLog {
  readonly #bulk: WorkerCalls<BulkCalls>;
  readonly #append: Append;

  constructor(bulk: WorkerCalls<BulkCalls>, append: Append) {
    this.#bulk = bulk;
    this.#append = append;
  }

  async append(batches: readonly LogBatch[]): Promise<number[]> {
    return [...(await this.#append(batches))];
  }

  read(name: DocumentName, after: number): Promise<LogRow[] | null> {
    return this.#bulk.call('read', { name, after });
  }

  async ends(documents: readonly DocumentName[]): Promise<ReadonlyMap<DocumentName, number | null>> {
    const ends = await this.#bulk.call('ends', documents);
    return new Map(ends.map(({ document, end }) => [document, end]));
  }
}

class PostgresMembership implements Membership {
  readonly #bulk: WorkerCalls<BulkCalls>;

  constructor(bulk: WorkerCalls<BulkCalls>) {
    this.#bulk = bulk;
  }

  beat(self: Member, withinMs: number): Promise<Member[]> {
    return this.#bulk.call('beat', { self, withinMs });
  }

  leave(self: Member): Promise<void> {
    return this.#bulk.call('leave', self);
  }

  cluster(proposed: ClusterRow): Promise<ClusterRow> {
    return this.#bulk.call('cluster', proposed);
  }
}
