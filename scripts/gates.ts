import { binary } from './binary.js';

/** One condition that the whole tree has to meet. */
export interface Gate {
  readonly name: string;
  /** What the pinned Node is given. */
  readonly args: readonly string[];
  /** Folder that it runs in, from the root. */
  readonly folder: string;
}

/** The gate of `npm run check`: all of these. */
export function allGates(): readonly Gate[] {
  return [
    // The longest first: two run at a time.
    {
      name: 'svelte',
      args: [binary('svelte-check', 'client'), '--tsconfig', './tsconfig.json', '--fail-on-warnings'],
      folder: 'client',
    },
    { name: 'types', args: [binary('typescript'), '--project', '.'], folder: '.' },
    { name: 'types-e2e', args: [binary('typescript'), '--project', 'e2e'], folder: '.' },
    { name: 'format', args: [binary('prettier'), '--check', '--log-level=warn', '.'], folder: '.' },
    { name: 'lint', args: [binary('oxlint'), '--deny-warnings'], folder: '.' },
    { name: 'unused', args: [binary('knip'), '--no-progress'], folder: '.' },
  ];
}
