import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOf } from './hash.ts';
import { Transfer } from './transfer.ts';
import { UploadError } from './upload-error.ts';

const KIB = 1024;

/** A server of uploads in memory, as `fetch` reaches it, which answers as the real one does (SPEC UPLOAD-2). */
class FakeServer {
  readonly stored = new Map<string, Uint8Array>();
  readonly parts: number[] = [];
  /** Says what is wrong before a request is looked at; null: nothing. */
  trouble: (request: { method: string; body: number; token: string | null }) => number | 'cut' | null = () =>
    null;
  #received = new Uint8Array(0);

  fetch: typeof fetch = async (input, init = {}) => {
    const url = new URL(String(input));
    const { method = 'GET', body } = init;
    const sent = body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : new Uint8Array(0);
    const token = new Headers(init.headers).get('authorization');
    const trouble = this.trouble({ method, body: sent.length, token });
    if (trouble === 'cut') {
      this.#take(sent.subarray(0, sent.length / 2));
      throw new TypeError('Failed to fetch');
    }
    if (trouble !== null) return new Response('', { status: trouble });
    const [, , hash = ''] = url.pathname.split('/');
    if (method !== 'PUT') {
      const found = this.stored.get(hash);
      if (!found) return new Response('', { status: 404 });
      return new Response(method === 'HEAD' ? null : new Blob([Uint8Array.from(found)]));
    }
    const [size, from] = ['size', 'from'].map((name) => Number(url.searchParams.get(name)));
    if (from !== this.#received.length) return this.#told(409);
    this.#take(sent);
    this.parts.push(sent.length);
    if (this.#received.length < Number(size)) return this.#told(200);
    this.stored.set(hash, this.#received);
    return this.#told(201);
  };

  #take(bytes: Uint8Array): void {
    this.#received = Uint8Array.from([...this.#received, ...bytes]);
  }

  #told(status: number): Response {
    return Response.json({ received: this.#received.length }, { status });
  }
}

function transferTo(server: FakeServer, tokens: string[] = []): Transfer {
  const next = () =>
    Promise.resolve(
      tokens[0] === undefined ? { type: 'none' as const } : { type: 'token' as const, token: tokens[0] },
    );
  return new Transfer({
    base: 'http://server.example',
    document: 'team/a b',
    fetch: server.fetch,
    tokens: {
      get: next,
      renew: () => {
        tokens.shift();
        return next();
      },
    },
  });
}

async function sample(length: number) {
  const bytes = Uint8Array.from({ length }, (_, index) => index & 0xff);
  return { content: new Blob([bytes]), hash: await hashOf(bytes.buffer) };
}

const never = () => new AbortController().signal;

test('UPLOAD-2 an upload goes in parts, and what is there already is not sent again', async () => {
  const server = new FakeServer();
  const { content, hash } = await sample(1_200 * KIB);
  const progress: number[] = [];
  const sending = { signal: never(), onprogress: (sent: number) => void progress.push(sent) };
  await transferTo(server).send(hash, content, sending);
  assert.deepEqual(progress, [512 * KIB, 1_024 * KIB, 1_200 * KIB]);
  await transferTo(server).send(hash, content, sending);
  assert.equal(server.parts.length, 3);
  assert.equal((await transferTo(server).get(hash, never())).size, content.size);
});

test('UPLOAD-2 after a cut it goes on where the server is', async () => {
  const server = new FakeServer();
  const { content, hash } = await sample(1_000 * KIB);
  let puts = 0;
  server.trouble = ({ method }) => (method === 'PUT' && (puts += 1) === 1 ? 'cut' : null);
  const sending = { signal: never(), onprogress: () => {} };
  await assert.rejects(transferTo(server).send(hash, content, sending), { code: 'away' });
  await transferTo(server).send(hash, content, sending);
  assert.equal(server.stored.get(hash)?.length, content.size);
  assert.equal(
    server.parts.reduce((sum, part) => sum + part, 0),
    (1_000 - 256) * KIB,
  );
});

test('UPLOAD-2 parts become smaller where something on the way finds them too large', async () => {
  const server = new FakeServer();
  const { content, hash } = await sample(200 * KIB);
  server.trouble = ({ body }) => (body > 64 * KIB ? 413 : null);
  await transferTo(server).send(hash, content, { signal: never(), onprogress: () => {} });
  assert.equal(server.stored.get(hash)?.length, content.size);
});

test('UPLOAD-7 what comes slowly arrives, however long it takes; what has stopped to come is given up', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { hash } = await sample(1);
  /** Bytes that come one by one, each after 50 s. */
  const arriving = (count: number) => {
    const server = new FakeServer();
    let left = count;
    server.fetch = (_input, { signal } = {}) => {
      const body = new ReadableStream<Uint8Array>(
        {
          start: (controller) => signal?.addEventListener('abort', () => controller.error(signal.reason)),
          pull: (controller) => {
            t.mock.timers.tick(50_000);
            left -= 1;
            if (left >= 0) controller.enqueue(Uint8Array.of(7));
            else if (left === -1 && count < 5) controller.close();
            // The page waits, and nothing comes.
            else t.mock.timers.tick(11_000);
          },
        },
        { highWaterMark: 0 },
      );
      return Promise.resolve(new Response(body, { headers: { 'content-type': 'image/png' } }));
    };
    return transferTo(server).get(hash, never());
  };
  const content = await arriving(4);
  assert.deepEqual([content.size, content.type], [4, 'image/png']);
  await assert.rejects(arriving(5), { code: 'away' });
});

test('an old token is exchanged once; without a right it is refused', async () => {
  const server = new FakeServer();
  const { content, hash } = await sample(10);
  server.trouble = ({ token }) => (token === 'Bearer new' ? null : 401);
  await transferTo(server, ['old', 'new']).send(hash, content, { signal: never(), onprogress: () => {} });
  assert.ok(server.stored.has(hash));
  const refused = transferTo(server, ['old', 'older', 'new']).get(hash, never());
  await assert.rejects(refused, { code: 'refused' });
});

test('what an answer means is told apart', async () => {
  const server = new FakeServer();
  const { content, hash } = await sample(10);
  for (const [status, code, passes] of [
    [403, 'refused', false],
    [413, 'too-large', false],
    [400, 'failed', false],
    [422, 'away', true],
    [429, 'too-many', true],
    [502, 'away', true],
    [507, 'no-room', true],
  ] as const) {
    server.trouble = ({ method }) => (method === 'PUT' ? status : null);
    const failed = transferTo(server).send(hash, content, { signal: never(), onprogress: () => {} });
    await assert.rejects(
      failed,
      (error) => error instanceof UploadError && error.code === code && error.passes === passes,
    );
  }
});
