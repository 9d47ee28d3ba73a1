import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import type { ErrorCode } from '../error.ts';
import { parseDocumentName } from '../store/document-name.ts';
import { accessContract } from './access-contract.ts';
import { JwtAccess, remoteKeys } from './jwt.ts';

const SECRET = new TextEncoder().encode('a secret of at least thirty-two bytes');

function sign(claims: Record<string, unknown>, secret = SECRET, algorithm = 'HS256'): Promise<string> {
  return new SignJWT({ sub: 'ada', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
    .setProtectedHeader({ alg: algorithm })
    .sign(secret);
}

function withSecret(now?: () => number): JwtAccess {
  return new JwtAccess({ secret: SECRET, keys: null, ...(now && { now }) });
}

async function refused(
  access: JwtAccess,
  token: string,
  document: string | null,
  code: ErrorCode,
): Promise<void> {
  const name = document === null ? null : parseDocumentName(document);
  await assert.rejects(access.authorize({ token, document: name }), { code });
}

accessContract('jwt', async () => ({
  access: withSecret(),
  token: await sign({ doc: '*', role: 'write', name: 'Ada' }),
}));

test('jwt: sub, name, role and exp become the grant', async () => {
  const exp = Math.floor(Date.now() / 1000) + 100;
  const token = await sign({ sub: 'u1', name: 'Ada', doc: 'a', role: 'write', exp });
  assert.deepEqual(await withSecret().authorize({ token, document: parseDocumentName('a') }), {
    principal: { id: 'u1', name: 'Ada' },
    role: 'write',
    expires: exp * 1000,
  });
});

test('jwt: without a role a token may read, and any other role is refused', async () => {
  const grant = await withSecret().authorize({
    token: await sign({ doc: 'a' }),
    document: parseDocumentName('a'),
  });
  assert.equal(grant.role, 'read');
  await refused(withSecret(), await sign({ doc: 'a', role: 'owner' }), 'a', 'unauthorized');
  await refused(withSecret(), await sign({ doc: 'a', role: null }), 'a', 'unauthorized');
});

test('jwt: doc is a name, a pattern, or an array of them', async () => {
  const access = withSecret();
  const may = async (doc: unknown, document: string | null): Promise<boolean> => {
    const name = document === null ? null : parseDocumentName(document);
    try {
      await access.authorize({ token: await sign({ doc }), document: name });
      return true;
    } catch {
      return false; // refused: what is asked here
    }
  };
  assert.equal(await may('a', 'a'), true);
  assert.equal(await may('a', 'ab'), false);
  assert.equal(await may('team/*', 'team/plan'), true);
  assert.equal(await may('team/*', 'team'), false);
  assert.equal(await may('te*m', 'team'), false);
  assert.equal(await may(['a', 'b*'], 'bc'), true);
  assert.equal(await may(['a', 'b*'], 'c'), false);
  assert.equal(await may('*', null), true);
  assert.equal(await may('team/*', null), false);
  for (const doc of [undefined, null, 7, {}, [], [['a']], '']) assert.equal(await may(doc, 'a'), false);
});

test('jwt: no token, an expired one, one without sub or exp, and one of another secret are unauthorized', async () => {
  const access = withSecret();
  const other = new TextEncoder().encode('another secret, thirty-two bytes long');
  await refused(access, '', 'a', 'unauthorized');
  await refused(
    access,
    await sign({ doc: '*', exp: Math.floor(Date.now() / 1000) - 60 }),
    'a',
    'unauthorized',
  );
  await refused(access, await sign({ doc: '*', exp: undefined }), 'a', 'unauthorized');
  await refused(access, await sign({ doc: '*', sub: '' }), 'a', 'unauthorized');
  await refused(access, await sign({ doc: '*' }, other), 'a', 'unauthorized');
});

test('jwt: the clock may be 5 s off', async () => {
  const exp = 2_000_000_000;
  const token = await sign({ doc: '*', exp });
  await withSecret(() => (exp + 4) * 1000).authorize({ token, document: null });
  await refused(
    withSecret(() => (exp + 6) * 1000),
    token,
    null,
    'unauthorized',
  );
});

test('jwt: algorithms are pinned', async () => {
  const claims = { doc: '*', sub: 'ada', exp: Math.floor(Date.now() / 1000) + 60 };
  await refused(withSecret(), new UnsecuredJWT(claims).encode(), 'a', 'unauthorized');
  const long = new Uint8Array(64).fill(7);
  const access = new JwtAccess({ secret: long, keys: null });
  await refused(access, await sign(claims, long, 'HS512'), 'a', 'unauthorized');
});

test('jwt: public keys come from an address, and their failure is not the token’s fault', async (t) => {
  const pairs = {
    RS256: await generateKeyPair('RS256', { extractable: true }),
    ES256: await generateKeyPair('ES256', { extractable: true }),
    EdDSA: await generateKeyPair('EdDSA', { extractable: true }),
  };
  const keys = await Promise.all(
    Object.entries(pairs).map(async ([alg, pair]) => ({
      ...(await exportJWK(pair.publicKey)),
      alg,
      kid: alg,
    })),
  );
  let broken = false;
  const server = createServer((_request, response) => {
    response.statusCode = broken ? 500 : 200;
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const bound = server.address();
  assert.ok(typeof bound === 'object' && bound !== null);
  const address = new URL(`http://127.0.0.1:${bound.port}/keys`);
  const access = new JwtAccess({ secret: null, keys: remoteKeys(address) });
  const claims = { doc: '*', sub: 'ada', exp: Math.floor(Date.now() / 1000) + 60 };

  for (const [alg, pair] of Object.entries(pairs)) {
    const token = await new SignJWT(claims).setProtectedHeader({ alg, kid: alg }).sign(pair.privateKey);
    assert.equal((await access.authorize({ token, document: null })).principal.id, 'ada');
  }
  // A public key taken for an HMAC secret must not pass.
  const confused = await sign(claims, new TextEncoder().encode(JSON.stringify(keys[0])));
  await refused(access, confused, 'a', 'unauthorized');
  const stranger = await generateKeyPair('ES256');
  const forged = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: 'ES256' })
    .sign(stranger.privateKey);
  await refused(access, forged, 'a', 'unauthorized');

  const good = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: 'ES256' })
    .sign(pairs.ES256.privateKey);
  broken = true;
  await refused(new JwtAccess({ secret: null, keys: remoteKeys(address) }), good, 'a', 'internal');
  const nobody = new URL('http://127.0.0.1:1/keys');
  await refused(new JwtAccess({ secret: null, keys: remoteKeys(nobody) }), good, 'a', 'internal');
});
