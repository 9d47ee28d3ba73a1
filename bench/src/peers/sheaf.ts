import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/*
 * Sheaf as `sheaf serve` starts it, on a free port of the loopback and with default settings; its data in a
 * folder of its own, which goes at the end. `--memory` is passed on.
 */
const flags = process.argv.slice(2);
if (!flags.includes('--memory')) {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  flags.push('--data', folder);
}
process.argv.splice(2, Infinity, 'serve', '--port', '0', ...flags);
await import('../../../server/src/cli.ts');
