import { closeSync, fsyncSync, ftruncateSync, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { databaseFile } from './folder.ts';
import type { WorkerSettings } from './messages.ts';

/** Bytes of a page; set before the first table is made. */
const PAGE_BYTES = 4096;
/** Of a write-ahead log and of each frame in it (SQLite file format, section 4). */
const WAL_HEAD_BYTES = 32;
const FRAME_HEAD_BYTES = 24;
/** A checkpoint that must have the log to itself waits this long for readers, ms. */
const BUSY_MS = 500;

/** The connection that writes. `close` copies the write-ahead log into the database if it is the last one. */
export function openWriting({ folder, fsync }: WorkerSettings): DatabaseSync {
  const database = new DatabaseSync(databaseFile(folder), { timeout: BUSY_MS });
  database.exec(`
    PRAGMA page_size = ${PAGE_BYTES};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${fsync === 'full' ? 'FULL' : 'NORMAL'};
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = ${64 * 1024 * 1024};
  `);
  return database;
}

/** A connection that reads, beside the one that writes, which must be open. */
export function openReading({ folder }: WorkerSettings): DatabaseSync {
  return new DatabaseSync(databaseFile(folder), { readOnly: true, timeout: BUSY_MS });
}

/** Frames (pages) of committed transactions in the write-ahead log. */
export function walFrames(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA wal_checkpoint(NOOP)').get()?.['log']);
}

/**
 * Copies all of the write-ahead log into the database, waiting for readers, so that the next commit begins it
 * anew; returns whether a reader held on to it for too long.
 */
export function waitForCheckpoint(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA wal_checkpoint(RESTART)').get()?.['busy'] === 1;
}

/**
 * Cuts off what lies behind the `frames` that are committed. A commit whose sync failed leaves its frames
 * there, whole; after a crash SQLite would take them for committed.
 */
export function cutWal(folder: string, frames: number): void {
  const file = `${databaseFile(folder)}-wal`;
  const size = WAL_HEAD_BYTES + frames * (FRAME_HEAD_BYTES + PAGE_BYTES);
  if (statSync(file).size <= size) return;
  const descriptor = openSync(file, 'r+');
  try {
    ftruncateSync(descriptor, size);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
