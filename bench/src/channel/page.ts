import { percentile } from '../statistics.ts';
import { typeLetters } from './letters.ts';
import { RESULTS, readPlan } from './plan.ts';
import type { PageLetters } from './plan.ts';
import { Writer } from './writer.ts';

/*
 * In a browser that nothing looks into: two people in one page, each with a channel of their own, type what the page's address
 * asks for. What the letters took is written into a document, for the bench to read.
 */
// The part of a page's globals that is used: this is checked with Node's.
declare const location: { readonly hash: string; readonly host: string };

const { document: results, rounds } = readPlan(location.hash);
const place = (name: string): string => `ws://${location.host}/yjs/${name}`;
const found: PageLetters[] = [];
for (const [at, { carrier, count, seed }] of rounds.entries()) {
  const writer = new Writer(place(`${results}-${at}`), carrier);
  const reader = new Writer(place(`${results}-${at}`), carrier);
  await Promise.all([writer.synced, reader.synced]);
  const took = await typeLetters({ writer, reader, count, seed });
  writer.leave();
  reader.leave();
  const [p50, p95, p99] = [percentile(took, 0.5), percentile(took, 0.95), percentile(took, 0.99)];
  found.push({ carrier, p50, p95, p99 });
}
const told = new Writer(place(results), 'websocket');
await told.synced;
told.doc.getText(RESULTS).insert(0, JSON.stringify(found));
