import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { type ReceivedAs, Session, type SessionHost } from './session.ts';
import type { Subscriber } from './subscriber.ts';

/** More than a client's silence lasts, ms. */
const LONG_MS = 10_000;

/** A session, what its host was given, and how many acknowledgements went out. */
function setUp(askEcho?: Subscriber['askEcho']): {
  session: Session;
  received: ReceivedAs[];
  acknowledged: () => number;
} {
  const received: ReceivedAs[] = [];
  let acknowledged = 0;
  const durable = 9;
  const host: SessionHost = {
    open: () => {},
    receive: (_session, _update, message) => void received.push(message),
    receivePresence: () => {},
    sendPresence: () => {},
    catchUp: () => {},
    left: () => {},
    away: () => {},
    heard: (heard) => heard.settle(durable),
  };
  const subscriber: Subscriber = {
    author: '',
    writable: true,
    frameKey: '',
    frameUpdate: (update) => update,
    framePresence: (entries) => entries,
    send: () => {},
    bufferedBytes: 0,
    sendStepOne: () => {},
    sendSnapshot: () => {},
    sendStepTwo: () => {},
    acknowledge: (count) => (acknowledged += count),
    refuse: () => {},
    close: () => {},
    askEcho,
  };
  return { session: new Session(host, subscriber, 1024), received, acknowledged: () => acknowledged };
}

function largeUpdate(): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'x'.repeat(100_000));
  return Y.encodeStateAsUpdate(doc);
}

test('ACK-4: what a worker decides on later, and the client may count, is acknowledged after a silence', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { session, received, acknowledged } = setUp();
  session.stepOne(new Uint8Array([0]));
  session.update(largeUpdate());
  session.stepTwo(new Uint8Array([0, 0]));
  const [update, stepTwo] = received;
  assert.ok(update && stepTwo);
  assert.equal(update.receipt.unsure, 1);
  session.ledger.owe(stepTwo.receipt, 0);
  session.settle(0);
  assert.equal(acknowledged(), 1);
  t.mock.timers.tick(LONG_MS);
  session.ledger.owe(update.receipt, 1);
  session.settle(0);
  t.mock.timers.tick(LONG_MS);
  assert.equal(acknowledged(), 1, 'ACK-1: it is not on disk');
  session.settle(1);
  t.mock.timers.tick(LONG_MS);
  assert.equal(acknowledged(), 2);
  session.leave();
});

test('an update before the handshake is over does not cost a reading of the whole state vector', () => {
  const { session, received } = setUp();
  const clients = new Map(Array.from({ length: 50_000 }, (_, client) => [client + 1, 1]));
  session.stepOne(Y.encodeStateVector(clients));
  const began = performance.now();
  for (let i = 0; i < 1_000; i++) session.update(new Uint8Array([0, 0]));
  assert.equal(received.length, 1_000);
  // Reading it each time takes some 5 s.
  assert.ok(performance.now() - began < 1_000, `${performance.now() - began} ms`);
  session.leave();
});

test('ACK-13: a handshake is acknowledged behind the echo, or after 5 s to a client that knows none and has a network', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const echoes: (() => void)[] = [];
  const shake = (): ReturnType<typeof setUp> => {
    const made = setUp((heard) => void echoes.push(heard));
    made.session.stepOne(new Uint8Array([0]));
    made.session.stepTwo(new Uint8Array([0, 0]));
    const [stepTwo] = made.received;
    assert.ok(stepTwo);
    made.session.ledger.owe(stepTwo.receipt, 0);
    made.session.settle(0);
    assert.equal(made.acknowledged(), 0);
    return made;
  };
  const answering = shake();
  echoes.pop()?.();
  assert.equal(answering.acknowledged(), 1);
  const silent = shake();
  const away = shake();
  away.session.lost();
  t.mock.timers.tick(LONG_MS);
  assert.deepEqual(
    [answering, silent, away].map(({ acknowledged }) => acknowledged()),
    [1, 1, 0],
  );
  away.session.resumed();
  echoes.pop()?.();
  assert.equal(away.acknowledged(), 1);
  t.mock.timers.tick(LONG_MS);
  assert.equal(away.acknowledged(), 1);
  for (const { session } of [answering, silent, away]) session.leave();
});
