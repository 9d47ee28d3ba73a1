import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saveState, saveWords } from './save-state.ts';
import type { SyncFacts } from './save-state.ts';

const CALM: SyncFacts = {
  link: 'connected',
  online: true,
  failedAttempts: 0,
  synced: true,
  unacknowledged: 0,
  unsavedChanges: 0,
  readOnly: false,
  refused: false,
};

const LINKS: SyncFacts['link'][] = ['opening', 'connected', 'lost', 'unavailable', 'denied', 'deleted'];

test('saved is said only when connected, synced and with nothing left to acknowledge', () => {
  for (const link of LINKS)
    for (const online of [true, false])
      for (const synced of [true, false])
        for (const unacknowledged of [0, 1])
          for (const unsavedChanges of [0, 1])
            for (const failedAttempts of [0, 1])
              for (const [readOnly, refused] of [
                [false, false],
                [true, false],
                [false, true],
              ] as const) {
                const facts = {
                  ...CALM,
                  link,
                  online,
                  synced,
                  unacknowledged,
                  unsavedChanges,
                  failedAttempts,
                };
                const covered = synced && unacknowledged === 0 && unsavedChanges === 0;
                const expected = link === 'connected' && covered && !readOnly && !refused;
                const { state } = saveState({ ...facts, readOnly, refused });
                assert.equal(state === 'saved', expected, JSON.stringify({ ...facts, readOnly, refused }));
              }
});

test('a change is Saving… until it is acknowledged', () => {
  assert.equal(saveState(CALM).state, 'saved');
  assert.equal(saveState({ ...CALM, unacknowledged: 1, unsavedChanges: 1 }).state, 'saving');
  assert.equal(saveState({ ...CALM, synced: false, unsavedChanges: 1 }).state, 'saving');
});

test('a lost connection is Reconnecting…, and Offline once an attempt has failed', () => {
  assert.equal(saveState({ ...CALM, link: 'lost' }).state, 'reconnecting');
  assert.equal(saveState({ ...CALM, link: 'lost', failedAttempts: 1 }).state, 'offline');
  assert.equal(saveState({ ...CALM, link: 'lost', online: false }).state, 'offline');
  assert.equal(saveState({ ...CALM, link: 'opening', failedAttempts: 1 }).state, 'offline');
});

test('unsaved changes are counted, and nothing is claimed to be kept on the device', () => {
  const offline = { ...CALM, link: 'lost', failedAttempts: 2 } as const;
  assert.equal(saveWords(saveState(offline)), 'Offline');
  assert.equal(saveWords(saveState({ ...offline, unsavedChanges: 1 })), 'Offline, 1 change not saved yet');
  assert.equal(saveWords(saveState({ ...offline, unsavedChanges: 12 })), 'Offline, 12 changes not saved yet');
});

test('a server that cannot store, and one that refuses, are told apart', () => {
  assert.equal(saveState({ ...CALM, link: 'unavailable', unsavedChanges: 3 }).state, 'not-saved');
  assert.equal(saveState({ ...CALM, link: 'denied' }).state, 'denied');
  assert.equal(saveState({ ...CALM, link: 'deleted' }).state, 'deleted');
  assert.equal(
    saveState({ ...CALM, unacknowledged: 1, unsavedChanges: 1, refused: true }).state,
    'not-saved',
  );
  assert.equal(saveState({ ...CALM, readOnly: true }).state, 'read-only');
  assert.equal(saveState({ ...CALM, readOnly: true, unsavedChanges: 1 }).state, 'not-saved');
});
