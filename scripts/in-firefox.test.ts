import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { IN_FIREFOX } from '../e2e/in-firefox.ts';
import { root } from './pinned-node.js';

test('each story that is to run in Firefox is there, once', () => {
  for (const [file, name] of IN_FIREFOX) {
    const source = readFileSync(join(root, 'e2e', `${file}.spec.ts`), 'utf8');
    assert.equal(source.split(`'${name}`).length - 1, 1, `${file}: ${name}`);
  }
});
