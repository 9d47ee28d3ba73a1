import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pages } from '../binding/test-moves.ts';
import { stillFound } from './hits.ts';
import type { Hit } from './hits.ts';

test('a match in which another writes, or of which something goes, is none until it is found again', () => {
  const [page] = pages(10);
  assert.ok(page);
  // In `two words`: `two`, `wo`, `rds`.
  const hits: Hit[] = [
    { from: 13, to: 16, replacement: '2' },
    { from: 17, to: 19, replacement: '3' },
    { from: 19, to: 22, replacement: '4' },
  ];
  const { tr } = page.state;
  tr.insertText('BEFORE', 8);
  assert.deepEqual(
    stillFound(hits, tr.mapping.maps),
    hits.map((hit) => ({ ...hit, from: hit.from + 6, to: hit.to + 6 })),
  );
  // Within the first, and the second one's last letter.
  tr.insertText('WITHIN', 20);
  tr.delete(30, 31);
  const still = stillFound(hits, tr.mapping.maps);
  assert.deepEqual(
    still.map(({ from, to, replacement }) => [tr.doc.textBetween(from, to), replacement]),
    [['rds', '4']],
  );
});
