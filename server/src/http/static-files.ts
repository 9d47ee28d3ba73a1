import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DIAGRAM_POLICY } from './security-headers.ts';

const PAGE = 'index.html';
/** What a document's page will ask for, as the build found it: names of files, `{"scripts":[…],"styles":[…]}`. */
const PRELOADS = 'preloads.json';

/** Vite puts what carries a hash of its content in its name here, and nothing else. */
const HASHED_PREFIX = 'assets/';
/** What draws diagrams: a document of its own, in a frame (SPEC DIAGRAM-2). */
const DIAGRAM_FRAME = /^assets\/diagram-frame-[\w-]+\.html$/;

/**
 * Serves the client: the page at `/`, `/d/…`, `/device` and `/admin/cluster`, and the files of its build by their names. Anything else is 404: the
 * page, which then says so, for who takes HTML, and a line of text for others. Without a build the page is 503, and
 * what is not found is the line of text. `folder`: where Vite put the build.
 */
export async function serveClient(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, file) => {
      const name = path.relative(folder, file).split(path.sep).join('/');
      reply.header('cache-control', cacheControl(name));
      if (DIAGRAM_FRAME.test(name)) reply.header('content-security-policy', DIAGRAM_POLICY);
    },
  });

  const page = (_request: unknown, reply: FastifyReply): FastifyReply => {
    if (existsSync(path.join(folder, PAGE))) return reply.sendFile(PAGE);
    return reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send('The page is not built yet: run "npm run build" and load it again.\n');
  };
  app.get('/', page);
  app.get('/d/*', async (request, reply) => {
    const link = await preloads(folder);
    if (link !== null) reply.header('link', link);
    return page(request, reply);
  });
  app.get('/device', page);
  app.get('/admin/cluster', page);
  app.get<{ Params: { '*': string } }>('/*', (request, reply) => reply.sendFile(request.params['*']));

  app.setNotFoundHandler(async (request, reply) => {
    reply.code(404).header('cache-control', 'no-cache');
    const html = request.headers.accept?.includes('text/html') === true ? await readPage(folder) : null;
    if (html !== null) return reply.type('text/html; charset=utf-8').send(html);
    return reply.type('text/plain; charset=utf-8').send('There is nothing here.\n');
  });
}

/** The `Link` header (RFC 8288) that has a browser fetch what a document needs while it still reads the page; null without a build. */
async function preloads(folder: string): Promise<string | null> {
  const file = path.join(folder, PRELOADS);
  if (!existsSync(file)) return null;
  // The build wrote it.
  const { scripts, styles } = JSON.parse(await readFile(file, 'utf8')) as Record<
    'scripts' | 'styles',
    string[]
  >;
  return [
    ...scripts.map((name) => `</${name}>; rel=modulepreload`),
    ...styles.map((name) => `</${name}>; rel=preload; as=style; crossorigin`),
  ].join(', ');
}

/** The page as it was built; null without a build. `sendFile` would leave it out for who has it already. */
async function readPage(folder: string): Promise<string | null> {
  const file = path.join(folder, PAGE);
  return existsSync(file) ? readFile(file, 'utf8') : null;
}

/** What keeps its name while it changes, the page and the service worker above all, is asked for anew each time. */
function cacheControl(name: string): string {
  return name.startsWith(HASHED_PREFIX) ? 'public, max-age=31536000, immutable' : 'no-cache';
}
