import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '../client.ts';
import { hocuspocus } from '../dialect/hocuspocus.ts';
import { CpuMeter, machineMicroseconds } from '../process-usage.ts';
import { Replica } from '../replica.ts';
import { everyTick, sendByTimetable, timetable } from '../schedule.ts';
import { percentile } from '../statistics.ts';
import { Sweep } from '../sweep.ts';
import type { TypingSession } from '../typing.ts';
import { type MeasuredNode, startNodes } from './nodes.ts';

/** People who write, all on the first node. */
export const WRITERS = 10;
/** Before what is measured, s, at 1,000 updates a second at least. */
const WARM_UP = { seconds: 2, rate: 1_000 };
/** What was sent must arrive within, ms. */
const DRAIN_MS = 10_000;
/** Then nodes may finish what nobody waits for, ms; it counts to their CPU time. */
const SETTLE_MS = 300;
const DOCUMENT = 'bench';

/**
 * How a round is set up. `alone`: one node. `follower`: a second one with nobody on it. `across`: a second one with a
 * reader.
 */
export type Form = 'alone' | 'follower' | 'across';

/** One round. */
export interface ClusterSetting {
  readonly form: Form;
  /** Updates per second, of all writers together. */
  readonly rate: number;
  readonly seconds: number;
}

/** From when an update was due to be sent to when it is in a reader's replica, ms. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** What a round measured; null: there was no such node or reader. */
export interface ClusterFigures {
  /** CPU time of the node where people write, and of the other one, all threads, µs per update. */
  readonly writing: number;
  readonly other: number | null;
  readonly same: Latency;
  readonly across: Latency | null;
  /** Updates that were sent, and that had come to the other node (or to the reader, alone) ten seconds later. */
  readonly sent: number;
  readonly arrived: number;
  /** Share of one core that the load process used, and that programs beside the bench used. */
  readonly load: number;
  readonly others: number;
}

/** How many updates a session needs for a round. */
export function sessionLength({ rate, seconds }: Pick<ClusterSetting, 'rate' | 'seconds'>): number {
  return warmUpCount(rate) + rate * seconds;
}

function warmUpCount(rate: number): number {
  return WARM_UP.seconds * Math.max(rate, WARM_UP.rate);
}

interface Reader {
  readonly replica: Replica;
  readonly client: Client;
}

/** One round with fresh nodes. Throws where a connection breaks. */
export async function runClusterRound(
  setting: ClusterSetting,
  session: TypingSession,
): Promise<ClusterFigures> {
  await using started = await startNodes(setting.form === 'alone' ? 1 : 2);
  const [home, away] = started.nodes;
  if (home === undefined) throw new Error('There is no node.');
  const writers: Client[] = [];
  for (let at = 0; at < WRITERS; at += 1)
    writers.push(await join(home, at === 0 ? Uint8Array.of(0) : session.baseVector));
  await writers[0]?.put(DOCUMENT, session.base, session.baseVector);
  const readers = [await read(home, session)];
  if (setting.form === 'across' && away !== undefined) readers.push(await read(away, session));
  const clients = [...writers, ...readers.map(({ client }) => client)];
  try {
    for (const { connection } of writers) connection.count();
    const sweep = new Sweep(writers.map(({ connection }) => connection));
    return await measure({ setting, session, writers, readers, sweep, nodes: started.nodes });
  } finally {
    for (const { connection } of clients) connection.destroy();
  }
}

async function join(node: MeasuredNode, vector: Uint8Array): Promise<Client> {
  const failed = (reason: string): void => {
    throw new Error(`A connection ended: ${reason}`);
  };
  const client = await Client.connect({
    port: node.port,
    dialect: hocuspocus('/hocuspocus'),
    document: DOCUMENT,
    failed,
  });
  await client.open(DOCUMENT, vector);
  return client;
}

async function read(node: MeasuredNode, session: TypingSession): Promise<Reader> {
  const replica = new Replica(session);
  const client = await join(node, replica.vector());
  client.onContent = (update) => replica.apply(update, () => performance.now());
  return { replica, client };
}

async function measure(room: {
  readonly setting: ClusterSetting;
  readonly session: TypingSession;
  readonly writers: readonly Client[];
  readonly readers: readonly Reader[];
  readonly sweep: Sweep;
  readonly nodes: readonly MeasuredNode[];
}): Promise<ClusterFigures> {
  const { setting, session, writers, readers, sweep, nodes } = room;
  const frames = session.updates.map((update, at) => writers[at % WRITERS]?.frame(DOCUMENT, update));
  const send = (at: number): void =>
    writers[at % WRITERS]?.connection.sendFrame(frames[at] ?? Buffer.alloc(0));
  const first = warmUpCount(setting.rate);
  const [, away] = nodes;
  const warmUp = timetable({ count: first, rate: Math.max(setting.rate, WARM_UP.rate), seed: 1 });
  await sendByTimetable({ times: warmUp, sweep, send });
  await drain(readers, sweep, first);
  await arrival(away, first);
  await wait(SETTLE_MS);

  const count = frames.length - first;
  using meters = new DisposableStack();
  const [writing = null, other = null] = nodes.map(({ pid }) => meters.use(new CpuMeter(pid)));
  const before = { machine: machineMicroseconds(), load: process.cpuUsage() };
  const times = timetable({ count, rate: setting.rate, seed: 2 });
  const began = performance.now();
  const sent = await sendByTimetable({ times, sweep, send: (at) => send(first + at) });
  const load = process.cpuUsage(before.load);
  const sending = (performance.now() - began) * 1_000;
  const nodesUsed = (writing?.look() ?? 0) + (other?.look() ?? 0);
  const others = machineMicroseconds() - before.machine - nodesUsed - load.user - load.system;
  await drain(readers, sweep, frames.length);
  const arrived = await arrival(away, frames.length);
  await wait(SETTLE_MS);
  const latency = ({ replica }: Reader): Latency => {
    const found = [...sent.due].map((due, at) => (replica.times[first + at] ?? NaN) - due);
    const sorted = Float64Array.from(found.filter((ms) => !Number.isNaN(ms))).sort();
    return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
  };
  const [same, across] = readers;
  if (same === undefined || writing === null) throw new Error('Nobody reads.');
  return {
    writing: writing.look() / count,
    other: other === null ? null : other.look() / count,
    same: latency(same),
    across: across === undefined ? null : latency(across),
    sent: count,
    arrived: (away === undefined ? same.replica.count : arrived) - first,
    load: (load.user + load.system) / sending,
    others: Math.max(0, others / sending),
  };
}

/** Waits until every reader shows `count` updates, or no longer than the bound. */
async function drain(readers: readonly Reader[], sweep: Sweep, count: number): Promise<void> {
  const end = performance.now() + DRAIN_MS;
  await everyTick((elapsed, now) => {
    sweep.tick(elapsed);
    return readers.some(({ replica }) => replica.count < count) && now < end;
  });
}

/** Waits until the other node was sent `count` updates and the document's base; how many it was. */
async function arrival(away: MeasuredNode | undefined, count: number): Promise<number> {
  if (away === undefined) return count;
  const end = performance.now() + DRAIN_MS;
  for (;;) {
    // The base is the first update of all.
    const came = (await away.metric('sheaf_cluster_updates_received_total')) - 1;
    if (came >= count || performance.now() > end) return came;
    await wait(20);
  }
}
