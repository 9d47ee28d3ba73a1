import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, totalmem, type as system } from 'node:os';

/** Where and with what a result was measured. */
export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly system: string;
  /** Whether the server had core 0 and the load core 1 to itself; else they shared what there is. */
  readonly pinned: boolean;
  readonly versions: Readonly<Record<string, string>>;
}

const PACKAGES = ['@sheaf/server', '@hocuspocus/server', 'y-websocket-server', 'ws', 'yjs', 'y-protocols'];

/** The version that a package's package.json says, found the way Node finds modules. */
function version(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const path of paths) {
    try {
      const description: unknown = JSON.parse(readFileSync(`${path}/${name}/package.json`, 'utf8'));
      if (typeof description === 'object' && description !== null && 'version' in description)
        return String(description.version);
    } catch {
      // Not in this folder: the next one up is asked.
    }
  }
  return 'not found';
}

/** This machine. */
export function describeMachine(pinned: boolean): Machine {
  return {
    date: new Date().toISOString(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: totalmem(),
    system: `${system()} ${release()}`,
    pinned,
    versions: { node: process.version, ...Object.fromEntries(PACKAGES.map((name) => [name, version(name)])) },
  };
}
