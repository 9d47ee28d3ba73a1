import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';
import type { Plugin } from 'vite';

/** The module whose value is the address of the frame's document. */
const MODULE = 'virtual:diagram-frame';
const RESOLVED = `\0${MODULE}`;
/** Where it is while one works on the page. */
const DEVELOPING = '/diagram-frame.html';

/** Inline code cannot hold its own end. */
const inline = (script: string) => script.replaceAll(/<\/script/gi, String.raw`<\/script`);
const sha256 = (text: string, encoding: 'base64' | 'base64url') =>
  createHash('sha256').update(text).digest(encoding);

/**
 * The document of the frame that draws diagrams: Mermaid and what asks it, whole, so that it needs nothing further. Its
 * own policy lets these two scripts run, and nothing be fetched; the server's adds the sandbox (SPEC DIAGRAM-2).
 */
async function frameDocument(): Promise<string> {
  const mermaid = createRequire(import.meta.url).resolve('@mermaid-js/tiny');
  const file = fileURLToPath(new URL('draw.ts', import.meta.url));
  const { code } = await transformWithOxc(readFileSync(file, 'utf8'), file, { sourcemap: false });
  // It imports types alone, and is no module any more.
  const ours = `{${code.replace(/^export \{\};?$/m, '')}}`;
  const scripts = [readFileSync(mermaid, 'utf8'), ours].map(inline);
  const hashes = scripts.map((script) => `'sha256-${sha256(script, 'base64')}'`).join(' ');
  const policy = `default-src 'none'; script-src ${hashes}; style-src 'unsafe-inline'`;
  return [
    '<!doctype html><html><head><meta charset="utf-8">',
    `<meta http-equiv="content-security-policy" content="${policy}"></head><body>`,
    ...scripts.map((script) => `<script>${script}</script>`),
    '</body></html>',
  ].join('');
}

/** Puts that document into the build, by a name with its hash, and tells the page its address. */
export function diagramFrame(): Plugin {
  let building = false;
  return {
    name: 'diagram-frame',
    configResolved: ({ command }) => {
      building = command === 'build';
    },
    resolveId: (id) => (id === MODULE ? RESOLVED : null),
    async load(id) {
      if (id !== RESOLVED) return null;
      let address = DEVELOPING;
      if (building) {
        const source = await frameDocument();
        const fileName = `assets/diagram-frame-${sha256(source, 'base64url').slice(0, 8)}.html`;
        this.emitFile({ type: 'asset', fileName, source });
        address = `/${fileName}`;
      }
      return `export default ${JSON.stringify(address)};`;
    },
    configureServer: ({ middlewares }) => {
      middlewares.use(DEVELOPING, (_request, response, next) => {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        frameDocument().then((html) => response.end(html), next);
      });
    },
  };
}
