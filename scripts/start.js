// `npm start`: everything that a fresh clone, or one after a pull, needs, and then the server.
// `npm start -- --port 9000` hands its arguments on to `serve`.
import { ensureClientBuilt } from './build.js';
import { ensureInstalled } from './install.js';
import { root, runNode } from './pinned-node.js';
import { serverFlags } from './server-flags.js';
import { join } from 'node:path';

try {
  ensureInstalled();
  await ensureClientBuilt();
  const cli = join(root, 'server', 'src', 'cli.ts');
  process.exitCode = await runNode([...serverFlags(), cli, 'serve', ...process.argv.slice(2)]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
