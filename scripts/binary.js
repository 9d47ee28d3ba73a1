import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './pinned-node.js';

/**
 * Where npm put the program of a package: npm nests a package in a workspace's own folder when versions differ.
 *
 * @param {string} name the package
 * @param {string} [workspace] whose version is meant; the root's without it
 * @returns {string} path of the script, for Node
 */
export function binary(name, workspace = '.') {
  const folders = [join(root, workspace, 'node_modules', name), join(root, 'node_modules', name)];
  const folder = folders.find((path) => existsSync(path));
  if (folder === undefined) throw new Error(`The package ${name} is not installed: run npm install.`);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const script = typeof bin === 'string' ? bin : (bin[name] ?? Object.values(bin)[0]);
  return join(folder, script);
}
