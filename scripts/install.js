// Plain JavaScript without dependencies: it runs before anything is installed, on Node 20 or newer.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './pinned-node.js';

/** Installs what package-lock.json names, if it is not there yet. Needs no network when it is. */
export function ensureInstalled() {
  if (isInstalled()) return;
  // Not `npm ci`: it refuses a lockfile that was written where the registry held no packages for other systems,
  // and after a pull it would fetch everything anew.
  console.log('Installing what Sheaf needs (once, and after updates; this can take a minute) …');
  const { status, error } = spawnSync('npm', INSTALL, {
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

const INSTALL = [
  'install',
  '--no-save',
  '--include=dev',
  '--include=optional',
  // Warnings are about the system's Node being old, which does not matter: Sheaf runs on its own.
  '--loglevel=error',
  '--no-audit',
  '--no-fund',
];

/** Compares the lockfile with npm's own record of what it installed, which it writes last. */
function isInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = packagesIn(record);
  for (const [path, wanted] of Object.entries(packagesIn(join(root, 'package-lock.json')))) {
    if (!path.includes('node_modules/')) continue;
    const found = installed[path];
    // An optional package may be for another system.
    if (found === undefined && wanted.optional) continue;
    if (found?.version !== wanted.version || found?.integrity !== wanted.integrity) return false;
  }
  return true;
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
