import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { Slice } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import { copiedLines } from './copied-lines.ts';

const schema = documentSchema();
const read = (markdown: string) => readMarkdown(schema, markdown);
const copied = (markdown: string) => copiedLines(new Slice(read(markdown).content, 0, 0), null);

/** As ProseMirror tells it: with all that the selection stands in. */
function selected(markdown: string, from: string, to: string): string {
  const doc = read(markdown);
  const at = (words: string) => {
    let found = -1;
    doc.descendants((node, pos) => {
      const offset = node.isTextblock ? node.textContent.indexOf(words) : -1;
      if (offset >= 0 && found < 0) found = pos + 1 + offset;
    });
    assert.notEqual(found, -1, words);
    return found;
  };
  const selection = TextSelection.create(doc, at(from), at(to) + to.length);
  return copiedLines(selection.content(), selection.$from);
}

test('PASTE-11: what is copied is text with a line for each item, cells apart by tabs, and blocks by an empty line', () => {
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

test('PASTE-11: a part of one block is its words, and items keep their numbers', () => {
  assert.equal(selected('some **words** here', 'me', 'words '), 'me words ');
  assert.equal(selected('- apple pie', 'pie', 'pie'), 'pie');
  assert.equal(selected('1. one\n2. two\n3. three', 'three', 'three'), 'three');
  assert.equal(selected('- [ ] apple', 'pp', 'pp'), 'pp');
  assert.equal(selected('- out\n  - in and', 'in', 'in'), 'in');
  assert.equal(selected('- apple\n- berry\n- cherry', 'ple', 'berr'), '- ple\n- berr');
  assert.equal(selected('1. one\n2. two\n3. three\n4. four', 'ree', 'fo'), '3. ree\n4. fo');
  assert.equal(selected('5. five\n6. six\n\nbehind', 'six', 'beh'), '6. six\n\nbeh');
  assert.equal(
    selected('- out\n  1. a\n  2. bee\n  3. sea\n- next', 'bee', 'ne'),
    '- 2. bee\n  3. sea\n- ne',
  );
  assert.equal(selected('> one\n>\n> two', 'ne', 'tw'), 'ne\n\ntw');
});
