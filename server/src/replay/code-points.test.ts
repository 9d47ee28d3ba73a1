import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { CodePointIndex } from './code-points.ts';

test('a code point beyond the basic plane takes two units', () => {
  const index = new CodePointIndex();
  index.replace(0, 0, 'a😀b');
  assert.deepEqual(
    [0, 1, 2, 3, 9].map((point) => index.unitsBefore(point)),
    [0, 1, 3, 4, 4],
  );
  index.replace(1, 2, '');
  assert.equal(index.unitsBefore(2), 2);
});

test('agrees with the plain text over random edits', () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    deleted: fc.integer({ min: 0, max: 900 }),
    // Long enough to cut chunks, and with pairs at their borders.
    inserted: fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constant('𝒳y'.repeat(2_000))),
  });
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
      const index = new CodePointIndex();
      let points: string[] = [];
      for (const { at, deleted, inserted } of edits) {
        const position = Math.floor(at * points.length);
        const gone = points.slice(position, position + deleted).join('').length;
        const unit = index.unitsBefore(position);
        assert.equal(unit, points.slice(0, position).join('').length);
        index.replace(unit, gone, inserted);
        points = [...points.slice(0, position), ...inserted, ...points.slice(position + deleted)];
      }
      assert.equal(index.unitsBefore(points.length), points.join('').length);
    }),
    { numRuns: 50 },
  );
});
