import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { readBody } from './read-body.ts';

const LIMIT = 10;

/** What `read` finds of a POST that comes in these pieces, one behind the other. */
async function post<T>(
  pieces: readonly string[],
  read: (request: IncomingMessage) => Promise<T>,
): Promise<{ found: T; answers: number }> {
  const { promise, resolve } = Promise.withResolvers<T>();
  let answers = 0;
  let came = (): void => {};
  const server = createServer(async (request, response) => {
    came();
    resolve(await read(request));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  assert.ok(typeof bound === 'object' && bound !== null);
  const socket = connect({ port: bound.port, host: '127.0.0.1', noDelay: true });
  const [first = '', ...others] = pieces;
  const there = new Promise<void>((seen) => (came = seen));
  socket.write(first);
  await there;
  for (const piece of others) socket.write(piece);
  const found = await promise;
  // The connection goes on: what was read of the first request leaves it whole.
  socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  for await (const chunk of socket) answers += String(chunk).split('HTTP/1.1 200').length - 1;
  server.close();
  return { found, answers };
}

const head = (length: number): string => `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n`;
const bodyOf = async (request: IncomingMessage): Promise<string | undefined> =>
  (await readBody(request, LIMIT, AbortSignal.timeout(10_000)))?.toString();

test('a body that came with its head is read before anything else happens', async () => {
  const read = async (request: IncomingMessage): Promise<{ body: string | undefined; waited: boolean }> => {
    await Promise.resolve();
    let waited = false;
    process.nextTick(() => (waited = true));
    return { body: await bodyOf(request), waited };
  };
  const { found, answers } = await post([`${head(5)}hello`], read);
  assert.deepEqual(found, { body: 'hello', waited: false });
  assert.equal(answers, 2);
});

test('a body that comes in pieces is read whole, and one that is longer than it may be is not', async () => {
  assert.deepEqual(await post([head(5), 'hello'], bodyOf), { found: 'hello', answers: 2 });
  assert.deepEqual(await post([`${head(5)}he`, 'llo'], bodyOf), { found: 'hello', answers: 2 });
  assert.deepEqual(await post([head(0)], bodyOf), { found: '', answers: 2 });
  const chunked = 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n';
  assert.deepEqual(await post([`${chunked}5\r\nhello\r\n`, '0\r\n\r\n'], bodyOf), {
    found: 'hello',
    answers: 2,
  });
  assert.equal((await post([`${head(11)}hello world`], bodyOf)).found, undefined);
  assert.equal((await post([`${chunked}b\r\nhello world\r\n0\r\n\r\n`], bodyOf)).found, undefined);
});
