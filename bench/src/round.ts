import { Client } from './client.ts';
import type { Outcome } from './outcome.ts';
import { CpuMeter, machineMicroseconds } from './process-usage.ts';
import { Replica } from './replica.ts';
import { everyTick, sendByTimetable, timetable } from './schedule.ts';
import type { Sent } from './schedule.ts';
import { startServer } from './server-process.ts';
import type { RunningServer } from './server-process.ts';
import type { ServerUnderTest } from './servers.ts';
import { percentile } from './statistics.ts';
import { Sweep } from './sweep.ts';
import type { TypingSession } from './typing.ts';

/** People who write. */
export const WRITERS = 10;
/** Share of its core above which the load process may have been what was slow. */
const LOAD_SHARE = 0.8;
/** Warm-up: updates per second, whatever the round's rate is, and how long, s. Optimising the code takes a quarter of a server's
 * CPU time in its first seconds, and next to none after eight. */
export const WARM_UP = { rate: 1_000, seconds: 8 } as const;
/** What is due after the last update was sent must arrive within, ms. */
const DRAIN_MS = 10_000;
/** Then the server may finish what nobody waits for, ms; it counts to its CPU time. */
const SETTLE_MS = 100;
/** Connections that are made at once. */
const CONNECTING = 50;
const DOCUMENT = 'bench';

/** One round's setting. */
export interface Setting {
  readonly server: ServerUnderTest;
  /** How many only receive; one of them is a replica. */
  readonly readers: number;
  /** Updates per second, of all writers together. */
  readonly rate: number;
  readonly seconds: number;
  /** {@link WARM_UP}, or less in a test. */
  readonly warmUp: { readonly rate: number; readonly seconds: number };
  readonly pinned: boolean;
}

/** What a round measured. */
export interface FanOut {
  readonly updates: number;
  /** How many of them became visible in the replica. */
  readonly arrived: number;
  /** CPU time of the server, all threads, µs: per update, and per update and connection that had to get it. */
  readonly cpuPerUpdate: number;
  readonly cpuPerDelivery: number;
  /** From when an update was due to be sent to when it was visible in the replica, ms. */
  readonly latency: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  };
  /** Bytes that a reader got per update, the least and the most of all that only count. */
  readonly readerBytes: { readonly min: number; readonly max: number };
  /** Share of one core that the load process used while it sent. */
  readonly loadShare: number;
  /** What other programs used meanwhile, as a share of one core; a quiet machine has next to nothing. */
  readonly others: number;
  /** 99th percentile of how late updates were sent, ms; part of the latency. */
  readonly lateness: number;
}

type Pace = Pick<Setting, 'rate' | 'seconds' | 'warmUp'>;

function warmUpCount({ warmUp }: Pick<Pace, 'warmUp'>): number {
  return Math.round(warmUp.rate * warmUp.seconds);
}

/** How many updates a session needs for a round. */
export function sessionLength(pace: Pace): number {
  return warmUpCount(pace) + Math.round(pace.rate * pace.seconds);
}

/** Everybody in the room. */
interface Room {
  readonly writers: readonly Client[];
  /** Readers that only count. */
  readonly counting: readonly Client[];
  readonly replica: Replica;
  readonly sweep: Sweep;
  /** Why the round is lost, if a connection broke. */
  readonly failure: () => string | null;
  readonly leave: () => void;
}

async function connectAll(count: number, connect: () => Promise<Client>): Promise<Client[]> {
  const clients: Client[] = [];
  while (clients.length < count) {
    const batch = Math.min(CONNECTING, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length: batch }, connect))));
  }
  return clients;
}

async function fillRoom(setting: Setting, session: TypingSession, port: number): Promise<Room> {
  const { dialect } = setting.server;
  let failure: string | null = null;
  const connect = async (vector: Uint8Array): Promise<Client> => {
    const failed = (reason: string): void => {
      failure ??= reason;
    };
    const client = await Client.connect({ port, dialect, document: DOCUMENT, failed });
    await client.open(DOCUMENT, vector);
    return client;
  };
  // A state vector of no clients: this one knows nothing and brings the document.
  const first = await connect(Uint8Array.of(0));
  await first.put(DOCUMENT, session.base, session.baseVector);
  const others = await connectAll(WRITERS - 1, () => connect(session.baseVector));
  const counting = await connectAll(setting.readers - 1, () => connect(session.baseVector));
  // Last: most servers write to their connections in the order in which these came, and what holds for the first
  // of thousands holds for nobody else.
  const replica = new Replica(session);
  const watcher = await connect(replica.vector());
  watcher.onContent = (update) => replica.apply(update, () => performance.now());
  const writers = [first, ...others];
  const quiet = [...writers, ...counting];
  for (const client of quiet) client.connection.count();
  return {
    writers,
    counting,
    replica,
    sweep: new Sweep(quiet.map(({ connection }) => connection)),
    failure: () => failure,
    leave: () => {
      for (const client of [...quiet, watcher]) client.connection.destroy();
    },
  };
}

/** Waits until the replica shows `count` updates, or no longer than the bound. */
async function drain(room: Room, count: number): Promise<void> {
  const end = performance.now() + DRAIN_MS;
  await everyTick((elapsed, now) => {
    room.sweep.tick(elapsed);
    return room.replica.count < count && now < end && room.failure() === null;
  });
}

/** Lets the server finish and reads what has come. */
async function settle(room: Room): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  await everyTick((elapsed, now) => {
    room.sweep.tick(elapsed);
    return now < end;
  });
}

/** Latencies of the updates from `first` on that arrived, ms, sorted. */
function latencies(room: Room, sent: Sent, first: number): Float64Array {
  const found: number[] = [];
  sent.due.forEach((due, index) => {
    const visible = room.replica.times[first + index] ?? Number.NaN;
    if (!Number.isNaN(visible)) found.push(visible - due);
  });
  return Float64Array.from(found).sort();
}

/** What a round says about the server. */
function outcomeOf(setting: Setting, room: Room, figures: FanOut): Outcome<FanOut> {
  const { arrived, updates, loadShare, readerBytes } = figures;
  const failure = room.failure();
  if (failure !== null) return { state: 'void', reason: failure, figures };
  if (loadShare > LOAD_SHARE) {
    const reason = `the load process used ${Math.round(loadShare * 100)} % of its core`;
    return { state: 'void', reason, figures };
  }
  if (arrived < updates) {
    const reason = `${arrived} of ${updates} updates had arrived ${DRAIN_MS / 1_000} s after the last was sent`;
    return { state: 'overloaded', reason, figures };
  }
  if (setting.readers > 1 && readerBytes.min === 0)
    return { state: 'void', reason: 'a reader got nothing', figures };
  return { state: 'valid', figures };
}

async function measure(
  setting: Setting,
  room: Room,
  frames: readonly Buffer[],
  pid: number,
): Promise<Outcome<FanOut>> {
  const { rate, readers } = setting;
  const send = (index: number): void =>
    room.writers[index % WRITERS]?.connection.sendFrame(frames[index] ?? Buffer.alloc(0));
  const first = warmUpCount(setting);
  const warmUp = timetable({ count: first, rate: setting.warmUp.rate, seed: 1 });
  await sendByTimetable({ times: warmUp, sweep: room.sweep, send });
  await drain(room, first);
  await settle(room);
  const broken = room.failure();
  if (broken !== null) return { state: 'void', reason: broken, figures: null };
  if (room.replica.count < first)
    return { state: 'overloaded', reason: 'the warm-up did not arrive in time', figures: null };
  const updates = frames.length - first;
  const times = timetable({ count: updates, rate, seed: 2 });
  const bytesBefore = room.counting.map(({ connection }) => connection.bytes);
  using server = new CpuMeter(pid);
  const machineBefore = machineMicroseconds();
  const loadBefore = process.cpuUsage();
  const sent = await sendByTimetable({ times, sweep: room.sweep, send: (index) => send(first + index) });
  const load = process.cpuUsage(loadBefore);
  const loadTime = load.user + load.system;
  const sending = (sent.end - sent.start) * 1_000;
  const others = machineMicroseconds() - machineBefore - loadTime - server.look();
  await drain(room, frames.length);
  await settle(room);
  const cpu = server.look();
  const sorted = latencies(room, sent, first);
  const bytes = room.counting.map(
    ({ connection }, index) => (connection.bytes - (bytesBefore[index] ?? 0)) / updates,
  );
  const figures: FanOut = {
    updates,
    arrived: sorted.length,
    cpuPerUpdate: cpu / updates,
    cpuPerDelivery: cpu / (updates * (WRITERS - 1 + readers)),
    latency: {
      p50: percentile(sorted, 0.5),
      p95: percentile(sorted, 0.95),
      p99: percentile(sorted, 0.99),
      max: percentile(sorted, 1),
    },
    readerBytes: {
      min: bytes.length === 0 ? 0 : Math.min(...bytes),
      max: bytes.length === 0 ? 0 : Math.max(...bytes),
    },
    loadShare: loadTime / sending,
    others: Math.max(0, others / sending),
    lateness: percentile(sent.lateness.toSorted(), 0.99),
  };
  return outcomeOf(setting, room, figures);
}

/**
 * One round: a fresh server, {@link WRITERS} writers and the readers on one document, a warm-up, then `seconds`
 * of updates by a fixed timetable. The server's CPU time counts until the last update has arrived and a moment
 * longer, so that work put off is work counted.
 */
export async function runRound(setting: Setting, session: TypingSession): Promise<Outcome<FanOut>> {
  await using server: RunningServer = await startServer(setting.server, setting.pinned);
  const room = await fillRoom(setting, session, server.port);
  try {
    const frames = session.updates.map((update, index) => {
      const writer = room.writers[index % WRITERS];
      if (writer === undefined) throw new Error('a session has as many writers as the room');
      return writer.frame(DOCUMENT, update);
    });
    await settle(room);
    return await measure(setting, room, frames, server.pid);
  } finally {
    room.leave();
  }
}
