// `npm test`: what `npm start` does to be ready, then every test. Its last line is the counts.
// `npm test -- server/src/store` runs the files whose path contains that.
import { join } from 'node:path';
import { ensureClientBuilt } from './build.js';
import { ensureInstalled } from './install.js';
import { root, runNode } from './pinned-node.js';

try {
  ensureInstalled();
  await ensureClientBuilt();
  process.exitCode = await runNode([join(root, 'scripts', 'test', 'main.ts'), ...process.argv.slice(2)]);
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}
