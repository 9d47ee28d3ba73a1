import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The proxies that the tests start, by the name of their program. */
export type ProgramName =
  'nginx' | 'haproxy' | 'apache2' | 'varnishd' | 'squid' | 'tinyproxy' | 'privoxy' | 'caddy';

/** Where a program is, and the tree that it belongs to. */
export interface Program {
  readonly file: string;
  /** What stands before `/usr` in its paths: empty for what the system has installed. */
  readonly root: string;
  /** What it is started with, so that it finds its libraries. */
  readonly env: NodeJS.ProcessEnv;
}

const LIBRARIES = [
  'usr/lib/x86_64-linux-gnu',
  'usr/lib/aarch64-linux-gnu',
  'usr/lib',
  'lib/x86_64-linux-gnu',
];

/** The unpacked one, else the system's own; null where there is none. */
export function findProgram(name: ProgramName): Program | null {
  // Set by scripts/test/proxies.ts.
  const roots = [process.env['SHEAF_TEST_PROXIES'], ''].filter((root) => root !== undefined);
  for (const root of roots) {
    const file = [`${root}/usr/sbin/${name}`, `${root}/usr/bin/${name}`].find((path) => existsSync(path));
    if (file !== undefined) return { file, root, env: root === '' ? process.env : unpackedEnvironment(root) };
  }
  return null;
}

function unpackedEnvironment(root: string): NodeJS.ProcessEnv {
  const folders = LIBRARIES.map((folder) => join(root, folder)).filter((folder) => existsSync(folder));
  // varnishd's own lie deeper.
  const deeper = folders.map((folder) => join(folder, 'varnish')).filter((folder) => existsSync(folder));
  return {
    ...process.env,
    PATH: `${process.env['PATH'] ?? ''}:${join(root, 'usr/bin')}`,
    LD_LIBRARY_PATH: [...folders, ...deeper].join(':'),
  };
}
