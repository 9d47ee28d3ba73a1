import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { DEFAULT_LIMITS } from '../limits.ts';
import { admit, judge } from './judge.ts';
import { Knowledge } from './knowledge.ts';
import { UpdateBuffer } from './update-buffer.ts';

/** Where recorded sessions lie; they are no part of the project. */
const TRACES =
  process.env['SHEAF_TEST_TRACES'] ?? fileURLToPath(new URL('../../../../shared/traces/', import.meta.url));
const FILE = `${TRACES}/sveltecomponent.json.gz`;

interface Trace {
  readonly endContent: string;
  readonly txns: readonly { readonly patches: readonly (readonly [number, number, string])[] }[];
}

/** Every update of a recorded session, one for each patch, as a provider would send them. */
function record(trace: Trace): Uint8Array[] {
  const doc = new Y.Doc();
  const text = doc.getText('text');
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const { patches } of trace.txns)
    for (const [position, deleted, inserted] of patches)
      doc.transact(() => {
        text.delete(position, deleted);
        text.insert(position, inserted);
      });
  assert.equal(text.toString(), trace.endContent, 'the trace is replayed as it was');
  return updates;
}

test(
  'a real session takes the fast way, and ends in its text',
  { skip: existsSync(FILE) ? false : `no recorded session at ${FILE} (SHEAF_TEST_TRACES names the folder)` },
  (context) => {
    // As: the file's format is described beside it, and a wrong one fails the test.
    const trace = JSON.parse(gunzipSync(readFileSync(FILE)).toString()) as Trace;
    const updates = record(trace);
    const known = new Knowledge();
    const buffer = new UpdateBuffer();
    let fast = 0;
    const start = process.cpuUsage();
    for (const update of updates) {
      const verdict = judge(known, update, DEFAULT_LIMITS);
      if (verdict.kind !== 'new') continue;
      admit(known, verdict.piece);
      buffer.add(verdict.piece);
      fast += 1;
    }
    const { user, system } = process.cpuUsage(start);
    const nanoseconds = (1000 * (user + system)) / updates.length;
    context.diagnostic(
      `${fast} of ${updates.length} updates, ${Math.round(nanoseconds)} ns of CPU for judging, admitting and keeping one`,
    );
    assert.ok(fast / updates.length > 0.999);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, buffer.toUpdate());
    assert.equal(doc.getText('text').toString(), trace.endContent);
  },
);
