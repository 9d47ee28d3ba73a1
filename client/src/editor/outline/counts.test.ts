import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsOf } from './counts.ts';

test('words and characters are counted as a reader does, in any script', () => {
  assert.deepEqual(countsOf(['We open on the ninth.', ''], 'en'), { words: 5, characters: 21, minutes: 1 });
  assert.deepEqual(countsOf(['e\u0301te\u0301 👩‍👩‍👧 ok'], 'fr'), { words: 2, characters: 8, minutes: 1 });
  assert.equal(countsOf(['我喜欢读书'], 'zh').words, 3);
  assert.equal(countsOf(['نفتح الأبواب في التاسع'], 'ar').words, 4);
  assert.equal(countsOf(['one\ntwo'], 'en').characters, 6);
  assert.equal(countsOf(['word '.repeat(2_380)], 'en').minutes, 10);
});
