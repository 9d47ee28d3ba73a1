import * as fake from 'fake-indexeddb';
import type { KeepLimits } from './keep-limits.ts';
import { KEEP_LIMITS } from './keep-limits.ts';
import { OfflineStore } from './offline-store.ts';

// What a page finds in its global scope.
Object.assign(globalThis, fake);

let names = 0;

/** A database's name that no other test of this process uses. */
export function freshName(): string {
  names += 1;
  return `test-${String(names)}`;
}

/** A store in memory. Two with one name are two tabs of one browser. Its clock counts its own calls. */
export function storeForTests(
  name = freshName(),
  limits: Partial<KeepLimits> = {},
  layout?: number,
): OfflineStore {
  let time = 0;
  return new OfflineStore({
    name,
    now: () => (time += 1),
    randomId: () => crypto.randomUUID(),
    limits: { ...KEEP_LIMITS, ...limits },
    tabs: null,
    ...(layout === undefined ? {} : { layout }),
  });
}

/** Opens a database as another page or another version of this one would. */
export function openAsOther(name: string, version: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = fake.indexedDB.open(name, version);
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('It did not open.')));
  });
}

/** Makes every new row fail as on a full disk, until it is disposed of. */
export function fullDisk(): Disposable {
  const { prototype } = IDBObjectStore;
  const { add } = prototype;
  prototype.add = () => {
    throw new DOMException('No room.', 'QuotaExceededError');
  };
  return { [Symbol.dispose]: () => void (prototype.add = add) };
}
