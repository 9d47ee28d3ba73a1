import type { OxlintOverride } from 'oxlint';
import { defineConfig } from 'oxlint';

/**
 * The folders of a package from the top down (DESIGN.md section 3). A file may import from its own row and
 * from the rows below, `import type` included. What stands in no row, such as main.ts, is on top.
 */
interface Layers {
  /** The package's name without its scope, which is its folder's name too. */
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
  /** What every row may import. */
  readonly shared: readonly string[];
  /** The packages that it may import. */
  readonly packages: readonly string[];
}

const PACKAGES = ['server', 'client', 'schema', 'proto', 'bench'];

const layered: readonly Layers[] = [
  {
    name: 'server',
    rows: [
      ['http', 'api', 'config.ts'],
      ['channel', 'protocol', 'access', 'cluster'],
      ['document'],
      ['store'],
    ],
    shared: ['background-thread.ts', 'error.ts', 'free-port-for-tests.ts', 'limits.ts', 'metric.ts'],
    packages: ['proto', 'schema'],
  },
  {
    name: 'client',
    rows: [['pages'], ['editor', 'ui', 'state'], ['sync'], ['channel'], ['words']],
    shared: ['styles'],
    packages: ['proto', 'schema'],
  },
  { name: 'schema', rows: [], shared: [], packages: ['proto'] },
  { name: 'proto', rows: [], shared: [], packages: [] },
];

const isFolder = (name: string) => !name.includes('.');

interface Pattern {
  readonly group: string[];
  readonly message: string;
}

/** What no file of any package may import. */
const everywhere: Pattern[] = [
  {
    // Programs that start the server, or its database, as a person does may.
    group: [
      ...PACKAGES.map((name) => `**/../${name}/**`),
      '!**/../server/src/cli.ts',
      '!**/../server/src/free-port-for-tests.ts',
      '!**/../server/src/node-process-for-tests.ts',
      '!**/../server/src/store/postgres/postgres-for-tests.ts',
    ],
    message: 'Another package is imported by its name and through its door.',
  },
];

/** The rule's configuration is replaced by a later override, not merged: each takes its whole list. */
const restrict = (files: string[], patterns: Pattern[]): OxlintOverride => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

function packageRules({ name, packages }: Layers): Pattern[] {
  const others = PACKAGES.filter((other) => !packages.includes(other));
  return [
    ...everywhere,
    {
      group: others.flatMap((other) => [`@sheaf/${other}`, `@sheaf/${other}/**`]),
      message: `${name} may import ${packages.map((other) => `@sheaf/${other}`).join(' and ') || 'no package of Sheaf'}.`,
    },
    {
      group: ['./index.ts', '../index.ts', '**/../index.ts'],
      message: 'index.ts is the door for other packages: import the file itself.',
    },
  ];
}

/** What `../` means depends on how deep a file lies, so each depth of a folder has its own rules. */
const depths = [1, 2, 3, 4];

function folderRules(layers: Layers): OxlintOverride[] {
  return layers.rows.flatMap((row, position) => {
    const allowed = [...layers.rows.slice(position).flat(), ...layers.shared];
    return row.filter(isFolder).flatMap((folder) =>
      depths.map((depth) => {
        const up = '../'.repeat(depth);
        const contents = (name: string) => (isFolder(name) ? `${up}${name}/**` : `${up}${name}`);
        const outward: Pattern = {
          group: [`${up}*/**`, `${up}*.ts`, `${up}*.svelte`, ...allowed.map((name) => `!${contents(name)}`)],
          message: `Imports point down: ${folder} may import from ${allowed.join(', ')}.`,
        };
        const files = [`${layers.name}/src/${folder}/${'*/'.repeat(depth - 1)}*.{ts,svelte}`];
        return restrict(files, [...packageRules(layers), outward]);
      }),
    );
  });
}

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  env: { builtin: true },
  rules: {
    'import/no-cycle': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-console': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    // They prefer one of two clear ways, or know only the browser's workers.
    'eslint/no-underscore-dangle': 'off',
    'import/no-named-as-default': 'off',
    'promise/always-return': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-new-array': 'off',
    // It takes the copy of a collection that the loop changes for a useless one.
    'unicorn/no-useless-spread': 'off',
    'unicorn/require-post-message-target-origin': 'off',
    // Styles and fonts are imported for their effect.
    'import/no-unassigned-import': ['error', { allow: ['**/*.css', '@fontsource-variable/**'] }],
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
  },
  ignorePatterns: ['**/dist/**', '**/gen/**', '**/*_pb.ts'],
  overrides: [
    restrict(['**/*.{ts,svelte}'], everywhere),
    ...layered.map((layers) => restrict([`${layers.name}/src/**/*.{ts,svelte}`], packageRules(layers))),
    ...layered.flatMap(folderRules),
    {
      files: ['server/src/cli.ts', 'server/src/cli/**', 'scripts/**', 'bench/**', '**/*.fuzz.test.ts'],
      rules: { 'no-console': 'off' },
    },
  ],
});
