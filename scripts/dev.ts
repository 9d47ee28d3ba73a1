// `npm run dev`: the server, started anew when its sources change, and Vite's own server, which shows changes of
// the client at once and hands everything else on (client/vite.config.ts). When one ends, so does the other.
import { join } from 'node:path';
import { binary } from './binary.js';
import { root, runNode } from './pinned-node.js';

const both = [
  runNode(['--watch', join(root, 'server', 'src', 'cli.ts'), 'serve', ...process.argv.slice(2)]),
  runNode([binary('vite', 'client')], { cwd: join(root, 'client') }),
];
process.exitCode = await Promise.race(both);
// runNode hands it on to the one that still runs.
process.kill(process.pid, 'SIGTERM');
await Promise.all(both);
