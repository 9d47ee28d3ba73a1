import { CONTENT_FIELD } from '@sheaf/schema/content';
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import * as Y from 'yjs';
import { DEFAULT_LIMITS } from '../limits.ts';
import { parseDocumentName } from '../store/document-name.ts';
import { encodeEntries } from '../store/entries.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import type { Catalogue, Store } from '../store/store.ts';
import { Documents } from './documents.ts';
import type { Subscriber } from './subscriber.ts';

const PLAN = parseDocumentName('plan');
const LIMITS = { ...DEFAULT_LIMITS, commitMs: 0, busyCommitMs: 0, titleMs: 1, logGraceMs: 1 };

const SILENT: Subscriber = {
  author: 'ann',
  writable: true,
  frameKey: 'test',
  frameUpdate: (update) => update,
  framePresence: () => new Uint8Array(),
  send: () => {},
  bufferedBytes: 0,
  sendStepOne: () => {},
  sendSnapshot: () => {},
  sendStepTwo: () => {},
  acknowledge: () => {},
  refuse: () => {},
  close: () => {},
};

/** A server on a store that others share, which tells of the titles that it sets. */
function serve(context: TestContext, store: Store, titled: (title: string) => void = () => {}): Documents {
  const catalogue = new Proxy<Catalogue>(store.catalogue, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      if (key !== 'setTitle') return value.bind(target);
      return (name: typeof PLAN, title: string) => {
        titled(title);
        return target.setTitle(name, title);
      };
    },
  });
  const report = (words: string): void => assert.fail(words);
  const documents = new Documents({ store: { ...store, catalogue }, limits: LIMITS, report, shared: true });
  context.after(() => documents.close());
  return documents;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 1));
}

test('SHARED-12 a title is projected by the server whose people wrote it, and by the others when that is gone', async (context) => {
  const store = openMemoryStore();
  const [here, there]: [string[], string[]] = [[], []];
  const a = serve(context, store, (title) => here.push(title));
  const b = serve(context, store, (title) => there.push(title));
  await a.create(PLAN);
  await until(() => here.length === 1);
  await b.edit(PLAN, 'ben', () => {});
  for (const word of ['one', 'two']) {
    await a.edit(PLAN, 'ann', (doc) => doc.getText(CONTENT_FIELD).insert(1, `${word} `));
    await b.shared?.follow();
    await until(() => here.at(-1)?.startsWith(word) === true);
  }
  assert.deepEqual(there, []);
  b.shared?.attendToAll();
  await until(() => there.length > 0);
  assert.deepEqual(there, here.slice(-1));
});

test('SHARED-11 what waits at one server takes nothing from what waits at another, or was found in the log', async (context) => {
  const store = openMemoryStore();
  /** Words of one person, and words behind them that refer to them. */
  const write = (words: string): [base: Uint8Array, behind: Uint8Array] => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    doc.getText('text').insert(0, `${words} `);
    doc.getText('text').insert(words.length + 1, 'behind ');
    const [base, behind] = updates;
    assert.ok(base && behind);
    return [base, behind];
  };
  const [found, one, other] = ['found', 'one', 'other'].map(write);
  assert.ok(found && one && other);
  // As a server that was alone has left it.
  const pending = encodeEntries([{ update: found[1], author: 'cleo', time: 1 }]);
  await store.log.append([{ document: PLAN, first: 1, count: 0, entries: [], pending, owners: [] }]);
  const [a, b] = [serve(context, store), serve(context, store)];
  for (const [documents, [base, behind]] of [
    [a, one],
    [b, other],
  ] as const) {
    const session = await documents.join(PLAN, SILENT);
    session.stepOne(Uint8Array.of(0));
    session.stepTwo(Uint8Array.of(0, 0));
    session.update(behind);
    await documents.inMemory(PLAN)?.whenDecided();
    await documents.edit(PLAN, 'ann', (doc) => doc.getText('other').insert(0, 'x'));
    assert.deepEqual((await store.log.load(PLAN))?.pending, pending);
    session.update(base);
    await until(async () => textOf(await documents.read(PLAN)).includes('behind'));
    session.leave();
  }
  // Whoever opens it later finds what was in the log, and it is in when what it waits for comes.
  const c = serve(context, store);
  const session = await c.join(PLAN, SILENT);
  session.stepOne(Uint8Array.of(0));
  session.stepTwo(Uint8Array.of(0, 0));
  session.update(found[0]);
  await until(async () => textOf(await c.read(PLAN)).includes('found behind'));
  assert.match(textOf(await c.read(PLAN)), /one behind /);
});

function textOf(state: Awaited<ReturnType<Documents['read']>>): string {
  const doc = new Y.Doc();
  for (const update of state?.updates() ?? []) Y.applyUpdate(doc, update);
  return doc.getText('text').toJSON();
}
