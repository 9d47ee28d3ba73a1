import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { firstScript, FIRST_SCRIPT_BYTES } from './first-script.ts';
import { root } from './pinned-node.js';

/** More files than this are more round trips than bytes are worth. */
const MOST_FILES = 16;

test(`the scripts before the first keystroke are at most ${String(FIRST_SCRIPT_BYTES)} bytes, brotli`, (t) => {
  const scripts = firstScript(join(root, 'client', 'dist'));
  const bytes = scripts.reduce((sum, script) => sum + script.bytes, 0);
  const said = `${String(bytes)} of at most ${String(FIRST_SCRIPT_BYTES)} bytes in ${String(scripts.length)} files`;
  t.diagnostic(`the scripts before the first keystroke, brotli: ${said}`);
  const largest = scripts.map(({ name, bytes: own }) => `${String(own).padStart(7)} ${name}`).join('\n');
  assert.ok(bytes <= FIRST_SCRIPT_BYTES, `${said}\n${largest}`);
  assert.ok(scripts.length <= MOST_FILES, `${said}\n${largest}`);
});

test('the scripts before the first keystroke are the page, the parts that it asks for, and what these import', async (t) => {
  const dist = await mkdtemp(join(tmpdir(), 'sheaf-build-'));
  t.after(() => rm(dist, { recursive: true }));
  await mkdir(join(dist, 'assets'));
  const files = {
    'index.html':
      '<link rel="modulepreload" href="/assets/later-aaaaaaaa.js">' +
      '<script type="module" crossorigin src="/assets/index-aaaaaaaa.js"></script>',
    'assets/index-aaaaaaaa.js': 'const start=()=>import("./app-aaaaaaaa.js");start();',
    'assets/app-aaaaaaaa.js': 'import{a as b}from"./shared-aaaaaaaa.js";export{b};',
    'assets/shared-aaaaaaaa.js': 'import"./deep-aaaaaaaa.js";export const a=1;',
    'assets/deep-aaaaaaaa.js': 'import("./later-aaaaaaaa.js");',
    'assets/later-aaaaaaaa.js': 'export const later=1;',
    'assets/sessions-aaaaaaaa.js': 'export*from"./deep-aaaaaaaa.js";',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dist, name), content);
  assert.throws(() => firstScript(dist), /no part document/);
  await writeFile(join(dist, 'assets/document-aaaaaaaa.js'), 'export const d=1;');
  assert.deepEqual(
    firstScript(dist)
      .map(({ name }) => name.slice(0, -'-aaaaaaaa.js'.length))
      .toSorted(),
    ['app', 'deep', 'document', 'index', 'sessions', 'shared'],
  );
});
