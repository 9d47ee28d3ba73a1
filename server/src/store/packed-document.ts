import { sharedBytes } from './own-bytes.ts';
import type { Author, Snapshot, StoredDocument } from './store.ts';

/** A document on its way to the main thread: few objects, and buffers that can be handed over. */
export interface PackedDocument {
  readonly snapshot: Snapshot | null;
  /** Packed entries behind the snapshot, joined; empty without any. */
  readonly tail: Uint8Array;
  readonly pending: Uint8Array | null;
  readonly clients: Float64Array;
  /** For each client, which of `authors` it belongs to. */
  readonly owners: Uint32Array;
  readonly authors: readonly string[];
}

/** Whose the clients are, without an object for each. */
export function packOwners(
  found: readonly (readonly [client: number, author: Author])[],
): Pick<PackedDocument, 'clients' | 'owners' | 'authors'> {
  const clients = new Float64Array(found.length);
  const owners = new Uint32Array(found.length);
  const indexes = new Map<string, number>();
  for (const [at, [client, author]] of found.entries()) {
    const index = indexes.get(author) ?? indexes.size;
    indexes.set(author, index);
    clients[at] = client;
    owners[at] = index;
  }
  return { clients, owners, authors: [...indexes.keys()] };
}

/** The document as the store gives it out. */
export function unpackDocument(packed: PackedDocument): StoredDocument {
  const { snapshot, tail, pending, clients, owners, authors } = packed;
  return {
    snapshot,
    tail: tail.length > 0 ? [tail] : [],
    pending,
    owners: Array.from(clients, (client, at) => [client, authors[owners[at] ?? -1] ?? ''] as const),
  };
}

/** A snapshot whose bytes go from thread to thread without a copy. */
export function shared(snapshot: Snapshot): Snapshot {
  return { ...snapshot, update: sharedBytes(snapshot.update) };
}
