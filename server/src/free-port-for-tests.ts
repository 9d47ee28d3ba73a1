import { createServer } from 'node:net';

/** Below the ports that systems give out by themselves, so that nobody's connection takes one meanwhile. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
/** What one process is ahead of the one that was started before it. */
const STRIDE = 61;
let next = (process.pid * STRIDE) % PORTS;

/** A port of 127.0.0.1 that nobody listens on, and that this process has not given out before. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS; tries += 1) {
    next = (next + 1) % PORTS;
    const port = FIRST_PORT + next;
    if (await isFree(port)) return port;
  }
  throw new Error('There is no free port.');
}

/** Several of them. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
