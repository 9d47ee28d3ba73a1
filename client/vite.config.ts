import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

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

export default defineConfig({
  plugins: [svelte(), preloadFont(/inter-latin-wght-normal.*\.woff2$/)],
  server: {
    host: '127.0.0.1',
    proxy: {
      '/hocuspocus': { target: SERVER, ws: true },
      '/sheaf.documents.v1.DocumentService': SERVER,
    },
  },
  build: {
    target: 'es2023',
    // The page's content security policy allows no inline code, fonts and images included.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
