import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@sheaf/server';

/*
 * Sheaf with default settings and its data in a folder of its own, which goes at the end; in place of the editor's page it
 * serves what lies in the folder of its first argument.
 */
const [clientFolder = ''] = process.argv.slice(2);
const data = await mkdtemp(join(tmpdir(), 'sheaf-bench-'));
const server = await startServer({ data, clientFolder });
process.stdout.write(`listening ${server.port}\n`);
process.once('SIGTERM', () => {
  void server
    .stop()
    .then(() => rm(data, { recursive: true, force: true }))
    .then(() => process.exit(0));
});
