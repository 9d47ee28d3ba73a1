import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@sheaf/server';
import type { Server, ServerOptions } from '@sheaf/server';

/** A server of one story's own, that can be stopped and started again at the same address. */
export interface Site extends AsyncDisposable {
  /** `http://HOST:PORT`, without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
  /** Starts it again, with what it kept. */
  start(): Promise<void>;
}

/** Starts a server on a free port. Without `options.data` it is empty, and its folder goes with it. */
export async function startSite(options: ServerOptions = {}): Promise<Site> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'sheaf-e2e-')));
  let server: Server = await startServer({ ...options, data });
  const { url, port } = server;
  return {
    url,
    stop: () => server.stop(),
    start: async () => {
      server = await startServer({ ...options, data, port });
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      if (data !== options.data) await rm(data, { recursive: true, force: true });
    },
  };
}
