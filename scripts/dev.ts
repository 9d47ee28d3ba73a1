// `npm run dev`: the server, restarted when its sources change, and Vite's own server in front of it, which
// shows changes of the client without a reload and hands everything else on (client/vite.config.ts).
import { join } from 'node:path';
import { binary } from './binary.js';
import { root, runNode } from './pinned-node.js';

const codes = await Promise.race([
  runNode(['--watch', join(root, 'server', 'src', 'cli.ts'), 'serve', ...process.argv.slice(2)]),
  runNode([binary('vite', 'client')], { cwd: join(root, 'client') }),
]);
process.exit(codes);
