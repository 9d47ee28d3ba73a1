import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { JwtAccess } from '../access/jwt.ts';
import { OpenAccess } from '../access/open.ts';
import type { Access } from '../access/access.ts';
import type { OriginRules } from '../access/origins.ts';
import { SheafError } from '../error.ts';
import { startListener, type TestListener } from '../http/listener-for-tests.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import type { DocumentsApi } from './documents-api.ts';
import { AdminAccess } from '../access/admin.ts';
import type { ClusterOverview } from '../cluster/overview.ts';
import { serveApi } from './serve-api.ts';

const OWN: OriginRules = { publicUrl: null, origins: ['https://wiki.example'], checkHost: true };

/** The catalogue of a store in memory, with a clock that steps by one at each call. */
function catalogue(): DocumentsApi {
  const store = openMemoryStore();
  let now = 1_000;
  return {
    list: (page) => store.catalogue.list(page),
    get: (document) => store.catalogue.get(document),
    create: (document) => store.catalogue.create(document, (now += 1)),
    delete: (document) => store.catalogue.delete(document, (now += 1)),
  };
}

function startApi(
  options: {
    documents?: DocumentsApi;
    access?: Access;
    overview?: ClusterOverview;
    adminToken?: string;
  } = {},
): Promise<TestListener> {
  return startListener({
    origins: OWN,
    prepare: (app) =>
      serveApi(app, {
        documents: options.documents ?? catalogue(),
        overview: { look: () => Promise.resolve(options.overview ?? null) },
        access: options.access ?? new OpenAccess(),
        admin: new AdminAccess(options.adminToken ?? null, true),
        origins: OWN,
        limits: DEFAULT_LIMITS,
        log: app.log,
      }),
  });
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // JSON as it came; what it holds is asserted.
  readonly body: Record<string, unknown>;
}

async function call(
  listener: TestListener,
  method: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(
    `http://127.0.0.1:${listener.port}/${method.includes('/') ? method : `sheaf.documents.v1.DocumentService/${method}`}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    },
  );
  const text = await response.text();
  const json: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, body: json as Record<string, unknown> };
}

test('a document is made, told about, and deleted, by JSON', async () => {
  await using listener = await startApi();
  const made = await call(listener, 'CreateDocument', { name: 'team/plan' });
  assert.equal(made.status, 200);
  const document = {
    name: 'team/plan',
    createTime: '1970-01-01T00:00:01.001Z',
    updateTime: '1970-01-01T00:00:01.001Z',
  };
  assert.deepEqual(made.body, { document, created: true });
  assert.deepEqual((await call(listener, 'CreateDocument', { name: 'team/plan' })).body, { document });
  assert.deepEqual((await call(listener, 'GetDocument', { name: 'team/plan' })).body, { document });
  assert.equal((await call(listener, 'DeleteDocument', { name: 'team/plan' })).status, 200);
  assert.equal((await call(listener, 'GetDocument', { name: 'team/plan' })).body['code'], 'not_found');
  assert.equal((await call(listener, 'DeleteDocument', { name: 'team/plan' })).body['code'], 'not_found');
  assert.equal(
    (await call(listener, 'CreateDocument', { name: 'team/plan' })).body['code'],
    'failed_precondition',
  );
});

test('without a name every call makes a new document of a random name', async () => {
  await using listener = await startApi();
  const names = new Set<unknown>();
  for (let times = 0; times < 3; times++) {
    const { body } = await call(listener, 'CreateDocument', {});
    assert.equal(body['created'], true);
    const { name } = body['document'] as { name: string };
    assert.match(name, /^[\w-]{16}$/);
    names.add(name);
  }
  assert.equal(names.size, 3);
});

test('the list comes in pages, the latest change first', async () => {
  await using listener = await startApi();
  const made = ['a', 'b', 'c', 'd', 'e'];
  for (const name of made) await call(listener, 'CreateDocument', { name });
  const listed: string[] = [];
  const sizes: number[] = [];
  let pageToken = '';
  do {
    const { body } = await call(listener, 'ListDocuments', { pageSize: 2, pageToken });
    const page = body['documents'] as { name: string }[];
    listed.push(...page.map(({ name }) => name));
    sizes.push(page.length);
    pageToken = (body['nextPageToken'] as string | undefined) ?? '';
  } while (pageToken !== '');
  assert.deepEqual(listed, made.toReversed());
  assert.deepEqual(sizes, [2, 2, 1]);
  assert.deepEqual((await call(listener, 'ListDocuments', { pageSize: 5 })).body['nextPageToken'], undefined);
});

test('the list can be asked for by GET, as Connect does for calls without effects', async () => {
  await using listener = await startApi();
  await call(listener, 'CreateDocument', { name: 'a' });
  const response = await fetch(
    `http://127.0.0.1:${listener.port}/sheaf.documents.v1.DocumentService/ListDocuments?connect=v1&encoding=json&message=%7B%7D`,
  );
  assert.equal(response.status, 200);
  assert.match(await response.text(), /"name":"a"/);
});

test('what a caller does wrong is invalid_argument or resource_exhausted', async () => {
  await using listener = await startApi();
  const code = async (method: string, body: unknown): Promise<unknown> =>
    (await call(listener, method, body)).body['code'];
  assert.equal(await code('GetDocument', {}), 'invalid_argument');
  assert.equal(await code('CreateDocument', { name: 'a\nb' }), 'invalid_argument');
  assert.equal(await code('ListDocuments', { pageSize: -1 }), 'invalid_argument');
  assert.equal(await code('ListDocuments', { pageSize: 201 }), 'invalid_argument');
  assert.equal(await code('ListDocuments', { pageToken: 'x' }), 'invalid_argument');
  assert.equal(await code('ListDocuments', '{'), 'invalid_argument');
  const large = { name: 'a'.repeat(DEFAULT_LIMITS.apiRequestBytes) };
  assert.equal(await code('GetDocument', large), 'resource_exhausted');
  assert.equal((await call(listener, 'RenameDocument', {})).status, 404);
});

test('a token decides: read lists and tells, write makes and deletes, * is needed for the list', async () => {
  const secret = new TextEncoder().encode('a secret of at least thirty-two bytes');
  await using listener = await startApi({ access: new JwtAccess({ secret, keys: null }) });
  const bearer = async (claims: Record<string, unknown>): Promise<Record<string, string>> => {
    const token = await new SignJWT({ sub: 'ada', exp: Date.now(), ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(secret);
    return { authorization: `Bearer ${token}` };
  };
  const writer = await bearer({ doc: 'team/*', role: 'write' });
  const reader = await bearer({ doc: '*' });
  const code = async (
    method: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<[number, unknown]> => {
    const answer = await call(listener, method, body, headers);
    return [answer.status, answer.body['code']];
  };
  assert.deepEqual(await code('ListDocuments', {}, {}), [401, 'unauthenticated']);
  assert.deepEqual(await code('ListDocuments', {}, { authorization: 'Bearer x.y.z' }), [
    401,
    'unauthenticated',
  ]);
  assert.deepEqual(await code('ListDocuments', {}, writer), [403, 'permission_denied']);
  assert.deepEqual(await code('ListDocuments', {}, reader), [200, undefined]);
  assert.deepEqual(await code('CreateDocument', { name: 'team/a' }, writer), [200, undefined]);
  assert.deepEqual(await code('CreateDocument', { name: 'other' }, writer), [403, 'permission_denied']);
  assert.deepEqual(await code('CreateDocument', {}, writer), [403, 'permission_denied']);
  assert.deepEqual(await code('CreateDocument', { name: 'other' }, reader), [403, 'permission_denied']);
  assert.deepEqual(await code('GetDocument', { name: 'team/a' }, reader), [200, undefined]);
  assert.deepEqual(await code('DeleteDocument', { name: 'team/a' }, reader), [403, 'permission_denied']);
  assert.deepEqual(await code('DeleteDocument', { name: 'team/a' }, writer), [200, undefined]);
  assert.doesNotMatch(listener.logged(), /eyJ/);
});

test('pages of other origins are refused, named ones get what CORS asks for', async () => {
  await using listener = await startApi();
  const refused = await call(listener, 'CreateDocument', { name: 'a' }, { origin: 'http://evil.example' });
  assert.equal(refused.status, 403);
  assert.equal((await call(listener, 'GetDocument', { name: 'a' })).body['code'], 'not_found');
  const own = await call(listener, 'ListDocuments', {}, { origin: `http://127.0.0.1:${listener.port}` });
  assert.equal(own.status, 200);
  const named = await call(listener, 'ListDocuments', {}, { origin: 'https://wiki.example' });
  assert.equal(named.headers.get('access-control-allow-origin'), 'https://wiki.example');
  assert.match(named.headers.get('vary') ?? '', /origin/i);
  const preflight = await fetch(
    `http://127.0.0.1:${listener.port}/sheaf.documents.v1.DocumentService/ListDocuments`,
    {
      method: 'OPTIONS',
      headers: { origin: 'https://wiki.example', 'access-control-request-method': 'POST' },
    },
  );
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /Authorization/);
  assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /POST/);
});

test('an error of the server is told without its words, and logged with them', async () => {
  const documents = catalogue();
  await using listener = await startApi({
    documents: {
      ...documents,
      get: () => Promise.reject(new Error('inside')),
      create: () => Promise.reject(new SheafError('storage-unavailable', 'The disk is full.')),
    },
  });
  const internal = await call(listener, 'GetDocument', { name: 'a' });
  assert.deepEqual(internal.body, { code: 'internal', message: 'The server made a mistake.' });
  assert.match(listener.logged(), /inside/);
  const unavailable = await call(listener, 'CreateDocument', { name: 'a' });
  assert.equal(unavailable.status, 503);
  assert.deepEqual(unavailable.body, { code: 'unavailable', message: 'The disk is full.' });
});

const OVERVIEW = 'sheaf.cluster.v1.ClusterService/GetOverview';

test('ADMIN-2 the overview is JSON: nodes, and each direction of each link', async () => {
  const lag = { lagUpdates: 3, lagMs: 41.6, queueBytes: 12, dirtyDocuments: 1 };
  const overview: ClusterOverview = {
    cluster: 'c1',
    nodes: [
      { node: 'b', state: 'linked', self: true, answered: true, leaving: false },
      { node: 'a', state: 'suspect', self: false, answered: false, leaving: true },
    ],
    links: [{ from: 'b', to: 'a', state: 'suspect', ...lag }],
  };
  await using listener = await startApi({ overview });
  const { body, status } = await call(listener, OVERVIEW, {});
  assert.equal(status, 200);
  assert.deepEqual(body, {
    clusterId: 'c1',
    nodes: [
      { nodeId: 'b', state: 'LINK_STATE_LINKED', isSelf: true, hasAnswered: true },
      { nodeId: 'a', state: 'LINK_STATE_SUSPECT', isLeaving: true },
    ],
    links: [
      {
        fromNodeId: 'b',
        toNodeId: 'a',
        state: 'LINK_STATE_SUSPECT',
        lagUpdates: '3',
        lagMs: '42',
        queueBytes: '12',
        dirtyDocuments: 1,
      },
    ],
  });
});

test('ADMIN-1 with a token set, only who shows it sees the overview; it reaches no log', async () => {
  const adminToken = 'an-operator-of-this-server';
  await using listener = await startApi({ adminToken });
  const ask = async (token: string | null): Promise<[number, unknown]> => {
    const headers = token === null ? undefined : { authorization: `Bearer ${token}` };
    const { status, body } = await call(listener, OVERVIEW, {}, headers);
    return [status, body['code']];
  };
  assert.deepEqual(await ask(null), [401, 'unauthenticated']);
  assert.deepEqual(await ask('another'), [401, 'unauthenticated']);
  assert.deepEqual(await ask(adminToken), [200, undefined]);
  assert.doesNotMatch(listener.logged(), /operator-of/);
});
