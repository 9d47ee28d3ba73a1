import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import { crc32 } from './checksum.ts';
import { KeepError } from './keep-error.ts';

/** The version of the layout. A change of the layout raises it and says in `upgrade` how to get there. */
export const LAYOUT = 1;

/** A document that this browser keeps. */
export interface KeptDocument {
  readonly name: string;
  /** As the page last showed it; '' while there is none. */
  readonly title: string;
  /** Random, drawn when the copy was begun: who continues an older copy notices. */
  readonly epoch: string;
  /** Counts marks and compactions, which must not pass one another. */
  readonly revision: number;
  /** How many rows hold its updates. */
  readonly rows: number;
  /** Bytes of these updates. */
  readonly bytes: number;
  /** Changes made in this browser that no acknowledgement of the server covers. */
  readonly unsent: number;
  /** Rows that could not be read and were set aside. */
  readonly damaged: number;
  /** Whether the copy was complete once: all that the server had was here. */
  readonly synced: boolean;
  /** Whether the server said that there is no such document any more. */
  readonly deleted: boolean;
  /** The last change of the copy, ms since 1970. */
  readonly changed: number;
  /** When it was last opened, ms since 1970. */
  readonly opened: number;
}

/** What is to be stored of one turn: the updates of a page, merged. */
export interface NewRow {
  /** Yjs update, version 1. */
  readonly update: Uint8Array<ArrayBuffer>;
  /** The session that wrote it, a random id. */
  readonly page: string;
  /** The number of that session's latest own change in it. Grows from row to row. */
  readonly to: number;
  /** How many changes in it the server has not acknowledged. */
  readonly unsent: number;
}

/** A stored row. */
export interface Row extends NewRow {
  readonly id: number;
  readonly document: string;
  /** {@link rowChecksum}. */
  readonly sum: number;
  /** The document's name again while `unsent` is above 0, for the index. */
  readonly pending?: string;
}

export interface OfflineSchema extends DBSchema {
  documents: { key: string; value: KeptDocument };
  updates: {
    key: number;
    value: Omit<Row, 'id'> & { id?: number };
    indexes: { document: string; pending: string };
  };
  damaged: { key: number; value: { document: string; row: unknown }; indexes: { document: string } };
}

export type OfflineDatabase = IDBPDatabase<OfflineSchema>;

/** What is told of a database while it is open, or while it can't be. */
export interface DatabaseEvents {
  /** Another tab holds an older layout. Opening goes on when that tab closes. */
  readonly blocked: () => void;
  /** A newer version of the page wants to change the layout: the database is closed for it. */
  readonly outdated: () => void;
  /** The browser has closed the database by itself, as when a person clears the site's data. */
  readonly lost: () => void;
}

/** Opens the database `name` in the version `layout`. Throws {@link KeepError}. */
export async function openDatabase(
  name: string,
  layout: number,
  events: DatabaseEvents,
): Promise<OfflineDatabase> {
  try {
    // The mere mention of it throws where a browser keeps nothing for this site.
    if (globalThis.indexedDB === undefined)
      throw new KeepError('unavailable', 'This browser has no IndexedDB.');
    return await openDB<OfflineSchema>(name, layout, {
      upgrade: (database, from) => {
        if (from >= 1) return;
        database.createObjectStore('documents', { keyPath: 'name' });
        const updates = database.createObjectStore('updates', { keyPath: 'id', autoIncrement: true });
        updates.createIndex('document', 'document');
        updates.createIndex('pending', 'pending');
        database.createObjectStore('damaged', { autoIncrement: true }).createIndex('document', 'document');
      },
      blocked: events.blocked,
      blocking: (_current, _wanted, event) => {
        // The event's target is the database's connection (Indexed Database API, section 4.4).
        if (event.target instanceof IDBDatabase) event.target.close();
        events.outdated();
      },
      terminated: events.lost,
    });
  } catch (thrown) {
    const error = KeepError.from(thrown);
    // What fails to open fails for a reason of the browser's, whatever it calls it; private windows say InvalidState.
    if (error.code !== 'failed') throw error;
    throw new KeepError('unavailable', error.message, { cause: thrown });
  }
}

/** The row as it is stored. */
export function encodeRow(document: string, row: NewRow): Omit<Row, 'id'> {
  const { update, page, to, unsent } = row;
  const pending = unsent > 0 ? { pending: document } : {};
  return { document, page, to, unsent, update, sum: rowChecksum(document, update), ...pending };
}

/** A stored value as the row that it should be; null if it is none, or damaged. */
export function decodeRow(value: unknown): Row | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, document, page, to, unsent, update, sum }: Partial<Record<string, unknown>> = { ...value };
  if (typeof id !== 'number' || typeof document !== 'string' || typeof page !== 'string') return null;
  if (!isCount(to) || !isCount(unsent) || !(update instanceof Uint8Array)) return null;
  const bytes = new Uint8Array(update);
  if (sum !== rowChecksum(document, bytes)) return null;
  return { id, document, page, to, unsent, update: bytes, sum };
}

/** Over the document's name and the update, so that a row that landed at another document is found. */
function rowChecksum(document: string, update: Uint8Array): number {
  return (crc32(update) ^ crc32(new TextEncoder().encode(document))) >>> 0;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
