import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { startServer } from '../main.ts';
import type { Connect } from './client.ts';
import { compose } from './composition.ts';
import { connectHocuspocus } from './hocuspocus-client.ts';
import { Ledger } from './ledger.ts';
import { randomComposition, seededRandom } from './random-composition.ts';
import { SAMPLE_TRACE } from './sample-trace.ts';
import { difference, openReplica, replaySession } from './session.ts';
import type { SessionOptions } from './session.ts';
import { connectYWebsocket } from './y-websocket-client.ts';

const PROTOCOLS: readonly [path: string, connect: Connect][] = [
  ['hocuspocus', connectHocuspocus],
  ['yjs', connectYWebsocket],
];

function session(base: string, path: string, connect: Connect): SessionOptions {
  const composition = compose(SAMPLE_TRACE, 'sample');
  const url = `${base.replace(/^http/, 'ws')}/${path}`;
  const rest = { from: 0, resume: false, readers: 0, perSecond: Infinity };
  return { connect, url, document: 'sample', composition, ...rest };
}

for (const [path, connect] of PROTOCOLS) {
  test(`${path}: everybody ends with the recorded text, readers and newcomers too`, async () => {
    await using server = await startServer();
    const { progress, differences, latencies, wire } = await replaySession({
      ...session(server.url, path, connect),
      readers: 1,
    });
    assert.deepEqual(differences, []);
    assert.deepEqual(
      [progress.played, progress.sent, progress.acknowledged, latencies.length, progress.lostConnections],
      [7, 7, 7, 7, 0],
    );
    assert.ok(wire.sentBytes > 0 && wire.receivedBytes > 0);
  });

  test(`${path}: a session goes on where it stopped, and sends only what is missing`, async () => {
    await using server = await startServer();
    const options = session(server.url, path, connect);
    await replaySession({ ...options, composition: compose(SAMPLE_TRACE, 'sample', 3) });
    await assert.rejects(replaySession(options), /not empty/);
    const { progress, differences } = await replaySession({ ...options, resume: true });
    assert.deepEqual(differences, []);
    assert.deepEqual([progress.played, progress.sent], [7, 4]);
  });

  test(`${path}: the beginning can be put there at once`, async () => {
    await using server = await startServer();
    const { progress, differences } = await replaySession({ ...session(server.url, path, connect), from: 5 });
    assert.deepEqual(differences, []);
    assert.deepEqual([progress.played, progress.sent], [7, 2]);
  });
}

test('a document that holds something else is left alone', async () => {
  await using server = await startServer();
  const options = session(server.url, 'hocuspocus', connectHocuspocus);
  const composition = randomComposition({ people: 1, keystrokes: 5, random: seededRandom(1) });
  await replaySession({ ...options, composition });
  await assert.rejects(replaySession({ ...options, resume: true }), /more than this session/);
});

test('a wrong text is told with its first difference, of every replica', async () => {
  await using server = await startServer();
  const options = session(server.url, 'hocuspocus', connectHocuspocus);
  const wrong = { ...options.composition, text: `${options.composition.text}.` };
  const { differences } = await replaySession({ ...options, composition: wrong, settleMs: 1 });
  assert.deepEqual(
    differences.map(({ who, at }) => [who, at]),
    ['person 1', 'person 2', 'a new client'].map((who) => [who, options.composition.text.length]),
  );
  assert.deepEqual(difference('x', 'abc', 'abd'), { who: 'x', at: 2, expected: 'abc', found: 'abd' });
});

test('no server: told so', async () => {
  const options = session('http://127.0.0.1:9', 'hocuspocus', connectHocuspocus);
  await assert.rejects(replaySession({ ...options, openMs: 300 }), /did not open the document/);
});

test('what was acknowledged is in a new replica', async () => {
  await using server = await startServer();
  const composition = randomComposition({ people: 3, keystrokes: 600, random: seededRandom(2) });
  const ledger = new Ledger();
  const options: SessionOptions = {
    ...session(server.url, 'hocuspocus', connectHocuspocus),
    composition,
    onAcknowledged: (indexes) => {
      for (const index of indexes) {
        const update = composition.keystrokes[index]?.update;
        if (update != null) ledger.acknowledge(update);
      }
    },
  };
  const { differences } = await replaySession(options);
  assert.deepEqual(differences, []);
  assert.deepEqual(ledger.missingFrom(await openReplica(options)), []);
  assert.ok(ledger.missingFrom(new Y.Doc()).length >= 3);
});
