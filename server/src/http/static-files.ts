import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { existsSync } from 'node:fs';
import path from 'node:path';

const PAGE = 'index.html';

/** Vite puts what carries a hash of its content in its name here, and nothing else. */
const HASHED_PREFIX = 'assets/';

const NOT_FOUND = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not found · Sheaf</title>
<h1>There is nothing here</h1>
<p>The address may be misspelt. <a href="/">All documents</a></p>
</html>
`;

/**
 * Serves the client: the page at `/` and `/d/…`, the files of its build by their names, and a page that says so
 * for anything else. Without a build it answers 503. `folder`: where Vite put the build.
 */
export async function serveClient(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, file) => reply.header('cache-control', cacheControl(path.relative(folder, file))),
  });

  const page = (_request: unknown, reply: FastifyReply): FastifyReply => {
    if (existsSync(path.join(folder, PAGE))) return reply.sendFile(PAGE);
    return reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send('The page is not built yet: run "npm run build" and load it again.\n');
  };
  app.get('/', page);
  app.get('/d/*', page);
  app.get<{ Params: { '*': string } }>('/*', (request, reply) => reply.sendFile(request.params['*']));

  app.setNotFoundHandler((request, reply) => {
    reply.code(404).header('cache-control', 'no-cache');
    if (request.headers.accept?.includes('text/html'))
      return reply.type('text/html; charset=utf-8').send(NOT_FOUND);
    return reply.type('text/plain; charset=utf-8').send('There is nothing here.\n');
  });
}

function cacheControl(file: string): string {
  const hashed = file.split(path.sep).join('/').startsWith(HASHED_PREFIX);
  return hashed ? 'public, max-age=31536000, immutable' : 'no-cache';
}
