import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { compose, has, TEXT } from './composition.ts';
import type { Composition } from './composition.ts';
import { SAMPLE_TRACE, tracePath } from './sample-trace.ts';
import { parseTrace, readTrace } from './trace.ts';

function merge({ keystrokes }: Composition, order: (indexes: number[]) => number[]): string {
  const doc = new Y.Doc();
  for (const index of order([...keystrokes.keys()])) {
    const update = keystrokes[index]?.update;
    if (update != null) Y.applyUpdate(doc, update);
  }
  return doc.getText(TEXT).toString();
}

test('typing at once, in code points, merges to the end of the trace in any order', () => {
  const composition = compose(SAMPLE_TRACE, 'a');
  assert.equal(composition.text, SAMPLE_TRACE.endContent);
  assert.equal(
    merge(composition, (indexes) => indexes),
    SAMPLE_TRACE.endContent,
  );
  assert.equal(
    merge(composition, (indexes) => indexes.reverse()),
    SAMPLE_TRACE.endContent,
  );
});

test('an update holds nothing but what its person did', () => {
  const { clients, keystrokes } = compose(SAMPLE_TRACE, 'a');
  for (const { person, update, clock } of keystrokes) {
    assert.ok(update !== null);
    const { structs } = Y.decodeUpdate(update);
    for (const { id, length } of structs) {
      assert.equal(id.client, clients[person]);
      assert.ok(id.clock + length <= clock);
    }
  }
  assert.deepEqual(keystrokes.map(({ needs }) => needs).slice(3, 6), [
    [2, 0],
    [1, 1],
    [3, 2],
  ]);
});

test('the same trace in the same document gives the same updates; another document other client ids', () => {
  assert.deepEqual(compose(SAMPLE_TRACE, 'a'), compose(SAMPLE_TRACE, 'a'));
  assert.notDeepEqual(compose(SAMPLE_TRACE, 'a').clients, compose(SAMPLE_TRACE, 'b').clients);
});

test('a part of a trace gives the same updates as its beginning in the whole', () => {
  const part = compose(SAMPLE_TRACE, 'a', 4);
  assert.deepEqual(part.keystrokes, compose(SAMPLE_TRACE, 'a').keystrokes.slice(0, 4));
  assert.equal(part.text, '😀  hello wor𝒳ld');
});

test('a replica has a keystroke when it has its characters and its deletes', () => {
  const { clients, keystrokes } = compose(SAMPLE_TRACE, 'a');
  const deletion = keystrokes[5];
  assert.ok(deletion?.update != null);
  const doc = new Y.Doc();
  for (const { update } of keystrokes.slice(0, 5)) if (update !== null) Y.applyUpdate(doc, update);
  assert.ok(!has(doc, clients[0] ?? 0, deletion));
  Y.applyUpdate(doc, deletion.update);
  assert.ok(has(doc, clients[0] ?? 0, deletion));
});

test('a trace that does not fit is refused', () => {
  const trace = (value: object): (() => Composition) => {
    const parsed = parseTrace(JSON.stringify({ endContent: '', numAgents: 1, ...value }));
    return () => compose(parsed, 'a');
  };
  assert.throws(trace({ txns: [{ patches: [[1, 0, 'x']] }] }), /txns\[0\] lies outside the text/);
  assert.throws(trace({ txns: [{ patches: [[0, 1, '']] }] }), /txns\[0\] lies outside the text/);
  assert.throws(trace({ txns: [{ patches: [[0, 0, 'x']] }] }), /do not lead to endContent/);
  const twoPlaces = [
    { agent: 0, parents: [], patches: [[0, 0, 'x']] },
    { agent: 0, parents: [], patches: [[0, 0, 'y']] },
  ];
  assert.throws(trace({ txns: twoPlaces }), /typed elsewhere at the same time/);
});

for (const name of ['clownschool', 'sveltecomponent', 'rustcode', 'automerge-paper']) {
  const path = tracePath(name);
  test(
    `composes ${name} to its end`,
    { skip: path === null && 'the recorded sessions are not here' },
    async () => {
      const trace = await readTrace(path ?? '');
      assert.equal(compose(trace, name).text, trace.endContent);
    },
  );
}
