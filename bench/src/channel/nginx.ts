import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../server/src/free-port-for-tests.ts';

/** Where an nginx may be: where the tests unpack one, and the system's. */
const PROGRAMS = [
  fileURLToPath(new URL('../../../.cache/proxies/unpacked/usr/sbin/nginx', import.meta.url)),
  '/usr/sbin/nginx',
];
/** It answers within, ms. */
const START_MS = 5_000;
const LOOK_MS = 20;

/** An nginx on the loopback, with the lines that let WebSockets through. `await using` ends it. */
export interface RunningNginx extends AsyncDisposable {
  readonly port: number;
}

/** Starts one before the server at `target`; null where there is no nginx. Throws if it does not answer. */
export async function startNginx(target: number): Promise<RunningNginx | null> {
  const program = PROGRAMS.find((path) => existsSync(path));
  if (program === undefined) return null;
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-bench-nginx-'));
  await writeFile(join(folder, 'nginx.conf'), configuration(port, target));
  const child = spawn(program, ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (const until = Date.now() + START_MS; !(await answers(port)); await pause(LOOK_MS)) {
    if (Date.now() < until && child.exitCode === null) continue;
    await stop();
    throw new Error('nginx did not start.');
  }
  return { port, [Symbol.asyncDispose]: stop };
}

function configuration(port: number, target: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
worker_processes 1;
pid nginx.pid;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 512; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${name};`).join(' ')}
  upstream sheaf { server 127.0.0.1:${target}; keepalive 16; }
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://sheaf;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
    }
  }
}
`;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Nobody listens there yet.
    socket.once('error', () => resolve(false));
  });
}
