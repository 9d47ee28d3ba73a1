// Plain JavaScript without dependencies: it runs on whatever Node (20 or newer) npm itself runs on.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The Node that Sheaf runs on: the one that the npm package `node` brought, or the running one where it is
 * at least as new (musl systems and rare processors have no such binary, but may have a new Node).
 *
 * @returns {string} path of the binary
 */
function pinnedNode() {
  const wanted = pinnedVersion();
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const candidates = [join(root, 'node_modules', 'node', 'bin', file), process.execPath];
  const found = candidates.find((path) => majorOf(path) >= Number.parseInt(wanted, 10));
  if (found !== undefined) return found;
  throw new Error(
    [
      `Sheaf runs on Node ${wanted}, this is ${process.versions.node}, and the npm package "node" that brings the`,
      `right one has no binary that runs here (${process.platform}-${process.arch}).`,
      'Where npm is set to ignore install scripts: npm rebuild node --ignore-scripts=false',
      `Else install Node ${wanted} or newer yourself (https://nodejs.org), and start again.`,
    ].join('\n'),
  );
}

/** @returns {boolean} whether {@link pinnedNode} is of the version that package.json names, and not a newer one */
export function isPinned() {
  return majorOf(pinnedNode()) === Number.parseInt(pinnedVersion(), 10);
}

/** Where Node keeps what it compiled: a start of the server, and of each of its threads, takes half the time. */
export const COMPILED = join(root, '.cache', 'compiled');

/**
 * Runs the pinned Node with `args` until it ends, on this terminal, with a cache of what it compiles unless
 * NODE_COMPILE_CACHE or NODE_DISABLE_COMPILE_CACHE says otherwise.
 *
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code; 128 + n where signal n ended it
 */
export function runNode(args, { cwd = root, env = process.env } = {}) {
  const child = spawn(pinnedNode(), args, {
    cwd,
    env: { NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: 'inherit',
  });
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** @returns {string} as package.json pins it */
function pinnedVersion() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies.node;
}

/** @param {string} path */
function majorOf(path) {
  if (path === process.execPath) return Number.parseInt(process.versions.node, 10);
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return status === 0 ? Number.parseInt(stdout.slice(1), 10) : 0;
}

/**
 * A terminal's Ctrl-C reaches the whole process group by itself: told twice, a server would take the second
 * for impatience. Without a terminal nobody else tells the child.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function forwardSignals(child) {
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.off(signal, forward);
  };
}
