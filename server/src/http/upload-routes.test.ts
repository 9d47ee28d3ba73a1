import { uploadAddress } from '@sheaf/proto/upload-address';
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Access } from '../access/access.ts';
import { SheafError } from '../error.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { MemoryUploads } from '../store/memory/memory-uploads.ts';
import { hashOf, ROOMY, sampleBytes } from '../store/uploads/upload-contract.ts';
import { readRange } from './byte-range.ts';
import { startListener, type TestListener } from './listener-for-tests.ts';
import { imageTypeOf } from './media-type.ts';
import { serveUploads } from './upload-routes.ts';

/** The smallest PNG: one transparent pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>');
const OWN = { publicUrl: null, origins: [], checkHost: true };

/** Tokens name a role and a document: `write a`. */
const TOKENS: Access = {
  authorize: ({ token, document }) => {
    const [role, name] = token.split('-');
    if (role !== 'read' && role !== 'write')
      return Promise.reject(new SheafError('unauthorized', 'A token is needed.'));
    if (name !== document) return Promise.reject(new SheafError('forbidden', 'Another document.'));
    return Promise.resolve({ principal: { id: 'ada', name: 'Ada' }, role, expires: Infinity });
  },
};

function start(limits: Partial<Limits> = {}): Promise<TestListener> {
  const all = { ...DEFAULT_LIMITS, ...ROOMY, ...limits };
  const uploads = new MemoryUploads(all, Date.now);
  return startListener({
    origins: OWN,
    limits,
    prepare: (app) =>
      serveUploads(app, {
        uploads,
        bring: () => Promise.resolve(false),
        offer: () => Promise.resolve({ copies: 1, enough: true }),
        access: TOKENS,
        origins: OWN,
        limits: all,
        trusted: () => false,
      }),
  });
}

interface Sent {
  readonly token?: string;
  readonly document?: string;
  readonly from?: number;
  readonly to?: number;
  readonly headers?: Record<string, string>;
}

function put({ port }: TestListener, bytes: Uint8Array, sent: Sent = {}): Promise<Response> {
  const { token = 'write-a', document = 'a', from = 0, to = bytes.length, headers = {} } = sent;
  const address = uploadAddress(hashOf(bytes), document);
  return fetch(`http://127.0.0.1:${port}${address}&size=${bytes.length}&from=${from}`, {
    method: 'PUT',
    body: Buffer.from(bytes.subarray(from, to)),
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
}

function get(
  { port }: TestListener,
  bytes: Uint8Array,
  sent: Sent & { more?: string } = {},
): Promise<Response> {
  const { token = 'read-a', document = 'a', headers = {}, more = '' } = sent;
  return fetch(`http://127.0.0.1:${port}${uploadAddress(hashOf(bytes), document)}${more}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
}

test('UPLOAD-1 who may write puts an upload, who may read gets it, and nobody else', async () => {
  await using listener = await start();
  assert.equal((await put(listener, PNG, { token: 'read-a' })).status, 403);
  assert.equal((await put(listener, PNG, { token: '' })).status, 401);
  assert.equal((await get(listener, PNG)).status, 404);
  const stored = await put(listener, PNG);
  assert.equal(stored.status, 201);
  assert.deepEqual(await stored.json(), { received: PNG.length, copies: 1 });
  assert.deepEqual(Buffer.from(await (await get(listener, PNG)).arrayBuffer()), PNG);
  assert.equal((await get(listener, PNG, { token: '' })).status, 401);
  assert.equal((await get(listener, PNG, { token: 'read-b' })).status, 403);
  // Who may read another document does not get it there by knowing its hash.
  assert.equal((await get(listener, PNG, { token: 'read-b', document: 'b' })).status, 404);
});

test('UPLOAD-2 parts are told how far the upload has come', async () => {
  await using listener = await start();
  const bytes = sampleBytes(5_000);
  const first = await put(listener, bytes, { to: 3_000 });
  assert.deepEqual([first.status, await first.json()], [200, { received: 3_000 }]);
  const again = await put(listener, bytes, { to: 3_000 });
  assert.deepEqual([again.status, await again.json()], [409, { received: 3_000 }]);
  assert.equal((await put(listener, bytes, { from: 3_000 })).status, 201);
  assert.deepEqual(Buffer.from(await (await get(listener, bytes)).arrayBuffer()), Buffer.from(bytes));
});

test('UPLOAD-3 an upload or a part that is too large is refused with words', async () => {
  await using listener = await start({ uploadBytes: 10_000, uploadPartBytes: 4_000 });
  const large = await put(listener, sampleBytes(10_001));
  assert.deepEqual([large.status, await large.text()], [413, 'An upload has at most 10000 bytes.\n']);
  const part = await put(listener, sampleBytes(9_000));
  assert.deepEqual([part.status, await part.text()], [413, 'A part of an upload has at most 4000 bytes.\n']);
});

test('UPLOAD-3 one address has only so many parts under way', async () => {
  await using listener = await start({ uploadsPerAddress: 1 });
  const bytes = sampleBytes(2_000);
  const slow = connect(listener.port, '127.0.0.1');
  await once(slow, 'connect');
  slow.write(
    `PUT ${uploadAddress(hashOf(bytes), 'a')}&size=2000&from=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
      'Authorization: Bearer write-a\r\nContent-Length: 2000\r\n\r\n1',
  );
  // Until the slow one has begun to be read, another is taken.
  let answer = await put(listener, sampleBytes(10));
  while (answer.status !== 429) answer = await put(listener, sampleBytes(10));
  slow.destroy();
  while (answer.status === 429) answer = await put(listener, sampleBytes(10));
  assert.equal(answer.status, 201);
});

test('UPLOAD-6 what is an image by its bytes is shown, anything else is a file, and nothing runs', async () => {
  await using listener = await start();
  await put(listener, PNG);
  await put(listener, SVG);
  const image = await get(listener, PNG, { more: '&name=a%2Fb%20%22%C3%A4.png' });
  assert.equal(image.headers.get('content-type'), 'image/png');
  assert.equal(image.headers.get('content-disposition'), "inline; filename*=UTF-8''a_b%20%22%C3%A4.png");
  assert.equal(image.headers.get('cache-control'), 'private, max-age=31536000, immutable');
  const svg = await get(listener, SVG);
  assert.equal(svg.headers.get('content-type'), 'application/octet-stream');
  assert.equal(svg.headers.get('content-disposition'), 'attachment');
  for (const answer of [image, svg]) {
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.match(answer.headers.get('content-security-policy') ?? '', /^sandbox; default-src 'none'/);
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin');
  }
});

test('UPLOAD-6 pages of other origins neither put nor get', async () => {
  await using listener = await start();
  await put(listener, PNG);
  assert.equal((await put(listener, PNG, { headers: { origin: 'https://evil.example' } })).status, 403);
  // What embeds an image sends no Origin.
  assert.equal((await get(listener, PNG, { headers: { 'sec-fetch-site': 'cross-site' } })).status, 403);
});

test('UPLOAD-7 ranges and what a browser has already', async () => {
  await using listener = await start();
  const bytes = sampleBytes(1_000);
  await put(listener, bytes);
  const part = await get(listener, bytes, { headers: { range: 'bytes=10-19' } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), 'bytes 10-19/1000');
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), Buffer.from(bytes.subarray(10, 20)));
  assert.equal((await get(listener, bytes, { headers: { range: 'bytes=1000-' } })).status, 416);
  const known = await get(listener, bytes, { headers: { 'if-none-match': `"${hashOf(bytes)}"` } });
  assert.equal(known.status, 304);
  assert.deepEqual(readRange('bytes=-10', 1_000), { from: 990, to: 1_000 });
  assert.deepEqual(readRange('bytes=5-', 1_000), { from: 5, to: 1_000 });
  assert.equal(readRange('bytes=9-5', 1_000), null);
  assert.equal(readRange('bytes=0-1,4-5', 1_000), null);
  assert.equal(readRange('bytes=-0', 1_000), 'none');
});

test('UPLOAD-6 images are known by their first bytes', () => {
  const head = (text: string) => Buffer.from(text.padEnd(64, '\0'), 'latin1');
  assert.equal(imageTypeOf(head('\xff\xd8\xff\xe0')), 'image/jpeg');
  assert.equal(imageTypeOf(head('GIF89a')), 'image/gif');
  assert.equal(imageTypeOf(head('RIFF\x01\x02\x03\x04WEBPVP8 ')), 'image/webp');
  assert.equal(imageTypeOf(head('\0\0\0\x1cftypavif')), 'image/avif');
  for (const other of ['<svg xmlns="', '%PDF-1.7', '', 'GIF88a', 'RIFF\x01\x02\x03\x04WAVE'])
    assert.equal(imageTypeOf(head(other)), null, other);
});
