import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseTrace } from './trace.ts';
import type { Trace } from './trace.ts';

/**
 * A small session for tests: two people type at once into the two ends of a text, one of them deletes what the
 * other has not seen changed, both merge. It has characters beyond the basic plane.
 */
export const SAMPLE_TRACE: Trace = parseTrace(
  JSON.stringify({
    numAgents: 2,
    endContent: '😀 hello wor𝒳ld!?',
    txns: [
      { agent: 0, parents: [], patches: [[0, 0, 'hello world']] },
      // At once: A puts a smile in front, B edits the end; neither sees the other.
      { agent: 0, parents: [0], patches: [[0, 0, '😀']] },
      { agent: 1, parents: [0], patches: [[9, 0, '𝒳']] },
      { agent: 0, parents: [1], patches: [[1, 0, '  ']] },
      { agent: 1, parents: [2], patches: [[12, 0, '!!']] },
      // Each goes on in the merge of both.
      { agent: 0, parents: [3, 4], patches: [[2, 1, '']] },
      { agent: 1, parents: [3, 4], patches: [[16, 1, '?']] },
    ],
  }),
);

/** Where recorded sessions lie: `SHEAF_TEST_TRACES`, else a folder beside the repository. `null` if not there. */
export function tracePath(name: string): string | null {
  const folder = process.env['SHEAF_TEST_TRACES'] ?? join(import.meta.dirname, '../../../../shared/traces');
  const path = join(folder, `${name}.json.gz`);
  return existsSync(path) ? path : null;
}
