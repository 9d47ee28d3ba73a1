import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { readConfig } from './config.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('ACCESS-3 every setting that an example in deploy or the README names exists', async () => {
  const files = await Array.fromAsync(
    glob(['README.md', 'deploy/**/*.*', 'deploy/docker/Dockerfile'], { cwd: ROOT }),
  );
  assert.ok(files.length > 10, files.join());
  let count = 0;
  for (const file of files) {
    const text = await readFile(`${ROOT}/${file}`, 'utf8');
    for (const [name] of text.matchAll(/\bSHEAF_[A-Z][A-Z_]*[A-Z]\b/g)) {
      // What stands for a group of settings, or is the tests' own.
      if (['SHEAF_CLUSTER', 'SHEAF_LIMIT', 'SHEAF_TEST_CHROMIUM'].includes(name)) continue;
      assert.doesNotThrow(() => readConfig({ [name]: '' }, []), `${name} of ${file}`);
      count += 1;
    }
  }
  assert.ok(count > 40, `${count} names`);
});
