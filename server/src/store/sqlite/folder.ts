import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SheafError } from '../../error.ts';

/** How long a start waits for the process before it to let go of the folder, ms. */
const LOCK_WAIT_MS = 1_000;

/** The database file of a data folder. */
export function databaseFile(folder: string): string {
  return join(folder, 'sheaf.db');
}

/**
 * Makes the folder if there is none, and takes it for this process alone until the result is closed or the
 * process ends, however it ends: the lock is the kernel's, on a small database beside the real one, so that
 * nothing stale is left. (Nothing in this process may open and close `sheaf.lock` or `sheaf.db` by other
 * means: POSIX drops a process's locks on a file when it closes any descriptor of it.) Throws
 * `storage-unavailable` if another process has it.
 */
export function takeFolder(folder: string): DatabaseSync {
  makeFolder(resolve(folder));
  const lock = new DatabaseSync(join(folder, 'sheaf.lock'), { timeout: LOCK_WAIT_MS });
  try {
    // Nothing is ever written to it: no journal on the disk, which may be full.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    throw new SheafError('storage-unavailable', `Another process is using the data folder ${folder}.`, {
      cause: thrown,
    });
  }
  return lock;
}

/**
 * Makes a folder and those above it. Not `mkdir` with `recursive`: Node 26 tries for ever where a folder can't
 * be made in one that exists, as in /proc.
 */
function makeFolder(folder: string): void {
  const above = dirname(folder);
  if (existsSync(folder)) return;
  if (above !== folder) makeFolder(above);
  mkdirSync(folder, { mode: 0o700 });
  syncFolder(above);
}

/** A new folder is only there after a power cut if the one above it was synced. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
