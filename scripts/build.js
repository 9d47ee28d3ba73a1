// Plain JavaScript without dependencies, like install.js.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary } from './binary.js';
import { root, runNode } from './pinned-node.js';

/** Builds the browser's part into client/dist, unless what lies there was built from the same sources. */
export async function ensureClientBuilt() {
  const stamp = join(root, 'client', 'dist', '.sources');
  const sources = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  console.log('Building the editor (once, and after updates) …');
  const code = await runNode([binary('vite', 'client'), 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'client'),
  });
  if (code !== 0) throw new Error('The editor could not be built; the reason stands above.');
  writeFileSync(stamp, sources);
}

/** Of contents, not of times: a checkout touches files without changing them. */
function hashOfSources() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of ['client', 'schema', 'proto']) {
    for (const file of sourceFiles(folder)) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder from the root
 * @returns {string[]} from the root, sorted
 */
function sourceFiles(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist' && !name.endsWith('.test.ts'))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? sourceFiles(path) : [path];
    })
    .toSorted();
}
