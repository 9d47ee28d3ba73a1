// `npm run cluster`: three nodes on this machine, each with a folder of its own below ./data-cluster. Arguments are
// those of `sheaf serve`, but for --port and --data. Ctrl+C ends all three.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './pinned-node.js';
import { serverFlags } from './server-flags.js';

const NODES = 3;
const FIRST_PORT = 8081;
const FIRST_CLUSTER_PORT = 7081;

const numbers = Array.from({ length: NODES }, (_, at) => at);
const peers = numbers.map((at) => `127.0.0.1:${FIRST_CLUSTER_PORT + at}`).join(',');
const children = numbers.map((at) => {
  const folder = join(root, 'data-cluster', `node-${at + 1}`);
  const args = [join(root, 'server/src/cli.ts'), 'serve', '--port', `${FIRST_PORT + at}`, '--data', folder];
  return spawn(process.execPath, [...serverFlags(), ...args, ...process.argv.slice(2)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      SHEAF_NODE: `node-${at + 1}`,
      SHEAF_CLUSTER_LISTEN: `127.0.0.1:${FIRST_CLUSTER_PORT + at}`,
      SHEAF_CLUSTER_PEERS: peers,
    },
  });
});

process.stdout.write(`http://127.0.0.1:${FIRST_PORT}/admin/cluster draws them\n`);

// A terminal tells the whole group; who sends a signal to this process alone means all of them.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    for (const child of children) if (signal === 'SIGTERM') child.kill(signal);
  });
for (const child of children)
  child.once('exit', (code) => {
    if (code !== 0) process.exitCode = 1;
  });
