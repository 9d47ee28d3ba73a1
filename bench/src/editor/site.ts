import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { picture } from './picture.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** A served page. */
export interface Site extends AsyncDisposable {
  readonly url: string;
}

/** Builds the plain page as Vite does by default and serves it on a free port, as Sheaf serves its own: with long caching, not compressed. Pictures are at `/pictures/NUMBER.png`. */
export async function servePlainPage(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-bench-page-'));
  await build({
    configFile: false,
    root: fileURLToPath(new URL('plain', import.meta.url)),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    const [, number] = /^\/pictures\/(\d{1,4})\.png$/.exec(path) ?? [];
    if (number !== undefined) {
      response.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'private, max-age=31536000' });
      response.end(picture(Number(number)));
      return;
    }
    const file = path === '/' ? '/index.html' : path;
    const type = TYPES[extname(file)];
    if (type === undefined || !/^\/(?:assets\/)?[\w.-]+$/.test(file)) {
      response.writeHead(404).end();
      return;
    }
    const cached = file.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    response.writeHead(200, { 'content-type': type, 'cache-control': cached });
    createReadStream(join(folder, file))
      .on('error', () => response.end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The page is not served.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
