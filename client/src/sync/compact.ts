import * as Y from 'yjs';
import { KeepError } from './keep-error.ts';
import { mergeUpdates } from './merge-updates.ts';
import type { NewRow, Row } from './offline-database.ts';
import type { OfflineStore } from './offline-store.ts';

/**
 * Makes few rows of a document's many: one, without what was deleted, of all that the server has, and one for each
 * session whose changes it lacks. What cannot be applied is set aside. Throws {@link KeepError}, `stale` if somebody
 * else changed the copy meanwhile.
 */
export async function compactDocument(store: OfflineStore, name: string): Promise<void> {
  const read = await store.load(name);
  if (!read) return;
  const sent = read.rows.filter(({ unsent }) => unsent === 0);
  const doc = new Y.Doc();
  const broken = applyRows(doc, sent);
  if (broken.size > 0) {
    await store.setAside(name, broken);
    throw new KeepError('stale', 'Rows of the copy could not be applied and were set aside.');
  }
  const rows: NewRow[] = [];
  if (sent.length > 0) {
    const update = new Uint8Array(Y.encodeStateAsUpdate(doc));
    rows.push({ update, page: '', to: 0, unsent: 0 });
  }
  for (const own of Map.groupBy(read.rows, ({ page, unsent }) => (unsent > 0 ? page : null))) {
    if (own[0] !== null) rows.push(mergeRows(own[0], own[1]));
  }
  doc.destroy();
  await store.replace(read, rows);
}

/** Origin of the transaction that brings a stored copy into a document. */
const FROM_STORE = Symbol('from this browser’s copy');

/** Applies rows, whose checksums are right, one by one. Gives those that are no update, by id; the others are applied. */
export function applyRows(doc: Y.Doc, rows: readonly Row[]): Map<number, Row> {
  const broken = new Map<number, Row>();
  const apply = () => {
    for (const row of rows) {
      try {
        Y.applyUpdate(doc, row.update);
      } catch {
        broken.set(row.id, row); // The caller sets it aside and tells.
      }
    }
  };
  Y.transact(doc, apply, FROM_STORE, false);
  return broken;
}

function mergeRows(page: string, rows: readonly Row[]): NewRow {
  return {
    update: mergeUpdates(rows.map(({ update }) => update)),
    page,
    to: Math.max(...rows.map(({ to }) => to)),
    unsent: rows.reduce((sum, { unsent }) => sum + unsent, 0),
  };
}
