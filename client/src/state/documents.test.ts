import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenAnswer, TokenSource } from '../sync/tokens.ts';
import { Documents, DocumentsError } from './documents.ts';

const NOBODY: TokenSource = {
  get: () => Promise.resolve({ type: 'none' }),
  renew: () => Promise.resolve({ type: 'none' }),
};

/** The catalogue of a server that answers as told, in this order; what it was asked is kept. */
function catalogue(answers: readonly Response[], tokens: TokenSource = NOBODY) {
  const asked: { url: string; body: unknown; authorization: string | null }[] = [];
  const left = [...answers];
  const documents = new Documents({
    base: 'https://docs.example',
    tokens,
    fetch: (url, { body, headers }) => {
      const authorization = new Headers(headers).get('authorization');
      asked.push({ url, body: JSON.parse(String(body)), authorization });
      const answer = left.shift();
      return answer ? Promise.resolve(answer) : Promise.reject(new TypeError('Nobody listens.'));
    },
  });
  return { documents, asked };
}

async function reasonOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => assert.fail('It was answered.'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DocumentsError);
  return error.reason;
}

test('a document is made where there is none, and only then', async () => {
  const { documents, asked } = catalogue([
    Response.json({ code: 'not_found' }, { status: 404 }),
    Response.json({ document: { name: 'plan/ü' }, created: true }),
    Response.json({ document: { name: 'plan/ü' } }),
    Response.json({ document: { name: 'drawn' } }),
  ]);
  await documents.ensure('plan/ü');
  await documents.ensure('plan/ü');
  assert.equal(await documents.create(), 'drawn');
  assert.deepEqual(
    asked.map(({ url, body }) => [url.split('/').at(-1), body]),
    [
      ['GetDocument', { name: 'plan/ü' }],
      ['CreateDocument', { name: 'plan/ü' }],
      ['GetDocument', { name: 'plan/ü' }],
      ['CreateDocument', {}],
    ],
  );
});

test('a page of the list has its documents and where it goes on; what is left out counts as empty', async () => {
  const { documents, asked } = catalogue([
    Response.json({
      documents: [{ name: 'a', title: 'A', updateTime: '2026-11-01T10:00:00.5Z' }, { name: 'b' }],
      nextPageToken: 'more',
    }),
  ]);
  assert.deepEqual(await documents.list('x', new AbortController().signal), {
    documents: [
      { name: 'a', title: 'A', changed: new Date('2026-11-01T10:00:00.500Z') },
      { name: 'b', title: '', changed: new Date(0) },
    ],
    next: 'more',
  });
  assert.equal(asked[0]?.url, 'https://docs.example/sheaf.documents.v1.DocumentService/ListDocuments');
  assert.deepEqual(asked[0]?.body, { pageSize: 50, pageToken: 'x' });
});

test('ACCESS-5: a token that is not taken is asked for once more', async () => {
  const answers: readonly TokenAnswer[] = [
    { type: 'token', token: 'old' },
    { type: 'token', token: 'new' },
  ];
  const [old, fresh] = answers;
  assert.ok(old && fresh);
  const tokens: TokenSource = { get: () => Promise.resolve(old), renew: () => Promise.resolve(fresh) };
  const { documents, asked } = catalogue(
    [Response.json({ code: 'unauthenticated' }, { status: 401 }), Response.json({ document: { name: 'a' } })],
    tokens,
  );
  await documents.ensure('a');
  assert.deepEqual(
    asked.map(({ authorization }) => authorization),
    ['Bearer old', 'Bearer new'],
  );
});

test('a refusal has the reason that its code gives, else its status; no answer is out of reach', async () => {
  const refusals: readonly (readonly [Response, string])[] = [
    [Response.json({ code: 'permission_denied' }, { status: 403 }), 'denied'],
    [Response.json({ code: 'failed_precondition' }, { status: 400 }), 'deleted'],
    [Response.json({ code: 'invalid_argument' }, { status: 400 }), 'name'],
    [new Response('<h1>Bad gateway</h1>', { status: 502 }), 'unavailable'],
    [new Response('', { status: 403 }), 'denied'],
    [new Response('', { status: 500 }), 'unreachable'],
    // A portal that answers everything with a page of its own.
    [new Response('<h1>Sign in to the hotel</h1>'), 'unreachable'],
    [Response.json({ code: 'resource_exhausted', message: 'Too many.' }, { status: 429 }), 'other'],
  ];
  for (const [answer, reason] of refusals)
    assert.equal(await reasonOf(catalogue([answer]).documents.create()), reason);
  assert.equal(await reasonOf(catalogue([]).documents.create()), 'unreachable');
  assert.equal(await reasonOf(catalogue([Response.json({})]).documents.create()), 'unreachable');
});
