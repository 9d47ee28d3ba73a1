import type { Frame } from '@sheaf/proto/channel/frame';
import { openEventStream } from './event-stream-line.ts';
import { BrokenOff } from './inbox.ts';
import { RungRefused, type Line } from './line.ts';
import { DOCTOR_LIMITS } from './limits.ts';
import { openPoll } from './poll-line.ts';
import type { Route } from './route.ts';
import { openWebSocket } from './websocket-line.ts';

/** The ways in which a channel can travel, best first. */
export const RUNGS = ['websocket', 'sse', 'poll'] as const;
export type RungName = (typeof RUNGS)[number];

/**
 * What is wrong with a rung. `refused`: something on the way does not let it begin. `silent`: it begins, and nothing
 * comes through, or it is cut at once. `held`: what comes waits for the answer's end. `late`: it comes late. `idle`: it is cut when nothing
 * is said. `origin`: the server does not know the address that people use. `network`: no connection.
 */
export type RungProblem = 'refused' | 'silent' | 'held' | 'late' | 'idle' | 'origin' | 'network';

/** What was found about one rung. */
export interface RungFinding {
  readonly rung: RungName;
  readonly works: boolean;
  readonly problem: RungProblem | null;
  /** The HTTP status that refused it. */
  readonly status: number | null;
  /** From the first request to the first frame, ms. */
  readonly firstMs: number | null;
  /** The middle one of some round trips, ms. */
  readonly roundTripMs: number | null;
  /** How long it was silent and lived, ms. */
  readonly silentMs: number | null;
  /** For a person; may be empty. */
  readonly words: string;
}

/** What examining needs of the outside. */
export interface Instruments {
  /** A steady clock, ms. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const OPENERS: Readonly<Record<RungName, (route: Route, signal: AbortSignal) => Promise<Line>>> = {
  websocket: openWebSocket,
  sse: openEventStream,
  poll: openPoll,
};

/** A ping of Hocuspocus's protocol, and what answers it: the one message that needs no document. */
const PING = Uint8Array.of(9);
const PONG = 10;

/**
 * Opens a channel on one rung, sends a message through it and back, and then leaves it silent until the server ends
 * it for want of an authentication, which shows that nobody cut it before. Never rejects.
 */
export async function examineRung(
  rung: RungName,
  route: Route,
  { now, signal }: Instruments,
): Promise<RungFinding> {
  const begun = now();
  const stop = new AbortController();
  const found = { rung, status: null, firstMs: null, roundTripMs: null, silentMs: null, words: '' };
  let line: Line | null = null;
  try {
    line = await opened(OPENERS[rung], route, AbortSignal.any([signal, stop.signal]));
    // A poll is answered once there is something to answer.
    if (rung !== 'poll' && (await line.inbox.take(isWelcome, DOCTOR_LIMITS.answerMs)) === null)
      return { ...found, ...missing(rung) };
    const firstMs = Math.round(now() - begun);
    const message = await trip(line, { frame: { type: 'message', body: PING }, answers: isPong, now });
    if (message === null) return { ...found, firstMs, ...missing(rung) };
    const trips = [message];
    for (let nonce = 1; nonce < DOCTOR_LIMITS.roundTrips; nonce += 1) {
      const isOurs = (frame: Frame): frame is Frame => frame.type === 'pong' && frame.nonce === nonce;
      const next = await trip(line, { frame: { type: 'ping', nonce }, answers: isOurs, now });
      if (next !== null) trips.push(next);
    }
    const middle =
      trips.toSorted((one, other) => one.allMs - other.allMs)[Math.floor(trips.length / 2)] ?? message;
    const lateMs = Math.min(...trips.map(({ lateMs: late }) => late));
    const measured = { ...found, firstMs, roundTripMs: Math.round(middle.allMs) };
    return { ...measured, ...(await silence(line, rung, lateMs, now)) };
  } catch (thrown) {
    return { ...found, ...refused(thrown, rung) };
  } finally {
    line?.close();
    stop.abort();
  }
}

/** Opens a rung, or gives up when nothing answers. */
async function opened(
  open: (route: Route, signal: AbortSignal) => Promise<Line>,
  route: Route,
  signal: AbortSignal,
) {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new RungRefused('silent', null, 'Nothing answers.')),
    DOCTOR_LIMITS.answerMs,
  );
  try {
    return await Promise.race([open(route, signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

interface Trip {
  readonly allMs: number;
  /** How long after the frame was handed over its answer came, ms. */
  readonly lateMs: number;
}

async function trip(
  line: Line,
  ask: { frame: Frame; answers: (frame: Frame) => frame is Frame; now: () => number },
): Promise<Trip | null> {
  const begun = ask.now();
  const [handedOver, answer] = await Promise.all([
    line.send([ask.frame], 0).then(() => ask.now()),
    line.inbox.take(ask.answers, DOCTOR_LIMITS.answerMs).then((frame) => (frame === null ? null : ask.now())),
  ]);
  return answer === null ? null : { allMs: answer - begun, lateMs: answer - handedOver };
}

function isWelcome(frame: Frame): frame is Frame {
  return frame.type === 'welcome';
}

function isPong(frame: Frame): frame is Frame {
  return frame.type === 'message' && frame.body.length === 1 && frame.body[0] === PONG;
}

function isClose(frame: Frame): frame is Frame {
  return frame.type === 'close';
}

/** Waits until the server says that it ends the channel, or has been silent for long. */
async function silence(
  line: Line,
  rung: RungName,
  lateMs: number,
  now: () => number,
): Promise<Pick<RungFinding, 'works' | 'problem' | 'silentMs' | 'words'>> {
  const begun = now();
  try {
    await line.inbox.take(isClose, DOCTOR_LIMITS.silenceMs);
    const silentMs = Math.round(now() - begun);
    // The answer to a POST overtakes what that POST causes only where somebody gathers it.
    if (rung === 'sse' && lateMs >= DOCTOR_LIMITS.lateMs)
      return { works: true, problem: 'late', silentMs, words: `Events come ${Math.round(lateMs)} ms late.` };
    return { works: true, problem: null, silentMs, words: '' };
  } catch (thrown) {
    if (!(thrown instanceof BrokenOff)) throw thrown;
    const silentMs = Math.round(now() - begun);
    if (rung === 'websocket' && silentMs < DOCTOR_LIMITS.earlyMs)
      return {
        works: false,
        problem: 'silent',
        silentMs,
        words: `It opens and is cut after ${silentMs} ms.`,
      };
    const words = `Cut after ${(silentMs / 1000).toFixed(1)} s of silence (${thrown.message}).`;
    return { works: true, problem: 'idle', silentMs, words };
  }
}

function missing(rung: RungName): Pick<RungFinding, 'works' | 'problem' | 'words'> {
  const seconds = DOCTOR_LIMITS.answerMs / 1000;
  if (rung === 'websocket')
    return {
      works: false,
      problem: 'silent',
      words: `It opens, and nothing comes through it for ${seconds} s.`,
    };
  if (rung === 'sse') return { works: false, problem: 'held', words: `No event comes for ${seconds} s.` };
  return { works: false, problem: 'silent', words: `A poll is not answered for ${seconds} s.` };
}

function refused(
  thrown: unknown,
  rung: RungName,
): Pick<RungFinding, 'works' | 'problem' | 'status' | 'words'> {
  if (thrown instanceof RungRefused) {
    const { problem, status, message } = thrown;
    const words = status === null ? message : `Answered ${status}. ${message}`.trim();
    return { works: false, problem, status, words };
  }
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof BrokenOff)
    return {
      works: false,
      problem: rung === 'websocket' ? 'silent' : 'refused',
      status: null,
      words: `It opens and breaks: ${words}.`,
    };
  return { works: false, problem: 'network', status: null, words };
}
