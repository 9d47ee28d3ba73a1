import type { Rung } from '@sheaf/client/channel';
import { percentile } from '../statistics.ts';
import { typeLetters } from './letters.ts';
import { Writer } from './writer.ts';

/** What a page is asked for. */
export interface PageTask {
  readonly url: string;
  readonly carrier: Rung;
  readonly count: number;
  readonly seed: number;
}

/** What letters took in a page, ms. */
export interface PageLetters {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** In a page: two people in it, each with a channel of their own, by `carrier`; what the letters took, ms. */
async function measureInPage({ url, carrier, count, seed }: PageTask): Promise<PageLetters> {
  const writer = new Writer(url, carrier);
  const reader = new Writer(url, carrier);
  await Promise.all([writer.synced, reader.synced]);
  const took = await typeLetters({ writer, reader, count, seed });
  writer.leave();
  reader.leave();
  return { p50: percentile(took, 0.5), p95: percentile(took, 0.95), p99: percentile(took, 0.99) };
}

Reflect.set(globalThis, 'measureInPage', measureInPage);
