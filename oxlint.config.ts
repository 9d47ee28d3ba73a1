import type { OxlintOverride } from 'oxlint';
import { defineConfig } from 'oxlint';

/**
 * The folders of a package from the top down (DESIGN.md section 3). A file may import from its own row and
 * from the rows below, `import type` included. The files beside the folders, such as main.ts, are on top.
 */
interface Layers {
  /** The package's name without its scope, which is its folder's name too. */
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
  /** Files beside the folders that every row may import. */
  readonly shared: readonly string[];
  /** The packages that it may import. */
  readonly packages: readonly string[];
}

const layered: readonly Layers[] = [
  {
    name: 'server',
    rows: [['http', 'api'], ['channel', 'protocol', 'access', 'cluster'], ['document'], ['store']],
    shared: ['error.ts', 'limits.ts'],
    packages: ['proto', 'schema'],
  },
  {
    name: 'client',
    rows: [['pages'], ['editor', 'ui', 'state'], ['sync'], ['channel']],
    shared: [],
    packages: ['proto', 'schema'],
  },
  { name: 'schema', rows: [], shared: [], packages: ['proto'] },
  { name: 'proto', rows: [], shared: [], packages: [] },
];

interface Pattern {
  readonly group: string[];
  readonly message: string;
}

/** What no file of any package may import. */
const everywhere: Pattern[] = [
  {
    group: ['server', 'client', 'proto', 'schema', 'bench'].map((name) => `**/../${name}/**`),
    message: 'Another package is imported by its name and through its door.',
  },
];

/** The rule's configuration is replaced by a later override, not merged: each takes its whole list. */
const restrict = (files: string[], patterns: Pattern[]): OxlintOverride => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

function packageRules({ name, packages }: Layers): Pattern[] {
  const others = ['server', 'client', 'schema', 'proto', 'bench'].filter(
    (other) => !packages.includes(other),
  );
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
    const above = layers.rows.slice(0, position).flat();
    return row.flatMap((folder) =>
      depths.map((depth) => {
        const up = '../'.repeat(depth);
        const upward: Pattern[] = [
          {
            group: [`${up}*.ts`, `${up}*.svelte`, ...layers.shared.map((file) => `!${up}${file}`)],
            message: `The files beside the folders stand above ${folder}.`,
          },
        ];
        if (above.length > 0) {
          const group = above.map((name) => `${up}${name}/**`);
          upward.push({ group, message: `${above.join(', ')} stand above ${folder}.` });
        }
        const files = [`${layers.name}/src/${folder}/${'*/'.repeat(depth - 1)}*.{ts,svelte}`];
        return restrict(files, [...packageRules(layers), ...upward]);
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
    eqeqeq: 'error',
    'no-console': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
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
      files: ['server/src/cli.ts', 'server/src/cli/**', 'scripts/**', 'bench/**', '*.config.ts'],
      rules: { 'no-console': 'off' },
    },
  ],
});
