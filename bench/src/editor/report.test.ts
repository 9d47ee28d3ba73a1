import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatEditorResults } from './report.ts';
import type { EditorResults, Round } from './report.ts';

function round(name: Round['name'], changed: Partial<Round> = {}): Round {
  const opening = { visibleMs: 900, writableMs: 1_100, fetched: [] };
  const keys = { p50: 5, p99: 20 };
  return {
    name,
    cold: opening,
    warm: opening,
    looking: 1,
    alone: keys,
    drawn: keys,
    together: keys,
    remoteMsPerLetter: 2,
    ...changed,
  };
}

/** The lines of a table of `rounds`. */
function lines(rounds: readonly Round[]): string[] {
  const machine = {
    date: 'today',
    processor: 'a processor',
    cores: 2,
    memory: 0,
    system: 'a system',
    pinned: false,
    versions: {},
  };
  const results: EditorResults = {
    machine,
    document: { words: 1, blocks: 1, people: 1, edits: 1 },
    rounds,
    firstScriptBytes: null,
  };
  return formatEditorResults(results).split('\n');
}

function line(rounds: readonly Round[], words: string): string {
  return (lines(rounds).find((one) => one.startsWith(words)) ?? '').replaceAll(/ {2,}/g, ' | ');
}

test('each figure stands beside the plain page’s, with what it is held to', () => {
  const rounds = [round('sheaf'), round('plain', { remoteMsPerLetter: 9 })];
  assert.equal(
    line(rounds, 'work of a letter'),
    'work of a letter of somebody else, ms | 2.0 | 9.0 | 3 | met',
  );
  const slow = [round('sheaf', { alone: { p50: 9, p99: 31 } }), round('plain')];
  assert.match(line(slow, 'work of a keystroke, p50'), /9\.0 \| 5\.0 \| 8 \| MISSED$/);
});

test('a page that does not keep up has no figure, and has missed what it is held to', () => {
  const lost = { drawn: null, together: null, remoteMsPerLetter: null };
  const rounds = [round('sheaf', lost), round('plain', lost)];
  assert.match(line(rounds, 'work of a letter'), /does not keep up \| does not keep up \| 3 \| MISSED$/);
  assert.match(line(rounds, 'among 20 who type, until drawn, p50'), /8 \| MISSED$/);
});
