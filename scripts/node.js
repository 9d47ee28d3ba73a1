// `node scripts/node.js SCRIPT ARGUMENT…` runs a script of the repository on the pinned Node, installed first
// where needed: how every npm script that is written in TypeScript starts.
import { ensureInstalled } from './install.js';
import { runNode } from './pinned-node.js';

try {
  ensureInstalled();
  process.exitCode = await runNode(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
