import type { KeptDocument } from '../sync/offline-database.ts';

/** A document of which uploads wait here, and nothing else is kept. */
const NOTHING_ELSE: Omit<KeptDocument, 'name' | 'title' | 'unsent'> = {
  epoch: '',
  revision: 0,
  rows: 0,
  bytes: 0,
  damaged: 0,
  synced: false,
  deleted: false,
  changed: 0,
  opened: 0,
};

/**
 * Copies with the uploads that wait beside them counted as changes that the server lacks. Those whose copy is gone come
 * last: they are as much in the way of forgetting the device.
 */
export function withUploads(
  copies: readonly KeptDocument[],
  waiting: ReadonlyMap<string, number>,
): KeptDocument[] {
  const known = new Set(copies.map(({ name }) => name));
  const alone = [...waiting].filter(([name]) => !known.has(name));
  return [
    ...copies.map((kept) => ({ ...kept, unsent: kept.unsent + (waiting.get(kept.name) ?? 0) })),
    ...alone.map(([name, unsent]) => ({ ...NOTHING_ELSE, name, title: name, unsent })),
  ];
}
