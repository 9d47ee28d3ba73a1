import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { DEFAULT_LIMITS } from '../limits.ts';
import { decodeEntries } from '../store/entries.ts';
import { join } from '../store/own-bytes.ts';
import { DocumentState } from './document-state.ts';
import type { Origin } from './journal.ts';
import { judge, pieceBytes } from './judge.ts';
import { SharedJournal } from './shared-journal.ts';
import { contentsOf, isKnown } from './update-contents.ts';

/** A document with its journal, and people whose updates it takes. */
class Sheet {
  readonly state = new DocumentState(null);
  now = 0;
  readonly journal = new SharedJournal(this.state, 0, { now: () => this.now, maxClients: 100 });
  readonly #docs = new Map<string, Y.Doc>();

  /** Somebody types, knowing all that is here; the update. */
  type(who: string, change: (text: Y.Text) => void): Uint8Array {
    const doc = this.#docs.get(who) ?? new Y.Doc();
    this.#docs.set(who, doc);
    for (const update of this.state.updates()) Y.applyUpdate(doc, update);
    const updates: Uint8Array[] = [];
    const note = (update: Uint8Array): void => void updates.push(update);
    doc.on('update', note);
    doc.transact(() => change(doc.getText('text')));
    doc.off('update', note);
    return Y.mergeUpdates(updates);
  }

  take(update: Uint8Array, origin: Origin, author = ''): void {
    const verdict = judge(this.state.knowledge, update, DEFAULT_LIMITS);
    assert.ok(verdict.kind === 'new');
    this.journal.add(pieceBytes(verdict.piece), verdict.piece, { author, origin, time: 1, arrival: null });
    this.state.admit(verdict.piece);
  }

  /** Somebody here types. */
  here(who: string, words: string): void {
    this.take(
      this.type(who, (text) => text.insert(0, words)),
      'here',
      who,
    );
  }

  /** Somebody at another server types. */
  elsewhere(who: string, words: string): Uint8Array {
    const update = this.type(who, (text) => text.insert(0, words));
    this.take(update, 'elsewhere', who);
    return update;
  }
}

function authors(entries: readonly Uint8Array[]): string[] {
  return decodeEntries(join(entries)).map(({ author }) => author);
}

test('SHARED-5 a commit holds what stands before its own and is not known to be in the log, in order', () => {
  const sheet = new Sheet();
  const { journal } = sheet;
  sheet.elsewhere('b', 'one');
  assert.equal(journal.collect().count, 0);
  assert.equal(journal.durable, 0);
  sheet.here('a', 'two');
  sheet.elsewhere('b', 'three');
  const { first, count, entries, owners } = journal.collect();
  assert.deepEqual([first, count, authors(entries)], [1, 2, ['b', 'a']]);
  assert.deepEqual(
    owners.map(([, author]) => author),
    ['b', 'a'],
  );
  const part = journal.committed(1);
  assert.deepEqual([part?.first, part?.count], [1, 2]);
  assert.equal(journal.durable, 2);
  assert.equal(journal.position, 2);
});

test('SHARED-5 what another has written is not written here, however it is found out', () => {
  const sheet = new Sheet();
  const { journal } = sheet;
  const update = sheet.elsewhere('b', 'one');
  journal.found(update);
  assert.equal(journal.durable, 1);
  const told = sheet.elsewhere('b', 'two');
  const known = contentsOf(told);
  assert.ok(isKnown(known, sheet.state.knowledge));
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.mergeUpdates([update, told]));
  journal.told({ first: 1, count: 2, stateVector: Y.encodeStateVector(doc), deleteSet: new Uint8Array([0]) });
  assert.deepEqual([journal.durable, journal.position, journal.unlogged], [2, 2, 0]);
  sheet.here('a', 'three');
  assert.deepEqual(authors(journal.collect().entries), ['a']);
});

test('SHARED-5 deletes are waited for like text, and piece by piece', () => {
  const sheet = new Sheet();
  const { journal } = sheet;
  sheet.here('a', 'abcdef');
  journal.collect();
  journal.committed(1);
  const one = sheet.type('b', (text) => text.delete(0, 1));
  const both = sheet.type('b', (text) => text.delete(2, 1));
  sheet.take(Y.mergeUpdates([one, both]), 'elsewhere');
  journal.found(one);
  assert.equal(journal.durable, 1);
  journal.found(both);
  assert.equal(journal.durable, 2);
});

test('SHARED-6 what its node does not write in time is written here', () => {
  const sheet = new Sheet();
  const { journal } = sheet;
  sheet.now = 100;
  sheet.elsewhere('b', 'one');
  sheet.now = 200;
  sheet.elsewhere('b', 'two');
  assert.equal(journal.takeOver(99), false);
  assert.equal(journal.takeOver(100), true);
  assert.equal(journal.takeOver(100), false);
  assert.deepEqual(journal.collect().count, 1);
  journal.committed(5);
  assert.equal(journal.durable, 1);
});

test('SHARED-7 numbers that others got lie between, and are accounted for when they are here', () => {
  const sheet = new Sheet();
  const { journal } = sheet;
  sheet.here('a', 'one');
  journal.collect();
  journal.committed(4);
  // Nobody waits for what lies before.
  assert.equal(journal.durable, 1);
  assert.equal(journal.position, 0);
  assert.equal(journal.review(), true);
  journal.account(1, 2);
  assert.equal(journal.position, 2);
  // Told before it is here: it does not count until it is.
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'x');
  const part = { first: 3, count: 1, stateVector: Y.encodeStateVector(doc), deleteSet: new Uint8Array([0]) };
  journal.told(part);
  assert.equal(journal.review(), true);
  assert.equal(journal.position, 2);
  sheet.take(Y.encodeStateAsUpdate(doc), 'elsewhere');
  assert.equal(journal.review(), false);
  assert.deepEqual([journal.position, journal.durable], [4, 2]);
});
