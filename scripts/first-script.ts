import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

/** So much script may a page fetch until somebody can write in its document, compressed with brotli, bytes. */
export const FIRST_SCRIPT_BYTES = 250_000;

/** The parts that the page's own script asks for by themselves until then, as the build calls them. */
const PARTS = ['app', 'sessions', 'document'];

/** A file that a page fetches. */
export interface Script {
  readonly name: string;
  /** Compressed with brotli (level 11), as a proxy would have it, bytes. */
  readonly bytes: number;
}

/**
 * The scripts of a build that a page fetches until somebody can write in its document, the largest first: what it begins
 * with, the parts that this asks for, and all that they import. Throws where the build has no such part.
 *
 * @param dist the folder of the build
 */
export function firstScript(dist: string): Script[] {
  const assets = join(dist, 'assets');
  const [, entry] =
    /<script type="module"[^>]* src="\/assets\/([\w.-]+)"/.exec(read(dist, 'index.html')) ?? [];
  if (entry === undefined) throw new Error(`The page of ${dist} has no script.`);
  const names = readdirSync(assets);
  const parts = PARTS.flatMap((part) => {
    const found = names.filter((name) => new RegExp(`^${part}-[\\w-]{8}\\.js$`).test(name));
    if (found.length === 0) throw new Error(`${dist} has no part ${part}.`);
    return found;
  });
  const needed = new Set([entry, ...parts]);
  for (const name of needed)
    for (const [, imported = ''] of read(assets, name).matchAll(
      /\b(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g,
    ))
      needed.add(imported);
  return [...needed]
    .map((name) => ({ name, bytes: brotliBytes(readFileSync(join(assets, name))) }))
    .toSorted((a, b) => b.bytes - a.bytes);
}

/** What bytes come to as a proxy sends them: brotli, level 11. */
export function brotliBytes(content: Uint8Array): number {
  return brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}
