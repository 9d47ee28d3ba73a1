import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { KINDS, kindsFor, WAYS } from '@sheaf/schema/every-block-for-tests';
import type { Kind } from '@sheaf/schema/every-block-for-tests';

const root = new URL('../', import.meta.url);
const text = readFileSync(new URL('FEATURES.md', root), 'utf8');

/** The cells of the rows below the header whose first cell is this. */
function rows(header: string): string[][] {
  const [, behind = ''] = text.split(new RegExp(`^\\| ${header} +\\|`, 'm'));
  const [table = ''] = behind.split('\n\n');
  return table
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test('FEATURES.md: each feature names a test that there is, and what is missing names none', () => {
  const features = rows('feature');
  assert.ok(features.length > 30);
  for (const cells of features) {
    const [feature = '', sheaf = ''] = cells;
    const shown = cells.at(-1) ?? '';
    assert.equal(cells.length, 8, feature);
    if (sheaf === '**no**') {
      assert.equal(shown, '', feature);
      continue;
    }
    const [, file = '', title = ''] = /^`([\w./-]+)`: (.+)$/.exec(shown) ?? [];
    assert.ok(title.length > 10, `${feature} names no test.`);
    const source = readFileSync(new URL(file, root), 'utf8');
    const begins = source.split(title).slice(0, -1);
    assert.ok(
      begins.some((before) => /\btest\(\s*['"`][^'"`]*$/.test(before)),
      `${file} has no test "${title}".`,
    );
  }
});

test('FEATURES.md: ten tasks, each with its number of steps', () => {
  const tasks = rows('task');
  assert.equal(tasks.length, 10);
  for (const [task, steps] of tasks) assert.match(steps ?? '', /^[1-9]$/, task ?? '');
});

/** What runs over the rows of `KINDS`. */
const EVERY_BLOCK = [
  'schema/src/every-block.test.ts',
  'client/src/editor/commands/every-block.test.ts',
  'e2e/every-block.spec.ts',
].map((file) => readFileSync(new URL(file, root), 'utf8'));

test('FEATURES.md: each block and mark, and what is not asked of it, as the tests have it', () => {
  const kinds: Readonly<Record<string, Kind>> = KINDS;
  assert.deepEqual(
    rows('block or mark'),
    Object.entries(kinds).map(([name, { not }]) => [
      name,
      ...WAYS.map((way) => (not?.[way] === undefined ? 'yes' : '–')),
    ]),
  );
  const reasons = new Set(Object.values(kinds).flatMap(({ not }) => Object.values(not ?? {})));
  for (const reason of reasons) assert.ok(text.replace(/\s+/g, ' ').includes(reason), reason);
  for (const way of WAYS) {
    const tested = EVERY_BLOCK.filter((source) => source.includes(`kindsFor('${way}')`));
    assert.equal(tested.length, 1, way);
    assert.match(tested[0] ?? '', new RegExp(`every block, (?:[\\w ]+, )*${way}[,:]`), way);
    assert.ok(kindsFor(way).length > 10, way);
  }
});
