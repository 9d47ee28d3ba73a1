import { readFileSync } from 'node:fs';
import type { Problem } from './verdict.ts';

/** Proxies whose lines we know, by the example that holds them. */
const EXAMPLES: Readonly<Record<string, string>> = {
  nginx: 'nginx.conf',
  Caddy: 'Caddyfile',
  Traefik: 'traefik.yml',
  Apache: 'apache.conf',
  HAProxy: 'haproxy.cfg',
};

/** Lines that mend something. */
export interface Remedy {
  /** Where they belong, like `in "location / { … }"`. */
  readonly where: string;
  readonly lines: readonly string[];
}

/** What mends one kind of proxy. */
export interface ProxyRemedies {
  readonly proxy: string;
  readonly remedies: readonly Remedy[];
}

/**
 * The lines of deploy/proxies that mend `problems`: for the proxies in `named` whose lines are known, or for all if
 * there is none such.
 */
export function remediesFor(
  named: readonly string[],
  problems: readonly Problem[],
): readonly ProxyRemedies[] {
  const known = Object.keys(EXAMPLES);
  const ours = known.filter((proxy) => named.includes(proxy));
  return (ours.length > 0 ? ours : known)
    .map((proxy) => ({ proxy, remedies: remediesIn(example(proxy), problems) }))
    .filter(({ remedies }) => remedies.length > 0);
}

function example(proxy: string): string {
  return readFileSync(new URL(`../../../deploy/proxies/${EXAMPLES[proxy] ?? ''}`, import.meta.url), 'utf8');
}

/**
 * The parts of an example that mend one of `problems`. A part begins with a comment `# [problem …] where` and ends at
 * an empty line or at a closing bracket less deep than it. Parts that belong to the same place are joined.
 */
export function remediesIn(text: string, problems: readonly Problem[]): readonly Remedy[] {
  const parts = new Map<string, string[]>();
  const rows = text.split('\n');
  for (const [at, row] of rows.entries()) {
    const [, indent = '', mends = '', where = ''] = /^(\s*)# \[([a-z ]+)\] (.*)$/.exec(row) ?? [];
    if (where === '' || !mends.split(' ').some((problem) => problems.some((one) => one === problem)))
      continue;
    const lines = parts.get(where) ?? [];
    parts.set(where, lines);
    for (const next of rows.slice(at + 1)) {
      if (next.trim() === '' || !next.startsWith(indent)) break;
      lines.push(next.slice(indent.length));
    }
  }
  return [...parts].map(([where, lines]) => ({ where, lines }));
}
