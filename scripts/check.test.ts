import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { binary } from './binary.js';
import { root } from './pinned-node.js';

/** The configuration that is put to the test. */
const CONFIGURATION = [
  '.gitignore',
  '.prettierignore',
  '.prettierrc',
  'client/svelte.config.js',
  'client/tsconfig.json',
  'e2e/in-firefox.ts',
  'e2e/tsconfig.json',
  'knip.json',
  'oxlint.config.ts',
  'playwright.config.ts',
  'proto/buf.yaml',
  'tsconfig.json',
];

const CLIENT_TOOLS = { '@sveltejs/vite-plugin-svelte': '*', svelte: '*', vite: '*' };

/** A small tree without a fault. */
const SOUND: Record<string, string> = {
  'package.json': packageJson({
    name: 'sheaf',
    workspaces: ['client', 'server'],
    devDependencies: { '@playwright/test': '*', oxlint: '*' },
  }),
  'client/package.json': packageJson({ name: '@sheaf/client', devDependencies: CLIENT_TOOLS }),
  'client/vite.config.ts': lines(
    "import { svelte } from '@sveltejs/vite-plugin-svelte';",
    "import { defineConfig } from 'vite';",
    '',
    'export default defineConfig({ plugins: [svelte()] });',
  ),
  'client/index.html': page('<script type="module" src="/src/main.ts"></script>'),
  'client/src/main.ts': lines(
    "import { mount } from 'svelte';",
    "import App from './App.svelte';",
    '',
    'mount(App, { target: document.body });',
  ),
  'client/src/App.svelte': lines(
    '<script lang="ts">',
    "  const name: string = 'Sheaf';",
    '</script>',
    '',
    '<h1>{name}</h1>',
  ),
  'server/package.json': packageJson({ name: '@sheaf/server', exports: './src/index.ts' }),
  'proto/sheaf/sound/v1/sound.proto': lines(
    'syntax = "proto3";',
    '',
    'package sheaf.sound.v1;',
    '',
    '// A message.',
    'message Sound {',
    '  // A field.',
    '  string name = 1;',
    '}',
  ),
  'server/src/index.ts': lines("export { listen } from './http/listen.ts';"),
  'server/src/error.ts': lines('export class SheafError extends Error {}'),
  'server/src/http/listen.ts': lines(
    "import { open } from '../document/open.ts';",
    '',
    'export interface Listener {',
    '  readonly port: number;',
    '}',
    '',
    'export function listen(): Listener {',
    '  return { port: open() };',
    '}',
  ),
  'server/src/document/open.ts': lines(
    "import { SheafError } from '../error.ts';",
    '',
    'export function open(): number {',
    "  if (Number.isNaN(1)) throw new SheafError('never');",
    '  return 1;',
    '}',
  ),
  'e2e/page.ts': lines('export const title = (): string => document.title;'),
  'e2e/page.spec.ts': lines("import { title } from './page.ts';", '', 'title();'),
};

/** What each gate is there to find, with words that it then says. */
const SEEDED: { file: string; text: string; gate: string; says: RegExp }[] = [
  {
    gate: 'format',
    file: 'server/src/store/unformatted.ts',
    text: 'export const a = "double quotes"\n',
    says: /unformatted\.ts/,
  },
  {
    gate: 'lint',
    file: 'server/src/document/upward.ts',
    text: "import { listen } from '../http/listen.ts';\n\nexport const a = listen;\n",
    says: /document\/upward\.ts:1[\s\S]{0,300}Imports point down: document may import/,
  },
  {
    gate: 'lint',
    file: 'server/src/document/upward-type.ts',
    text: "import type { Listener } from '../http/listen.ts';\n\nexport type A = Listener;\n",
    says: /document\/upward-type\.ts:1/,
  },
  {
    gate: 'lint',
    file: 'server/src/store/sqlite/deep.ts',
    text: "import { open } from '../../document/open.ts';\n\nexport const a = open;\n",
    says: /sqlite\/deep\.ts:1/,
  },
  {
    gate: 'lint',
    file: 'client/src/sync/upward.ts',
    text: "import { a } from '../pages/page.ts';\n\nexport const b = a;\n",
    says: /sync\/upward\.ts:1/,
  },
  {
    gate: 'lint',
    file: 'server/src/document/door.ts',
    text: "import { listen } from '../index.ts';\n\nexport const a = listen;\n",
    says: /index\.ts is the door/,
  },
  {
    gate: 'lint',
    file: 'server/src/http/circle.ts',
    text: "import { b } from './round.ts';\n\nexport const a = (): unknown => b;\n",
    says: /no-cycle/,
  },
  {
    gate: 'lint',
    file: 'server/src/http/round.ts',
    text: "import { a } from './circle.ts';\n\nexport const b = (): unknown => a;\n",
    says: /http\/round\.ts/,
  },
  {
    gate: 'lint',
    file: 'server/src/http/loose.ts',
    text: 'export const a = (value: any): string => value!.text;\n',
    says: /no-explicit-any[\s\S]*no-non-null-assertion|no-non-null-assertion[\s\S]*no-explicit-any/,
  },
  {
    gate: 'proto',
    file: 'proto/sheaf/sound/v1/unsound.proto',
    text: 'syntax = "proto3";\n\npackage sheaf.sound.v1;\n\nmessage unsound {}\n',
    says: /unsound\.proto/,
  },
  {
    gate: 'proto-breaking',
    file: 'proto/sheaf/sound/v1/sound.proto',
    text: (SOUND['proto/sheaf/sound/v1/sound.proto'] ?? '').replace('string name = 1', 'string name = 2'),
    says: /sound\.proto.*Previously present field "1"/,
  },
  {
    gate: 'types',
    file: 'server/src/store/mistyped.ts',
    text: "export const a: number = 'text';\n",
    says: /mistyped\.ts.*TS2322/,
  },
  {
    gate: 'types-e2e',
    file: 'e2e/mistyped.ts',
    text: 'export const a: number = document.title;\n',
    says: /mistyped\.ts.*TS2322/,
  },
  {
    gate: 'svelte',
    file: 'client/src/Mistyped.svelte',
    text: '<script lang="ts">\n  const a: number = \'text\';\n</script>\n\n<p>{a}</p>\n',
    says: /Mistyped\.svelte/,
  },
  {
    gate: 'unused',
    file: 'server/src/http/unused.ts',
    text: 'export const a = 1;\n',
    says: /http\/unused\.ts/,
  },
  {
    gate: 'unused',
    file: 'server/src/http/listen.ts',
    text: `${SOUND['server/src/http/listen.ts'] ?? ''}\nexport const nobodyAsks = 1;\n`,
    says: /nobodyAsks/,
  },
];

test('a sound tree passes every gate, and each seeded error fails its own', () => {
  using tree = makeTree();
  const sound = check(tree.folder);
  assert.equal(sound.status, 0, sound.output);

  for (const { file, text } of SEEDED) tree.write({ [file]: text });
  const seeded = check(tree.folder);
  assert.equal(seeded.status, 1, seeded.output);
  for (const { gate, file, says } of SEEDED) {
    assert.match(seeded.failed.get(gate) ?? `${gate} passed`, says, `${gate} did not find ${file}`);
  }
});

test('a warning about accessibility alone fails the svelte gate', () => {
  using tree = makeTree();
  tree.write({ 'client/src/Silent.svelte': '<img src="/logo.svg" />\n' });
  const { status, output } = check(tree.folder, ['svelte']);
  assert.equal(status, 1, output);
  assert.match(output, /a11y_missing_attribute/);
});

function check(
  folder: string,
  gates: readonly string[] = [],
): { status: number | null; output: string; failed: Map<string, string> } {
  const script = join(root, 'scripts', 'check.ts');
  const args = [script, '--in', folder, ...gates];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  // In CI some gates write colours between the words that are looked for.
  const output = stripVTControlCharacters(stdout);
  const parts = output.split(/^(ok  |FAIL) (.*) \(.* s\)$/m).slice(1);
  const failed = new Map<string, string>();
  for (let part = 0; part < parts.length; part += 3) {
    const [verdict, gate = '', words = ''] = parts.slice(part, part + 3);
    if (verdict === 'FAIL') failed.set(gate, words);
  }
  return { status, output, failed };
}

/** A sound tree in a folder of its own, gone when it is disposed of. */
function makeTree(): Disposable & { folder: string; write(files: Record<string, string>): void } {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-check-'));
  const place = (file: string): string => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  for (const file of CONFIGURATION) copyFileSync(join(root, file), place(file));
  symlinkSync(join(root, 'node_modules'), place('node_modules'));
  const write = (files: Record<string, string>): void => {
    for (const [file, text] of Object.entries(files)) writeFileSync(place(file), text);
  };
  write(SOUND);
  const build = [binary('@bufbuild/buf'), 'build', '--exclude-source-info', '-o', 'landed.binpb'];
  const { status, stderr } = spawnSync(process.execPath, build, { cwd: join(folder, 'proto') });
  assert.equal(status, 0, String(stderr));
  return {
    folder,
    write,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

function packageJson(fields: object): string {
  return lines(JSON.stringify({ ...fields, version: '1.0.0', private: true, type: 'module' }, null, 2));
}

function page(body: string): string {
  return lines('<!doctype html>', '<title>Sheaf</title>', body);
}

function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}
