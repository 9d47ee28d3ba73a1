import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createFetch as nodeFetch } from './http-node.ts';
import { createFetch as browserFetch } from './http.ts';

/** A server of its own for a test. */
async function serve(listener: RequestListener): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // A TCP server's address is one of these.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

for (const [name, fetch] of [
  ['Node’s own HTTP', nodeFetch()],
  ['fetch', browserFetch()],
] as const) {
  test(`${name}: a POST with headers, and the bytes of its answer`, async () => {
    await using server = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(409, { 'content-type': 'application/octet-stream' });
        response.write(`${request.method ?? ''} ${String(request.headers['sheaf-channel'])} `);
        response.end(Buffer.concat(chunks));
      });
    });
    for (const text of ['a row', 'the next on the same connection']) {
      const body = new TextEncoder().encode(text);
      const answer = await fetch(server.url, { method: 'POST', headers: { 'sheaf-channel': 'id' }, body });
      assert.equal(answer.status, 409);
      assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
      assert.equal(answer.headers.get('retry-after'), null);
      assert.equal(Buffer.from(await answer.arrayBuffer()).toString(), `POST id ${text}`);
    }
  });

  test(`${name}: a body is read as it comes, until it is cut`, async () => {
    let cut = (): void => undefined;
    await using server = await serve((_request, response) => {
      response.writeHead(200);
      response.write('one');
      cut = () => response.destroy();
    });
    const answer = await fetch(server.url, { method: 'GET', headers: {} });
    const reader = answer.body?.getReader() ?? assert.fail('it has no body');
    assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), 'one');
    const next = reader.read();
    cut();
    await assert.rejects(next);
  });

  test(`${name}: it ends when it is aborted, before its answer and within it`, async () => {
    const first = Promise.withResolvers<void>();
    await using server = await serve((request, response) => {
      if (request.url === '/hangs') return first.resolve();
      response.writeHead(200);
      response.write('one');
    });
    const before = new AbortController();
    const request = fetch(`${server.url}/hangs`, { method: 'GET', headers: {}, signal: before.signal });
    const refused = assert.rejects(request);
    await first.promise;
    before.abort();
    await refused;
    const within = new AbortController();
    const answer = await fetch(server.url, { method: 'GET', headers: {}, signal: within.signal });
    const reader = answer.body?.getReader() ?? assert.fail('it has no body');
    await reader.read();
    const next = reader.read();
    within.abort();
    await assert.rejects(next);
  });

  test(`${name}: nobody listens`, async () => {
    const server = await serve(() => undefined);
    await server[Symbol.asyncDispose]();
    await assert.rejects(fetch(server.url, { method: 'POST', headers: {} }));
  });
}
