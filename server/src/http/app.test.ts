import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { startListener } from './listener-for-tests.ts';
import { EMBED_ORIGINS } from '@sheaf/schema/embed-sites';

async function buildClient(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-http-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(path.join(folder, 'assets'));
  await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>Sheaf</title>');
  await writeFile(path.join(folder, 'assets', 'index-abc123.js'), 'export {};');
  await writeFile(path.join(folder, 'favicon.svg'), '<svg/>');
  await writeFile(path.join(folder, '.secret'), 'x');
  return folder;
}

/** Everything that the server answers to `request`, which asks it to close. */
function raw(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

/** The beginning of a request that asks the server to close. */
function get(at: string, host = 'localhost'): string {
  return `GET ${at} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
}

test('the page is at / and below /d/, and is asked for anew each time', async (t) => {
  await using listener = await startListener({ clientFolder: await buildClient(t) });
  const name = encodeURIComponent('ü'.repeat(256));
  for (const at of ['/', '/d/notes', '/d/team/plan?x=1', `/d/${name}`, '/d/a%20b']) {
    const response = await fetch(`http://127.0.0.1:${listener.port}${at}`);
    assert.equal(response.status, 200, at);
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    assert.match(await response.text(), /<title>Sheaf/);
  }
});

test('a document’s page names what it will ask for, other pages do not', async (t) => {
  const folder = await buildClient(t);
  const listed = { scripts: ['assets/editor-1.js', 'assets/sync-2.js'], styles: ['assets/editor-3.css'] };
  await writeFile(path.join(folder, 'preloads.json'), JSON.stringify(listed));
  await using listener = await startListener({ clientFolder: folder });
  const link = async (at: string) =>
    (await fetch(`http://127.0.0.1:${listener.port}${at}`)).headers.get('link');
  assert.equal(
    await link('/d/notes'),
    '</assets/editor-1.js>; rel=modulepreload, </assets/sync-2.js>; rel=modulepreload, ' +
      '</assets/editor-3.css>; rel=preload; as=style; crossorigin',
  );
  assert.equal(await link('/'), null);
});

test('files with a hash in their name are kept for ever, others are asked for anew', async (t) => {
  await using listener = await startListener({ clientFolder: await buildClient(t) });
  const script = await fetch(`http://127.0.0.1:${listener.port}/assets/index-abc123.js`);
  assert.equal(script.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.match(script.headers.get('content-type') ?? '', /javascript/);
  const icon = await fetch(`http://127.0.0.1:${listener.port}/favicon.svg`);
  assert.equal(icon.headers.get('cache-control'), 'no-cache');
  const etag = icon.headers.get('etag') ?? '';
  const again = await raw(listener.port, `${get('/favicon.svg')}If-None-Match: ${etag}\r\n\r\n`);
  assert.match(again, /^HTTP\/1.1 304 /);
});

test('anything else is not found, and nothing outside the build is served', async (t) => {
  await using listener = await startListener({ clientFolder: await buildClient(t) });
  for (const at of [
    '/x',
    '/assets/x.js',
    '/assets',
    '/.secret',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/d',
    '/index',
  ]) {
    const response = await fetch(`http://127.0.0.1:${listener.port}${at}`);
    assert.equal(response.status, 404, at);
    assert.match(response.headers.get('content-type') ?? '', /text\/plain/);
    await response.text();
  }
  const page = await fetch(`http://127.0.0.1:${listener.port}/x`, { headers: { accept: 'text/html' } });
  assert.equal(page.status, 404);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  assert.match(await page.text(), /<title>Sheaf/);
  const dots = await raw(listener.port, `${get('/../../etc/passwd')}\r\n`);
  assert.match(dots, /^HTTP\/1.1 40[34] /);
});

test('without a build the page says what to do', async () => {
  await using listener = await startListener();
  const response = await fetch(`http://127.0.0.1:${listener.port}/`);
  assert.equal(response.status, 503);
  assert.match(await response.text(), /npm run build/);
  const nowhere = await fetch(`http://127.0.0.1:${listener.port}/x`, { headers: { accept: 'text/html' } });
  assert.equal(nowhere.status, 404);
  assert.match(await nowhere.text(), /There is nothing here/);
});

test('CSP-1, CSP-2, CSP-3: the page may run and load what comes from this server alone', async (t) => {
  await using listener = await startListener({ clientFolder: await buildClient(t) });
  const { headers } = await fetch(`http://127.0.0.1:${listener.port}/`);
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /script-src 'self';/);
  assert.match(policy, /style-src 'self';/);
  assert.match(policy, /style-src-attr 'unsafe-inline'/);
  assert.match(policy, /connect-src 'self';/);
  const frames = /(?:^|;)frame-src ([^;]*)/.exec(policy)?.[1]?.split(' ');
  assert.deepEqual(frames, ["'self'", ...EMBED_ORIGINS], 'CSP-3');
  assert.match(policy, /require-trusted-types-for 'script'/);
  assert.match(policy, /trusted-types default sheaf-inert svelte-trusted-html(?:;|$)/);
  assert.doesNotMatch(policy, /unsafe-eval|allow-duplicates|upgrade-insecure-requests/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('strict-transport-security'), null);
  assert.equal(headers.get('x-powered-by'), null);
});

test('DIAGRAM-2: what draws diagrams is sandboxed without an origin, and may fetch nothing; nothing else is', async (t) => {
  const clientFolder = await buildClient(t);
  for (const name of ['diagram-frame-aB_3-x.html', 'other-aB_3-x.html'])
    await writeFile(path.join(clientFolder, 'assets', name), '<!doctype html>');
  await using listener = await startListener({ clientFolder });
  const headersOf = async (name: string) =>
    (await fetch(`http://127.0.0.1:${listener.port}/assets/${name}`)).headers;
  const headers = await headersOf('diagram-frame-aB_3-x.html');
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /^sandbox allow-scripts; default-src 'none';/);
  assert.match(policy, /frame-ancestors 'self'/);
  assert.doesNotMatch(policy, /allow-same-origin|connect-src|img-src|font-src|frame-src|https?:/);
  assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.match(headers.get('content-type') ?? '', /^text\/html/);
  const other = await headersOf('other-aB_3-x.html');
  assert.match(other.get('content-security-policy') ?? '', /^default-src 'self';/);
});

test('pages learn where they get tokens, and may ask there', async (t) => {
  const clientFolder = await buildClient(t);
  for (const [tokenUrl, source] of [
    [undefined, "'self'"],
    ['/token?for=sheaf', "'self'"],
    ['https://wiki.example:8443/token', "'self' https://wiki.example:8443"],
  ] as const) {
    await using listener = await startListener({ clientFolder, ...(tokenUrl && { tokenUrl }) });
    const at = `http://127.0.0.1:${listener.port}`;
    const settings = await fetch(`${at}/page.json`);
    assert.equal(settings.headers.get('cache-control'), 'no-cache');
    assert.deepEqual(await settings.json(), { tokenUrl: tokenUrl ?? null });
    const policy = (await fetch(`${at}/`)).headers.get('content-security-policy') ?? '';
    assert.ok(policy.includes(`connect-src ${source};`), policy);
  }
});

test('health: alive, and ready until it drains', async () => {
  await using listener = await startListener();
  const status = async (at: string): Promise<number> =>
    (await fetch(`http://127.0.0.1:${listener.port}${at}`)).status;
  assert.equal(await status('/livez'), 200);
  assert.equal(await status('/readyz'), 200);
  listener.drain();
  assert.equal(await status('/livez'), 200);
  const response = await fetch(`http://127.0.0.1:${listener.port}/readyz`);
  assert.equal(response.status, 503);
  assert.equal(await response.text(), 'The server is about to stop.\n');
});

test('the listener has its limits: for a request, for its head, and for a connection that is idle', async () => {
  await using listener = await startListener({ limits: { requestMs: 12_345 } });
  const { requestTimeout, headersTimeout, keepAliveTimeout } = listener.app.server;
  assert.deepEqual({ requestTimeout, headersTimeout }, { requestTimeout: 12_345, headersTimeout: 12_345 });
  // A proxy that keeps connections for longer than a server does meets closed ones.
  assert.ok(keepAliveTimeout > 60_000);
});

test('metrics are in the text format of Prometheus', async () => {
  await using listener = await startListener();
  const response = await fetch(`http://127.0.0.1:${listener.port}/metrics`);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  assert.match(
    text,
    /^# TYPE sheaf_documents gauge\nsheaf_documents 3\n# TYPE sheaf_updates_total counter\n/m,
  );
  assert.match(text, /^process_resident_memory_bytes \d+$/m);
  for (const line of text.trimEnd().split('\n'))
    assert.match(line, /^(# TYPE \w+ (gauge|counter)|\w+ [\d.e+-]+)$/);
});

test('a WebSocket endpoint answers a plain request with 426 at once, without a body', async () => {
  await using listener = await startListener();
  for (const at of ['/hocuspocus', '/yjs/notes', '/yjs/a/b?token=secret']) {
    const answer = await raw(listener.port, `${get(at)}\r\n`);
    assert.match(answer, /^HTTP\/1.1 426 Upgrade Required\r\n/);
    assert.match(answer, /^content-length: 0\r$/im);
    assert.match(answer, /\r\n\r\n$/);
  }
});

test('whoever offers HTTP/2 in clear text is answered in HTTP/1.1', async () => {
  await using listener = await startListener();
  const answer = await raw(
    listener.port,
    'GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n',
  );
  assert.match(answer, /^HTTP\/1.1 200 OK\r\n/);
});

test('a name rebound to loopback gets nothing', async () => {
  await using listener = await startListener();
  const answer = await raw(listener.port, `${get('/metrics', 'evil.example')}\r\n`);
  assert.match(answer, /^HTTP\/1.1 403 /);
  assert.doesNotMatch(answer, /process_/);
});

test('requests are logged without their query, and failures without their words', async () => {
  await using listener = await startListener({
    prepare: async (app) => {
      app.get('/boom', () => {
        throw new Error('inside');
      });
    },
  });
  await fetch(`http://127.0.0.1:${listener.port}/livez?token=secret`, {
    headers: { authorization: 'Bearer secret' },
  });
  const response = await fetch(`http://127.0.0.1:${listener.port}/boom?token=secret`);
  assert.equal(response.status, 500);
  assert.equal(await response.text(), 'The server made a mistake.\n');
  assert.match(listener.logged(), /"path":"\/livez"/);
  assert.match(listener.logged(), /inside/);
  assert.doesNotMatch(listener.logged(), /secret/);
});
