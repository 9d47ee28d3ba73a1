import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../', import.meta.url);
const text = readFileSync(new URL('FEATURES.md', root), 'utf8');

/** The cells of the rows below the header that begins so. */
function rows(header: string): string[][] {
  const [, behind = ''] = text.split(`| ${header} `);
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
