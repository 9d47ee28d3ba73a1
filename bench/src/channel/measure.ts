import { setTimeout as pause } from 'node:timers/promises';
import type { Rung } from '@sheaf/client/channel';
import { CpuMeter } from '../process-usage.ts';
import { percentile } from '../statistics.ts';
import { typeLetters } from './letters.ts';
import { Relay } from './relay.ts';
import { Writer } from './writer.ts';

/** What letters cost that one person types and another sees, both by the same carrier. */
export interface Letters {
  /** From the keystroke to the other's replica, ms. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** What the writer's network carries for a letter, and the reader's, both directions, bytes. */
  readonly writerBytes: number;
  readonly readerBytes: number;
}

/** Types `count` letters, each when the one before has arrived and a random gap has passed. */
export async function measureLetters(options: {
  readonly port: number;
  readonly carrier: Rung;
  readonly document: string;
  readonly count: number;
  readonly seed: number;
  /** What each way through the network takes longer than the loopback's, ms. */
  readonly delayMs: number;
}): Promise<Letters> {
  await using writerRelay = await Relay.listen(options.port, options.delayMs);
  await using readerRelay = await Relay.listen(options.port, options.delayMs);
  const address = (relay: Relay): string => `ws://127.0.0.1:${relay.port}/yjs/${options.document}`;
  const writer = new Writer(address(writerRelay), options.carrier);
  const reader = new Writer(address(readerRelay), options.carrier);
  await Promise.all([writer.synced, reader.synced]);
  const count = (): number[] => [writerRelay, readerRelay].map(({ up, down }) => up + down);
  let before: number[] = [];
  const took = await typeLetters({
    writer,
    reader,
    count: options.count,
    seed: options.seed,
    warm: () => (before = count()),
  });
  const bytes = count().map((after, at) => after - (before[at] ?? 0));
  writer.leave();
  reader.leave();
  return {
    p50: percentile(took, 0.5),
    p95: percentile(took, 0.95),
    p99: percentile(took, 0.99),
    writerBytes: (bytes[0] ?? 0) / options.count,
    readerBytes: (bytes[1] ?? 0) / options.count,
  };
}

/** Before it is looked at what idle channels cost, ms: the server ends workers that had nothing to do for 5 s. */
const SETTLED_MS = 8_000;

/** What a channel costs in a minute in which nothing happens. */
export interface Idle {
  /** Both directions, bytes. */
  readonly bytes: number;
  /** Of the server, and of the client, ms. */
  readonly serverMs: number;
  readonly clientMs: number;
}

/** Keeps `channels` channels open for `seconds`, each on a document of its own; the cost of one for a minute. */
export async function measureIdle(options: {
  readonly port: number;
  readonly pid: number;
  readonly carrier: Rung;
  readonly channels: number;
  readonly seconds: number;
}): Promise<Idle> {
  await using relay = await Relay.listen(options.port);
  const writers = Array.from(
    { length: options.channels },
    (_, at) => new Writer(`ws://127.0.0.1:${relay.port}/yjs/idle-${options.carrier}-${at}`, options.carrier),
  );
  await Promise.all(writers.map(({ synced }) => synced));
  await pause(SETTLED_MS);
  using server = new CpuMeter(options.pid);
  using client = new CpuMeter(process.pid);
  const bytesBefore = relay.up + relay.down;
  const minutes = (options.seconds / 60) * options.channels;
  await pause(options.seconds * 1_000);
  const idle = {
    bytes: (relay.up + relay.down - bytesBefore) / minutes,
    serverMs: server.look() / 1_000 / minutes,
    clientMs: client.look() / 1_000 / minutes,
  };
  for (const writer of writers) writer.leave();
  await pause(500);
  return idle;
}
