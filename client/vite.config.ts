import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const SERVER = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte()],
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
