import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tokens } from './tokens.ts';
import type { TokenAnswer } from './tokens.ts';

const URL_OF_TOKENS = 'https://wiki.example/token?for=sheaf';

/** Tokens of a page whose program answers as told, in this order; the last answer stays. */
function tokensOf(
  answers: readonly (() => Response | Promise<Response>)[],
  url: string | null = URL_OF_TOKENS,
) {
  const asked: { address: string; init: RequestInit }[] = [];
  const tokens = new Tokens({
    url: () => Promise.resolve(url),
    fetch: async (input, init = {}) => {
      asked.push({ address: String(input), init });
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (!answer) throw new TypeError('Nobody listens.');
      return answer();
    },
  });
  return { tokens, asked };
}

const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });

test('ACCESS-5: a token is asked for with the document and the person’s cookies, and kept until another is wanted', async () => {
  const { tokens, asked } = tokensOf([
    json({ token: 'one' }),
    json({ token: 'two' }),
    json({ token: 'list' }),
  ]);
  assert.deepEqual(await tokens.get('a b/ü&doc=c'), { type: 'token', token: 'one' });
  assert.deepEqual(await tokens.get('a b/ü&doc=c'), { type: 'token', token: 'one' });
  assert.deepEqual(await tokens.renew('a b/ü&doc=c'), { type: 'token', token: 'two' });
  assert.deepEqual(await tokens.get('a b/ü&doc=c'), { type: 'token', token: 'two' });
  assert.deepEqual(await tokens.get(null), { type: 'token', token: 'list' });
  const [first, , list] = asked.map(({ address }) => new URL(address).searchParams);
  assert.deepEqual(
    [...(first ?? [])],
    [
      ['for', 'sheaf'],
      ['doc', 'a b/ü&doc=c'],
    ],
  );
  assert.deepEqual([...(list ?? [])], [['for', 'sheaf']]);
  for (const { init } of asked) {
    assert.equal(init.credentials, 'include');
    assert.equal(init.cache, 'no-store');
    assert.equal(init.redirect, 'error');
  }
  assert.equal(asked.length, 3);
});

test('ACCESS-5: who asks for the same at once is answered by one request', async () => {
  const { tokens, asked } = tokensOf([json({ token: 'one' }), json({ token: 'two' })]);
  await Promise.all([tokens.get('a'), tokens.renew('a'), tokens.get('a')]);
  assert.equal(asked.length, 1);
  await tokens.renew('a');
  assert.equal(asked.length, 2);
});

test('ACCESS-5: a refusal may name where to sign in, and no address that would run in the page', async () => {
  const refusal = async (body: unknown, status = 401): Promise<TokenAnswer> =>
    tokensOf([json(body, status)]).tokens.get('a');
  assert.deepEqual(await refusal({ login: 'https://wiki.example/login' }), {
    type: 'refused',
    login: 'https://wiki.example/login',
  });
  for (const body of [
    {},
    null,
    { login: 7 },
    { login: 'javascript:alert(1)' },
    { login: 'data:text/html,x' },
  ])
    assert.deepEqual(await refusal(body, 403), { type: 'refused', login: null });
  const { tokens } = tokensOf([() => new Response('no', { status: 403 })]);
  assert.deepEqual(await tokens.get('a'), { type: 'refused', login: null });
});

test('ACCESS-5: what is no token is none, and the one in hand stays', async () => {
  for (const answer of [
    json({ token: '' }),
    json({ token: 7 }),
    json({ token: 'x'.repeat(20_000) }),
    json(null),
    json({ token: 'one' }, 500),
    json({ token: 'one' }, 404),
    () => new Response('<h1>Portal</h1>'),
    () => Promise.reject(new TypeError('No network.')),
  ]) {
    const { tokens } = tokensOf([json({ token: 'held' }), answer]);
    await tokens.get('a');
    assert.deepEqual(await tokens.renew('a'), { type: 'failed' });
    assert.deepEqual(await tokens.get('a'), { type: 'token', token: 'held' });
  }
});

test('ACCESS-5: where nobody gives tokens none is wanted; a server that does not say so is tried without one', async () => {
  const { tokens, asked } = tokensOf([], null);
  assert.deepEqual(await tokens.get('a'), { type: 'none' });
  assert.deepEqual(await tokens.renew('a'), { type: 'none' });
  assert.equal(asked.length, 0);
  const unknown = new Tokens({ url: () => Promise.reject(new TypeError('No network.')), fetch });
  assert.deepEqual(await unknown.get('a'), { type: 'none' });
  assert.deepEqual(await unknown.renew('a'), { type: 'failed' });
});
