import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { SheafError } from '../../error.ts';
import { parseDocumentName } from '../document-name.ts';
import { decodeEntries, encodeEntries } from '../entries.ts';
import { mulberry32, snapshot } from '../sample.ts';
import { openSqliteStore } from './sqlite-store.ts';

/*
 * A program for tests to kill, trace and starve: it appends to documents in turn, and says on its standard
 * output what was acknowledged, before it does anything else with it. Lines:
 *
 *   open                       the store is open
 *   ack DOCUMENT NUMBER TRY    update NUMBER was acknowledged; its author is "TRY"
 *   refused DOCUMENT NUMBER TRY CODE
 */

/** What the program is told, as JSON in its first argument. */
export interface AppendingOptions {
  readonly folder: string;
  readonly fsync: 'full' | 'normal';
  readonly seed: number;
  /** Ends after so many acknowledgements; 0: never. */
  readonly acks: number;
  /** How it ends: in order, by SIGKILL, or by SIGKILL at the first refusal. */
  readonly end: 'close' | 'kill' | 'kill-when-refused';
  readonly documents: number;
  /** Largest update, bytes. */
  readonly updateBytes: number;
  /** Appends in flight. */
  readonly inFlight: number;
  /** Pages of the write-ahead log at which it is copied into the database. */
  readonly walPages: number;
  readonly compact: boolean;
}

/** How long the program sleeps before it looks again whether the store is healthy, ms. */
const LOOK_MS = 5;
/** Longer than any test: when the write-ahead log is copied shall follow from the commits alone, ms. */
const IDLE_MS = 600_000;

interface Position {
  readonly name: ReturnType<typeof parseDocumentName>;
  next: number;
  base: number;
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function run(options: AppendingOptions): Promise<void> {
  const { folder, fsync, seed, walPages } = options;
  const random = mulberry32(seed);
  const store = await openSqliteStore({ folder, fsync, limits: { walPages, probeMs: 20, idleMs: IDLE_MS } });
  say('open');
  const positions: Position[] = [];
  for (let at = 0; at < options.documents; at += 1) {
    const name = parseDocumentName(`document-${at}`);
    const stored = await store.log.load(name);
    const base = stored?.snapshot?.through ?? 0;
    const tail = stored?.tail.flatMap(decodeEntries).length ?? 0;
    positions.push({ name, next: base + tail + 1, base });
  }
  let acks = 0;
  let tries = 0;

  const append = async (position: Position): Promise<void> => {
    const tried = String((tries += 1));
    const bytes = Math.floor(random() * options.updateBytes);
    const number = position.next;
    const update = new Uint8Array(bytes).fill(number);
    const entries = encodeEntries([{ update, author: tried, time: number }]);
    position.next += 1;
    try {
      await store.log.append([
        { document: position.name, first: number, count: 1, entries: [entries], owners: [] },
      ]);
      say(`ack ${position.name} ${number} ${tried}`);
      acks += 1;
    } catch (thrown) {
      say(`refused ${position.name} ${number} ${tried} ${SheafError.from(thrown).code}`);
      if (options.end === 'kill-when-refused') process.kill(process.pid, 'SIGKILL');
      position.next = Math.min(position.next, number);
    }
  };

  const compact = async (position: Position): Promise<void> => {
    const through = position.next - 1;
    try {
      await store.log.compact({ document: position.name, base: position.base, snapshot: snapshot(through) });
      position.base = through;
    } catch (thrown) {
      // A disk that fails is what this program is for; everything else ends it.
      if (SheafError.from(thrown).code !== 'storage-unavailable') throw thrown;
    }
  };

  while (options.acks === 0 || acks < options.acks) {
    while (!store.healthy()) await wait(LOOK_MS);
    const position = positions[Math.floor(random() * positions.length)];
    if (position === undefined) return;
    await Promise.all(Array.from({ length: options.inFlight }, () => append(position)));
    if (options.compact && random() < 0.05 && store.healthy() && position.next - 1 > position.base) {
      await compact(position);
    }
  }
  if (options.end !== 'close') process.kill(process.pid, 'SIGKILL');
  await store.close();
}

await run(JSON.parse(process.argv[2] ?? '{}'));
