import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { copiedLines } from './copied-lines.ts';

const schema = documentSchema();
const copied = (markdown: string) => copiedLines(readMarkdown(schema, markdown).content);

test('what is copied is text with a line for each item, cells apart by tabs, and blocks by an empty line', () => {
  assert.equal(copied('# Title\n\nfirst\n\nsecond'), 'Title\n\nfirst\n\nsecond');
  assert.equal(
    copied('- apple\n- berry\n  - blue\n  - black\n- cherry'),
    '- apple\n- berry\n  - blue\n  - black\n- cherry',
  );
  assert.equal(copied('3. three\n4. four\n   1. in'), '3. three\n4. four\n   1. in');
  assert.equal(copied('- [x] done\n- [ ] open'), '- [x] done\n- [ ] open');
  assert.equal(
    copied('before\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nbehind'),
    'before\n\na\tb\n1\t2\n\nbehind',
  );
  assert.equal(copied('| a | b |\n|---|---|\n| 1 | 2 |'), 'a\tb\n1\t2');
  assert.equal(copied('> quoted\n>\n> twice\n\n```\none\ntwo\n```'), 'quoted\n\ntwice\n\none\ntwo');
  assert.equal(copied('line\\\nbreak\n\n---\n\nend'), 'line\nbreak\n\nend');
});

test('a part of a list, and a part of a text, is what was selected of it', () => {
  const list = readMarkdown(schema, '- apple\n- berry\n- cherry');
  assert.equal(copiedLines(list.slice(6, 16).content), '- le\n- berr');
  const text = readMarkdown(schema, 'some **words** here');
  assert.equal(copiedLines(text.slice(3, 12).content), 'me words ');
});
