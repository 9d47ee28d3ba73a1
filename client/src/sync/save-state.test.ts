import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../words/en.ts';
import { SAVED } from './facts-for-tests.ts';
import type { Keeping } from './keeper.ts';
import { changesAtRisk, mayRecover, saveState } from './save-state.ts';
import type { Carrier, SyncFacts } from './save-state.ts';
import { carrierWords, keepingWords, saveExplanation, saveWords } from './save-words.ts';

const KEEPING: Keeping[] = [
  'starting',
  'works',
  'stopped',
  'full',
  'unavailable',
  'blocked',
  'outdated',
  'too-large',
  'failed',
];
const CARRIERS: (Carrier | null)[] = [
  null,
  { kind: 'websocket', reason: null },
  { kind: 'sse', reason: 'network' },
  { kind: 'poll', reason: 'network' },
  { kind: 'poll', reason: 'chosen' },
];

/** Every combination of what can be known. */
function* everything(): Generator<SyncFacts> {
  const choices: { [K in keyof SyncFacts]: SyncFacts[K][] } = {
    link: ['opening', 'connected', 'lost', 'unavailable', 'denied', 'deleted', 'corrupt'],
    online: [true, false],
    failedAttempts: [0, 1],
    synced: [true, false],
    unacknowledged: [0, 1],
    copies: [null, { nodes: 1, of: 2 }],
    unsavedChanges: [0, 1, 3],
    keptChanges: [0, 1, 3],
    keeping: KEEPING,
    persisted: [null, true, false],
    carrier: CARRIERS,
    readOnly: [true, false],
    refused: [true, false],
    unanswered: [false],
    login: [null],
  };
  const entries = Object.entries(choices);
  const pick = function* (at: number): Generator<[string, unknown][]> {
    const entry = entries[at];
    if (!entry) return yield [];
    for (const value of entry[1]) for (const rest of pick(at + 1)) yield [[entry[0], value], ...rest];
  };
  // Each object is built of one choice for every key.
  for (const chosen of pick(0)) {
    const facts: SyncFacts = { ...SAVED, ...Object.fromEntries(chosen) };
    yield facts;
    if (facts.link === 'denied') yield { ...facts, login: 'https://wiki.example/login' };
    if (facts.link === 'opening' || facts.link === 'lost') yield { ...facts, unanswered: true };
  }
}

test('PILL-1 PILL-2 PILL-3: in every combination the words claim no more than is known', () => {
  let count = 0;
  for (const facts of everything()) {
    // What keeps changes, what carries them and where they are on servers have nothing to do with each other.
    const plain =
      facts.carrier?.reason !== 'network' && (facts.keeping === 'works' || facts.keeping === 'full');
    if (facts.copies !== null && !plain) continue;
    if (facts.keeping !== 'works' && facts.keeping !== 'full' && facts.carrier?.reason === 'network')
      continue;
    if (facts.keeping !== 'works' && facts.persisted !== null) continue;
    count += 1;
    const { link, synced, unacknowledged, unsavedChanges, readOnly, refused } = facts;
    const save = saveState(facts);
    const words = saveWords(en.saving, save);
    const told = saveExplanation(en.saving, save);
    const fail = (what: string) => assert.fail(`${what}: "${words}" "${told}" of ${JSON.stringify(facts)}`);

    // PILL-1
    const covered = synced && unacknowledged === 0 && unsavedChanges === 0;
    const saved = link === 'connected' && covered && !readOnly && !refused;
    if ((save.state === 'saved') !== saved || (words === 'Saved') !== saved) fail('saved');

    // PILL-2: what is called kept is kept, and every number said is a true one.
    const kept = Math.min(facts.keptChanges, unsavedChanges);
    const risk = unsavedChanges - kept;
    if (changesAtRisk(save) !== risk) fail('risk');
    for (const text of [words, told]) {
      for (const [, part, number] of text.matchAll(
        /(?:(\d+) of )?(\d+) changes? (?:is |are )?kept on this device/g,
      )) {
        if (Number(part ?? number) !== kept || kept === 0) fail('kept');
        // Where others are not kept, the words are not those for all.
        if (Number(number) !== unsavedChanges) fail('all');
      }
      for (const [, number] of text.matchAll(
        /(\d+) changes? (?:(?:is |are )?in it|only in|(?:is |are )?not kept)/g,
      ))
        if (Number(number) !== risk || risk === 0) fail('risk in words');
    }
    if (/also if you close/.test(told) && risk > 0) fail('close');
    if (risk > 0 && !/Keep this page open/.test(told)) fail('no warning');
    if (
      keepingWords(en.saving, facts.keeping) !== '' &&
      !told.includes(keepingWords(en.saving, facts.keeping)) &&
      risk > 0
    )
      fail('no reason');

    // PILL-5
    const outside = link === 'denied' && facts.login !== null;
    if (/sign(ed)? in/i.test(told) !== outside || (save.login !== null) !== outside) fail('signed out');
    const waits = facts.online && facts.unanswered && (link === 'opening' || link === 'lost');
    if (/lets people in/.test(told) !== waits || words.startsWith('Not connected') !== waits) fail('token');

    // PILL-3
    if (/blocks WebSockets/.test(told) !== (facts.carrier?.reason === 'network')) fail('carrier');

    if (mayRecover(save)) {
      if (unsavedChanges === 0) fail('nothing to recover');
      if (link === 'lost' || link === 'opening' || link === 'unavailable') fail('the server may take it yet');
    }
    // PILL-6: only what the server says is on some of its disks is called so, and never simply saved.
    const partly = save.state === 'partly-saved';
    if (partly !== /^Saved on one server; waiting for a second$/.test(words)) fail('partly saved');
    if (partly && (link !== 'connected' || facts.copies === null || !synced || unacknowledged === 0))
      fail('partly');

    if (save.state !== 'saved' && /server’s disk\./.test(told) && /Everything/.test(told)) fail('everything');
  }
  assert.ok(count > 100_000);
});

test('a change is Saving… until it is acknowledged', () => {
  assert.equal(saveState(SAVED).state, 'saved');
  assert.equal(saveState({ ...SAVED, unacknowledged: 1, unsavedChanges: 1 }).state, 'saving');
  assert.equal(saveState({ ...SAVED, synced: false, unsavedChanges: 1 }).state, 'saving');
  assert.equal(saveState({ ...SAVED, link: 'opening', unsavedChanges: 1 }).state, 'saving');
});

test('PILL-6 how many servers have a change, and how many are waited for, is said in words', () => {
  const words = (nodes: number, of: number): string =>
    saveWords(
      en.saving,
      saveState({ ...SAVED, unacknowledged: 1, unsavedChanges: 1, copies: { nodes, of } }),
    );
  assert.equal(words(1, 2), 'Saved on one server; waiting for a second');
  assert.equal(words(2, 3), 'Saved on two servers; waiting for a third');
  assert.equal(words(1, 3), 'Saved on one server; waiting for two more');
  // Somebody types on: that is nowhere yet.
  assert.equal(
    saveWords(en.saving, saveState({ ...SAVED, unacknowledged: 2, unsavedChanges: 2 })),
    'Saving…',
  );
});

test('a lost connection is Reconnecting…, and Offline once an attempt has failed', () => {
  assert.equal(saveState({ ...SAVED, link: 'lost' }).state, 'reconnecting');
  assert.equal(saveState({ ...SAVED, link: 'lost', failedAttempts: 1 }).state, 'offline');
  assert.equal(saveState({ ...SAVED, link: 'lost', online: false }).state, 'offline');
  assert.equal(saveState({ ...SAVED, link: 'opening', failedAttempts: 1 }).state, 'offline');
});

test('what waits is counted, and where it is', () => {
  const offline = { ...SAVED, link: 'lost', failedAttempts: 2 } as const;
  const words = (facts: Partial<SyncFacts>) => saveWords(en.saving, saveState({ ...offline, ...facts }));
  assert.equal(words({}), 'Offline');
  assert.equal(words({ unsavedChanges: 1, keptChanges: 1 }), 'Offline, 1 change kept on this device');
  assert.equal(words({ unsavedChanges: 12, keptChanges: 12 }), 'Offline, 12 changes kept on this device');
  assert.equal(
    words({ unsavedChanges: 13, keptChanges: 12 }),
    'Offline, 12 of 13 changes kept on this device',
  );
  assert.equal(words({ unsavedChanges: 1 }), 'Offline, 1 change only in this page');
  assert.equal(
    words({ unsavedChanges: 13, keptChanges: 12, keeping: 'full' }),
    'Offline, 1 change only in this page',
  );
  assert.equal(
    words({ link: 'unavailable', unsavedChanges: 2, keptChanges: 2 }),
    'Not saved, 2 changes kept on this device',
  );
  assert.equal(
    words({ link: 'denied', unsavedChanges: 2, keptChanges: 2 }),
    'No access, 2 changes kept on this device',
  );
  assert.equal(
    words({ link: 'deleted', unsavedChanges: 2, keptChanges: 2 }),
    'Deleted, 2 changes kept on this device',
  );
});

test('why nothing is kept, and a browser that promised nothing, are told in words of their own', () => {
  const offline = { ...SAVED, link: 'lost', failedAttempts: 2, unsavedChanges: 2 } as const;
  const troubles = KEEPING.map((keeping) => keepingWords(en.saving, keeping)).filter((words) => words !== '');
  assert.equal(new Set(troubles).size, 7);
  for (const keeping of KEEPING)
    assert.ok(
      saveExplanation(en.saving, saveState({ ...offline, keeping })).includes(
        keepingWords(en.saving, keeping),
      ),
    );
  const kept = { ...offline, keptChanges: 2 };
  assert.match(saveExplanation(en.saving, saveState({ ...kept, persisted: false })), /may remove them/);
  assert.doesNotMatch(saveExplanation(en.saving, saveState({ ...kept, persisted: true })), /may remove them/);
});

test('the way to the server is told where it is not a WebSocket, and blamed on the network only if that is why', () => {
  assert.deepEqual(
    CARRIERS.map((carrier) => carrierWords(en.saving, carrier)),
    [
      '',
      '',
      'Connected over HTTP: your network blocks WebSockets',
      'Connected over HTTP: your network blocks WebSockets',
      'Connected over HTTP',
    ],
  );
});

test('a server that cannot store, one that refuses and one that cannot read are told apart', () => {
  const state = (facts: Partial<SyncFacts>) => saveState({ ...SAVED, ...facts });
  assert.equal(state({ link: 'unavailable', unsavedChanges: 3 }).state, 'not-saved');
  assert.equal(state({ link: 'denied' }).state, 'denied');
  assert.equal(state({ link: 'deleted' }).state, 'deleted');
  assert.equal(state({ unacknowledged: 1, unsavedChanges: 1, refused: true }).state, 'not-saved');
  assert.equal(state({ readOnly: true }).state, 'read-only');
  assert.equal(state({ readOnly: true, unsavedChanges: 1 }).state, 'not-saved');
  assert.equal(state({ link: 'corrupt' }).state, 'not-saved');
  const told = [
    { link: 'unavailable' },
    { link: 'corrupt' },
    { refused: true },
    { readOnly: true, unsavedChanges: 1 },
  ] as const;
  assert.equal(new Set(told.map((facts) => saveExplanation(en.saving, state(facts)))).size, 4);
});
