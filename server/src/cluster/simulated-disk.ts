import * as Y from 'yjs';
import type { DocumentName } from '../store/document-name.ts';

/** What an update brings, read once. */
export interface Contents {
  readonly structs: readonly { readonly client: number; readonly end: number }[];
  readonly deletes: readonly { readonly client: number; readonly clock: number; readonly end: number }[];
}

/** Reads an update. */
export function contentsOf(update: Uint8Array): Contents {
  const { structs, ds } = Y.decodeUpdate(update);
  return {
    structs: structs.map(({ id, length }) => ({ client: id.client, end: id.clock + length })),
    deletes: [...ds.clients].flatMap(([client, ranges]) =>
      ranges.map(({ clock, len }) => ({ client, clock, end: clock + len })),
    ),
  };
}

/** Whether a Y.Doc has integrated all of an update. */
export function holds(doc: Y.Doc, { structs, deletes }: Contents): boolean {
  const { store } = doc;
  if (structs.some(({ client, end }) => Y.getState(store, client) < end)) return false;
  return deletes.every(({ client, clock, end }) => {
    const items = store.clients.get(client) ?? [];
    if (Y.getState(store, client) < end) return false;
    for (let at = Y.findIndexSS(items, clock); at < items.length; at += 1) {
      const item = items[at];
      if (item === undefined || item.id.clock >= end) break;
      if (!item.deleted) return false;
    }
    return true;
  });
}

/** What survives a crash: rows of updates, tombstones, and what a reader would make of them. */
export class SimulatedDisk {
  readonly logs = new Map<DocumentName, Uint8Array[]>();
  readonly tombstones = new Map<DocumentName, number>();
  readonly #read = new Map<DocumentName, Y.Doc>();

  /** Appends updates to a document's log. */
  append(name: DocumentName, updates: readonly Uint8Array[]): void {
    const log = this.logs.get(name) ?? [];
    this.logs.set(name, log);
    log.push(...updates);
    const doc = this.read(name);
    for (const update of updates) Y.applyUpdate(doc, update);
  }

  /** A document as somebody who reads the log has it. Not to be changed. */
  read(name: DocumentName): Y.Doc {
    const doc = this.#read.get(name) ?? new Y.Doc();
    this.#read.set(name, doc);
    return doc;
  }

  /** Deletes a document for good. */
  bury(name: DocumentName, time: number): void {
    if (!this.tombstones.has(name)) this.tombstones.set(name, time);
    this.logs.delete(name);
    this.#read.delete(name);
  }
}
