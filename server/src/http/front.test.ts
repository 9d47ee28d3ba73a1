import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Front, type DirectRoutes } from './front.ts';
import { RequestTurns } from './request-turns.ts';

/** A front before routes that take what begins with `/direct`, and what became of its requests. */
function start(handle: (response: ServerResponse) => void = (response) => response.end(), perTurn = 100) {
  const direct: string[] = [];
  const app: string[] = [];
  const errors: object[] = [];
  const routes: DirectRoutes = {
    takes: ({ url = '' }) => url.startsWith('/direct'),
    handle: async ({ url = '' }, response) => {
      direct.push(url);
      handle(response);
    },
  };
  const unexpected = (): never => assert.fail('only errors are logged');
  const log = {
    debug: unexpected,
    info: unexpected,
    warn: unexpected,
    error: (fields: object) => void errors.push(fields),
  };
  const front = new Front({
    routes: () => routes,
    turns: new RequestTurns(perTurn),
    log: () => log,
    watch: () => {},
  });
  const ask = (url: string): ServerResponse => {
    const request = new IncomingMessage(new Socket());
    Object.assign(request, { method: 'POST', url });
    const response = new ServerResponse(request);
    front.handle(request, response, () => app.push(url));
    return response;
  };
  return { front, ask, direct, app, errors };
}

test('what the routes do not take is the app’s, and so is all once the server ends', async () => {
  const { front, ask, direct, app } = start();
  ask('/direct/1');
  ask('/other');
  front.close();
  ask('/direct/2');
  await turn();
  assert.deepEqual(direct, ['/direct/1']);
  assert.deepEqual(app, ['/other', '/direct/2']);
});

test('STALL-1: requests that are answered before the app take their turn too', async () => {
  const { ask, direct } = start(undefined, 2);
  for (let at = 1; at <= 3; at++) ask(`/direct/${at}`);
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(direct, ['/direct/1', '/direct/2']);
  await turn();
  await turn();
  assert.deepEqual(direct, ['/direct/1', '/direct/2', '/direct/3']);
});

test('a route that fails is answered 500, or cut where its answer has begun, and logged without its query', async () => {
  const fail = (_begun?: unknown): never => {
    throw new Error('inside');
  };
  const before = start(fail);
  const response = before.ask('/direct?token=secret');
  await turn();
  assert.equal(response.statusCode, 500);
  assert.deepEqual(before.errors, [{ method: 'POST', path: '/direct', err: new Error('inside') }]);

  const amid = start((begun) => fail(begun.writeHead(200).flushHeaders()));
  const cut = amid.ask('/direct');
  await turn();
  assert.ok(cut.destroyed);
  assert.equal(amid.errors.length, 1);
});
