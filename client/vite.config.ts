import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import type { Plugin, Rolldown } from 'vite';
import { stages } from './build/stages.ts';
import { diagramFrame } from './src/editor/diagram/in-frame/document.ts';

const SERVER = 'http://127.0.0.1:8080';

/** Fetches the text's font with the page: found only through the styles it would come late, and text would jump. */
function preloadFont(file: RegExp): Plugin {
  return {
    name: 'preload-font',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((name) => file.test(name))
          .map((name) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${name}` },
            injectTo: 'head',
          })),
    },
  };
}

/** Of the fonts for formulas the kind that every browser here reads: the others are three times as much, and would be kept as well. */
function smallestMathFonts(): Plugin {
  return {
    name: 'smallest-math-fonts',
    enforce: 'pre',
    transform: (code, id) =>
      id.endsWith('katex.min.css')
        ? code.replaceAll(/,url\([^)]*\) format\("(?:woff|truetype)"\)/g, '')
        : null,
  };
}

/** The page's first script looks for the way to the server, and asks for the second. */
const MAIN = new URL('src/main.ts', import.meta.url).pathname;
const APP = new URL('src/app.ts', import.meta.url).pathname;

/** Fetches the app with the page: found only through the page's first script it would come a round trip later. */
function preloadApp(): Plugin {
  return {
    name: 'preload-app',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) => {
        const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
        const app = chunks.find(({ moduleIds }) => moduleIds.includes(APP));
        if (app === undefined) throw new Error('The build has no app.');
        const needed = withImports(app, bundle).filter(({ moduleIds }) => !moduleIds.includes(MAIN));
        const styles = needed.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]);
        return [
          ...needed.map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${fileName}` },
            injectTo: 'head' as const,
          })),
          ...styles.map((name) => ({
            tag: 'link',
            attrs: { rel: 'stylesheet', crossorigin: true, href: `/${name}` },
            injectTo: 'head' as const,
          })),
        ];
      },
    },
  };
}

/** What a document's page needs besides what each page does, by the files that ask for it. */
const DOCUMENT = ['src/pages/DocumentPage.svelte', 'src/state/sessions.ts'];
/** Where the server reads which files to name beside a document's page (`server/src/http/static-files.ts`). */
const PRELOADS_FILE = 'preloads.json';

/** Tells the server what a document's page will ask for: found only by the first script it would come a round trip later. */
function listPreloads(): Plugin {
  return {
    name: 'list-preloads',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
      const first = (...modules: string[]) => {
        const wanted = modules.map((name) => new URL(name, import.meta.url).pathname);
        const found = chunks.filter(({ moduleIds }) => wanted.some((id) => moduleIds.includes(id)));
        if (found.length === 0) throw new Error(`The build has none of ${modules.join(', ')}.`);
        return new Set(found.flatMap((chunk) => withImports(chunk, bundle)));
      };
      const needed = first(...DOCUMENT).difference(first('src/main.ts', 'src/app.ts'));
      const scripts = [...needed].map(({ fileName }) => fileName);
      const styles = [...needed].flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]);
      const source = JSON.stringify({ scripts, styles: [...new Set(styles)] });
      this.emitFile({ type: 'asset', fileName: PRELOADS_FILE, source });
    },
  };
}

/** A file of the build and all that it imports, itself first. */
function withImports(first: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle): Rolldown.OutputChunk[] {
  const found = new Set([first]);
  for (const { imports } of found)
    for (const name of imports) {
      const part = bundle[name];
      if (part?.type === 'chunk') found.add(part);
    }
  return [...found];
}

/** The service worker's entry and the name that it keeps in every build. */
const WORKER = 'service-worker';
const WORKER_FILE = 'sw.js';
/** What opens without a network from the first visit on: code, styles and the fonts of Latin text. */
const PRECACHED = /\.(?:js|css)$|-latin-wght-normal-.*\.woff2$/;
/** Larger parts are kept when they are first used, bytes. */
const PRECACHED_BYTES = 1024 * 1024;

/** Tells the service worker which files this build has (`Build` in src/worker/precache.ts). */
function listForServiceWorker(): Plugin {
  return {
    name: 'list-for-service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler: (_options, bundle) => {
        const files: Record<string, string | null> = {};
        const hash = createHash('sha256');
        for (const [name, part] of Object.entries(bundle).sort(([a], [b]) => (a < b ? -1 : 1))) {
          const content = part.type === 'chunk' ? part.code : part.source;
          hash.update(name).update(content);
          if (name === 'index.html') files['/'] = integrity(content);
          else if (name !== WORKER_FILE && PRECACHED.test(name) && content.length <= PRECACHED_BYTES)
            files[`/${name}`] = null;
        }
        const icon = readFileSync(new URL('public/favicon.svg', import.meta.url));
        files['/favicon.svg'] = integrity(icon);
        const worker = bundle[WORKER_FILE];
        if (worker?.type !== 'chunk' || files['/'] === undefined)
          throw new Error('The build has no service worker or no page.');
        const build = { version: hash.update(icon).digest('hex').slice(0, 16), files };
        worker.code = worker.code.replace('SHEAF_BUILD', () => JSON.stringify(build));
      },
    },
  };
}

function integrity(content: string | Uint8Array): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}

export default defineConfig({
  plugins: [
    svelte(),
    smallestMathFonts(),
    diagramFrame(),
    preloadFont(/inter-latin-wght-normal.*\.woff2$/),
    preloadApp(),
    listPreloads(),
    listForServiceWorker(),
  ],
  worker: { format: 'es' },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/hocuspocus': { target: SERVER, ws: true },
      '/page.json': SERVER,
      '/uploads': SERVER,
      '/sheaf.documents.v1.DocumentService': SERVER,
    },
  },
  build: {
    target: 'es2023',
    // The page's content security policy allows no inline code, fonts and images included.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: new URL('index.html', import.meta.url).pathname,
        [WORKER]: new URL('src/worker/service-worker.ts', import.meta.url).pathname,
      },
      output: {
        codeSplitting: { groups: stages() },
        entryFileNames: ({ name }) => (name === WORKER ? WORKER_FILE : 'assets/[name]-[hash].js'),
      },
    },
  },
});
