import { binary } from './binary.js';

/** One condition that the whole tree has to meet. */
export interface Gate {
  readonly name: string;
  /** What the pinned Node is given. */
  readonly args: readonly string[];
  /** Folder that it runs in, from the tree's own. */
  readonly folder: string;
}

/** All gates of `npm run check`, the slowest first, since some run at the same time. */
export function allGates(): readonly Gate[] {
  const svelteCheck = [
    binary('svelte-check', 'client'),
    '--tsconfig',
    './tsconfig.json',
    '--fail-on-warnings',
  ];
  return [
    { name: 'svelte', folder: 'client', args: svelteCheck },
    { name: 'unused', folder: '.', args: [binary('knip'), '--no-progress', '--no-config-hints'] },
    { name: 'format', folder: '.', args: [binary('prettier'), '--check', '--log-level=warn', '.'] },
    { name: 'types', folder: '.', args: [binary('typescript'), '--project', '.'] },
    { name: 'proto', folder: 'proto', args: [binary('@bufbuild/buf'), 'lint'] },
    {
      name: 'proto-breaking',
      folder: 'proto',
      // Against the contract as it was landed last: nodes and clients of that version are out there.
      args: [binary('@bufbuild/buf'), 'breaking', '--against', 'landed.binpb'],
    },
    { name: 'types-e2e', folder: '.', args: [binary('typescript'), '--project', 'e2e'] },
    { name: 'lint', folder: '.', args: [binary('oxlint'), '--deny-warnings'] },
  ];
}
