// Plain JavaScript without dependencies: it runs before anything is installed, on Node 20 or newer.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './pinned-node.js';

/** Installs what package-lock.json names, if it is not there yet. Needs no network when it is. */
export function ensureInstalled() {
  const state = installedState();
  if (state === 'current') return;
  // `npm ci` starts from nothing; after a pull only what changed is fetched, and the lockfile stays as it is.
  const command = state === 'missing' ? ['ci'] : ['install', '--no-save'];
  console.log('Installing what Sheaf needs (once, and after updates; this can take a minute) …');
  const { status, error } = spawnSync('npm', [...command, '--include=dev', '--include=optional', ...quiet], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: pathWithoutOwnBinaries() },
    shell: process.platform === 'win32',
  });
  if (error !== undefined) throw new Error(`npm could not be started: ${error.message}`);
  if (status !== 0) {
    throw new Error('npm could not install what Sheaf needs; its own words stand above. Is there a network?');
  }
}

// Warnings are about the system's Node being old, which does not matter: the server runs on its own.
const quiet = ['--loglevel=error', '--no-audit', '--no-fund'];

/**
 * Compares the lockfile with npm's own record of what it installed, which it writes last.
 *
 * @returns {'missing' | 'stale' | 'current'}
 */
function installedState() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record) || !existsSync(join(root, 'node_modules', 'node', 'bin'))) return 'missing';
  const installed = packagesIn(record);
  for (const [path, wanted] of Object.entries(packagesIn(join(root, 'package-lock.json')))) {
    if (!path.includes('node_modules/')) continue;
    const found = installed[path];
    // An optional package may be for another system.
    if (found === undefined && wanted.optional) continue;
    if (found?.version !== wanted.version || found?.integrity !== wanted.integrity) return 'stale';
  }
  return 'current';
}

/**
 * @param {string} lockfile
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>}
 */
function packagesIn(lockfile) {
  return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
}

/** npm replaces node_modules, and so must not run on the Node that lies in it. */
function pathWithoutOwnBinaries() {
  const own = join(root, 'node_modules', '.bin');
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== own)
    .join(delimiter);
}
