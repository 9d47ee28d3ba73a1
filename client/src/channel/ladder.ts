import {
  afterDeath,
  afterDelay,
  graceFor,
  afterOpening,
  attemptDeadline,
  attemptOf,
  attemptSetBack,
  lookedAt,
  nextTried,
  tryingSince,
} from './attempt.ts';
import type { Attempt } from './attempt.ts';
import {
  EARLY_DEATHS,
  NO_CHOICE,
  currentRunner,
  isProbe,
  mayProbe,
  planOf,
  rank,
  trialFrom,
} from './plan.ts';
import type { Choice, Ladder, Runner } from './plan.ts';
import { RUNGS } from './rung.ts';
import type { CarrierKind, Death, Rung, Trouble } from './rung.ts';

/**
 * Which carriers run, and which of them is the channel's: DESIGN.md section 5 as a pure function. It knows no
 * sockets: `step` takes what happened, and says what to do. Times are ms of one wall clock.
 */

/** A carrier that ends within this time of opening died early, ms: some boxes cut each after a moment. */
const EARLY_MS = 5_000;
/** How long its rung is not the first choice after that, ms. */
const DEMOTION_MS = 30 * 60_000;
/** A WebSocket is tried again beside a lower rung this often, ms. */
export const PROBE_EVERY_MS = 5 * 60_000;
/** How long such a trial may take, ms. */
const PROBE_MS = 10_000;
/** An event stream is tried beside polls this long after these began, ms; */
export const TRIAL_AFTER_MS = 5_000;
/** once more after this, for a page that begins is busy; and then every {@link PROBE_EVERY_MS}. */
export const TRIAL_AGAIN_MS = 30_000;
/** How long that trial may take, ms: shorter than what proxies take for idle, who then let go what they held. */
const TRIAL_MS = 2_000;
/** Bounds of the window from which a wait between two attempts is drawn, ms. */
const SHORTEST_WINDOW_MS = 500;
const LONGEST_WINDOW_MS = 20_000;
/** A server, or a box that answers in its place, may ask to be left alone for so long at most, ms. */
export const LONGEST_LEAVE_MS = 30_000;

/** What happened. `retryAfterMs`: 0 if the server said nothing. */
export type LadderEvent =
  | { readonly type: 'start' }
  | { readonly type: 'opened'; readonly id: number }
  /** Its round trip came back. */
  | { readonly type: 'proved'; readonly id: number }
  /** It turned out to lead to a server that knows no channels. */
  | { readonly type: 'plain'; readonly id: number }
  | { readonly type: 'died'; readonly id: number; readonly why: Death; readonly retryAfterMs: number }
  /** Time passed; `lateMs`: so much more than was asked for, because the program was busy or asleep. */
  | { readonly type: 'tick'; readonly lateMs: number }
  | { readonly type: 'online' | 'visible' | 'hidden' | 'woke' }
  | { readonly type: 'drain'; readonly afterMs: number }
  | { readonly type: 'force'; readonly rung: Rung | null }
  | { readonly type: 'resumeMs'; readonly ms: number }
  /** The network takes no longer rows. */
  | { readonly type: 'rowBytes'; readonly bytes: number }
  | { readonly type: 'stop' };

/** What is to be done. */
export type Effect =
  | { readonly type: 'start'; readonly id: number; readonly kind: CarrierKind }
  | { readonly type: 'stop'; readonly id: number }
  /** The channel goes by this one from now on. */
  | { readonly type: 'attach'; readonly id: number }
  | { readonly type: 'remember'; readonly choice: Choice }
  /** The first attempt failed, on every rung. */
  | { readonly type: 'fail' }
  /** It was without a carrier for too long. */
  | { readonly type: 'expire' };

/** What a step needs beside what happened. `random` gives numbers from 0 to below 1. */
export interface Moment {
  readonly now: number;
  readonly random: () => number;
}

/** A ladder on which nothing was tried. */
export function createLadder(from: { choice: Choice; forced: Rung | null; hidden: boolean }): Ladder {
  return {
    ...from,
    phase: 'connecting',
    runners: [],
    current: null,
    attempt: null,
    failed: 0,
    waitUntil: from.choice.notBefore,
    lostAt: 0,
    attachedAt: 0,
    shortLived: 0,
    probeAt: from.choice.webSocketTriedAt + PROBE_EVERY_MS,
    trialAt: from.choice.streamTriedAt + PROBE_EVERY_MS,
    trials: 0,
    resumeMs: 60_000,
    drainUntil: 0,
    nextId: 1,
  };
}

/** What becomes of `ladder` by `event`, and what is to be done, in this order. */
export function step(ladder: Ladder, event: LadderEvent, moment: Moment): [Ladder, readonly Effect[]] {
  if (ladder.phase === 'over') return [ladder, []];
  const climb = new Step(ladder, moment);
  climb.take(event);
  climb.evaluate();
  return [climb.ladder, climb.effects];
}

/** The same ladder by a clock that was set back by `ms`: what is due stays as far away as it was. */
export function setBack(ladder: Ladder, ms: number): Ladder {
  const { attempt, choice } = ladder;
  return {
    ...ladder,
    choice: {
      ...choice,
      demotedUntil: choice.demotedUntil - ms,
      streamDemotedUntil: choice.streamDemotedUntil - ms,
      webSocketTriedAt: choice.webSocketTriedAt - ms,
      streamTriedAt: choice.streamTriedAt - ms,
      notBefore: choice.notBefore - ms,
    },
    runners: ladder.runners.map((runner) => ({
      ...runner,
      startedAt: runner.startedAt - ms,
      openedAt: runner.openedAt === null ? null : runner.openedAt - ms,
    })),
    attempt: attempt && attemptSetBack(attempt, ms),
    waitUntil: ladder.waitUntil - ms,
    lostAt: ladder.lostAt - ms,
    attachedAt: ladder.attachedAt - ms,
    probeAt: ladder.probeAt - ms,
    trialAt: ladder.trialAt - ms,
    drainUntil: ladder.drainUntil - ms,
  };
}

/** When `tick` must come at the latest; Infinity if it need not. */
export function deadline(ladder: Ladder): number {
  if (ladder.phase === 'over') return Infinity;
  const times = ladder.runners
    .filter((runner) => isProbe(ladder, runner))
    .map(({ startedAt }) => startedAt + PROBE_MS);
  if (ladder.phase === 'resuming') times.push(ladder.lostAt + ladder.resumeMs);
  if (ladder.attempt !== null) times.push(attemptDeadline(ladder.attempt));
  else if (planOf(ladder, 0) !== null) times.push(ladder.waitUntil);
  if (mayProbe(ladder)) times.push(ladder.probeAt);
  times.push(trialFrom(ladder), ...trialsOf(ladder).map(({ startedAt }) => startedAt + TRIAL_MS));
  return Math.min(Infinity, ...times);
}

function trialsOf(ladder: Ladder): readonly Runner[] {
  return ladder.runners.filter(({ kind }) => kind === 'trial');
}

/** One step: changes a copy, rule by rule. */
class Step {
  ladder: Ladder;
  readonly effects: Effect[] = [];
  readonly #now: number;
  readonly #random: () => number;

  constructor(ladder: Ladder, moment: Moment) {
    this.ladder = ladder;
    this.#now = moment.now;
    this.#random = moment.random;
  }

  take(event: LadderEvent): void {
    switch (event.type) {
      case 'start':
        return;
      case 'tick':
        return this.#late(event.lateMs);
      case 'opened':
        return this.#opened(event.id);
      case 'proved':
        return this.#proved(event.id);
      case 'plain':
        return this.#plain(event.id);
      case 'died':
        return this.#died(event.id, event.why, event.retryAfterMs);
      case 'online':
      case 'visible':
      case 'woke':
      case 'hidden':
        return this.#signal(event.type);
      case 'drain': {
        const afterMs = Math.min(LONGEST_LEAVE_MS, event.afterMs);
        const notBefore = this.#now + this.#random() * afterMs;
        this.#set({ drainUntil: this.#now + afterMs });
        return this.#remember({ notBefore });
      }
      case 'force':
        return this.#set({ forced: event.rung, attempt: null, waitUntil: this.#now });
      case 'resumeMs':
        return this.#set({ resumeMs: event.ms });
      case 'rowBytes':
        return this.#remember({ rowBytes: event.bytes });
      case 'stop':
        return this.#over();
    }
  }

  /** What follows from the state alone. */
  evaluate(): void {
    if (this.ladder.phase === 'over') return;
    this.#attachBest();
    const { phase, lostAt, resumeMs } = this.ladder;
    if (phase === 'resuming' && this.#now >= lostAt + resumeMs) {
      this.effects.push({ type: 'expire' });
      return this.#over();
    }
    this.#endProbes();
    this.#endStrays();
    this.#idle();
    const plan = planOf(this.ladder, this.#now);
    if (this.ladder.attempt === null && plan !== null && this.#now >= this.ladder.waitUntil)
      this.#set({ attempt: attemptOf(plan, this.#now) });
    this.#climb();
    this.#attempt((attempt) => lookedAt(attempt, this.#now));
    this.#probe();
    this.#try();
  }

  /** Whoever could not listen has not waited, and what is tried has not been tried for as long. */
  #late(ms: number): void {
    const { attempt, runners } = this.ladder;
    const delay = Math.min(ms, TRIAL_MS);
    const grace = attempt === null ? delay : graceFor(attempt, ms);
    for (const runner of runners) {
      const { id, kind, startedAt } = runner;
      this.#runner(id, { startedAt: kind === 'trial' ? startedAt + delay : tryingSince(runner, grace) });
    }
    this.#attempt((present) => afterDelay(present, ms, this.#now));
  }

  #opened(id: number): void {
    const runner = this.#find(id);
    if (!runner || runner.openedAt !== null) return;
    this.#runner(id, { openedAt: this.#now });
    this.#attempt((attempt) => afterOpening(attempt, runner, this.#now));
    if (runner.kind !== 'websocket') return;
    // Whoever took the subprotocol knows channels, however long its first frame takes.
    for (const { id: other, kind } of this.ladder.runners) if (kind === 'plain') this.#stop(other);
  }

  #proved(id: number): void {
    const runner = this.#find(id);
    if (runner?.kind !== 'trial')
      return this.#runner(id, { proved: true, openedAt: runner?.openedAt ?? this.#now });
    // Events get through: the next stream takes the channel. If it comes to nothing, there are polls.
    this.#stop(id);
    if (this.ladder.attempt === null) this.#set({ attempt: attemptOf(['sse', 'poll'], this.#now) });
  }

  #plain(id: number): void {
    for (const runner of this.ladder.runners) if (runner.id !== id) this.#stop(runner.id);
    this.#set({ phase: 'over', attempt: null });
  }

  #died(id: number, why: Death, retryAfterMs: number): void {
    const runner = this.#find(id);
    if (!runner) return;
    this.#set({ runners: this.ladder.runners.filter((other) => other.id !== id) });
    if (runner.kind === 'websocket') this.#webSocketDied(runner);
    if (runner.kind === 'sse' && why !== 'unavailable') this.#streamDied(runner);
    if (retryAfterMs > 0) {
      const wait = this.#random() * Math.min(LONGEST_LEAVE_MS, retryAfterMs);
      this.#remember({ notBefore: Math.max(this.ladder.choice.notBefore, this.#now + wait) });
    }
    this.#attempt((attempt) => afterDeath(attempt, runner));
    if (id === this.ladder.current) this.#lost();
  }

  #webSocketDied(runner: Runner): void {
    if (this.#now < this.ladder.drainUntil) return;
    if (runner.openedAt === null) return this.#trouble({ websocket: 'refused' });
    const early = this.#now - runner.openedAt < EARLY_MS;
    const earlyDeaths = early ? this.ladder.choice.earlyDeaths + 1 : 0;
    this.#remember({ earlyDeaths });
    if (early) this.#trouble({ websocket: 'cut' });
  }

  #streamDied(runner: Runner): void {
    if (!runner.proved) return this.#trouble({ sse: 'refused' });
    if (this.#now < this.ladder.drainUntil || this.#polls) return;
    const early = this.#now - (runner.openedAt ?? runner.startedAt) < EARLY_MS;
    this.#remember({ streamDeaths: early ? this.ladder.choice.streamDeaths + 1 : 0 });
  }

  /** Whether a poll asks for the channel: the server ends the stream for it, which is nobody's failure. */
  get #polls(): boolean {
    return this.ladder.runners.some(({ kind }) => kind === 'poll' || kind === 'idle');
  }

  #lost(): void {
    const cut = this.#now >= this.ladder.drainUntil && !this.#polls;
    const early = cut && this.#now - this.ladder.attachedAt < EARLY_MS;
    const shortLived = early ? this.ladder.shortLived + 1 : 0;
    // The first few decide about the rung; if all of them are cut, each is waited for twice as long as the one before.
    const window = SHORTEST_WINDOW_MS * 2 ** Math.min(16, Math.max(0, shortLived - EARLY_DEATHS));
    const wait = Math.max(this.#drawWait(window), this.ladder.choice.notBefore - this.#now);
    this.#set({
      shortLived,
      phase: 'resuming',
      current: null,
      lostAt: this.#now,
      waitUntil: this.#now + wait,
      failed: 0,
    });
  }

  #signal(type: 'online' | 'visible' | 'woke' | 'hidden'): void {
    this.#set({ hidden: type === 'hidden' || (type !== 'visible' && this.ladder.hidden) });
    if (type === 'hidden') return;
    // The network may be another one.
    this.#set({
      waitUntil: Math.min(this.ladder.waitUntil, Math.max(this.#now, this.ladder.choice.notBefore)),
    });
    if (type !== 'woke') this.#set({ probeAt: this.#now, trialAt: this.#now });
  }

  #attachBest(): void {
    const best = this.ladder.runners
      .filter(({ proved }) => proved)
      .sort((a, b) => rank(this.ladder, b.kind) - rank(this.ladder, a.kind))[0];
    const current = currentRunner(this.ladder);
    if (!best || best.id === current?.id) return;
    if (current && rank(this.ladder, best.kind) <= rank(this.ladder, current.kind)) return;
    this.effects.push({ type: 'attach', id: best.id });
    // A WebSocket takes nothing until it is told to, so one that is slow may go on trying beside a lower rung.
    const stays = (other: Runner) =>
      other.id === best.id ||
      (other.kind === 'websocket' &&
        best.kind !== 'websocket' &&
        !other.proved &&
        this.ladder.forced === null);
    for (const other of this.ladder.runners) if (!stays(other)) this.#stop(other.id);
    this.#set({ phase: 'connected', current: best.id, attempt: null, failed: 0, attachedAt: this.#now });
    if (best.kind === 'poll') {
      const next = this.ladder.choice.streamTriedAt + PROBE_EVERY_MS;
      this.#set({ trialAt: Math.max(this.#now + TRIAL_AFTER_MS, next) });
    }
    const rung = RUNGS.find((name) => name === best.kind);
    if (rung) this.#settle(rung);
  }

  /** Keeps what is now known to work. */
  #settle(rung: Rung): void {
    const { choice, forced } = this.ladder;
    if (forced !== null) return this.#remember({ known: true });
    // A stream that carries the channel is no longer one that failed beside polls.
    if (rung !== 'poll') this.#set({ trials: 0 });
    const streamTriedAt = rung === 'poll' ? choice.streamTriedAt : 0;
    if (rung === 'websocket')
      return this.#remember({ rung, known: true, trouble: NO_CHOICE.trouble, streamTriedAt });
    const demoted = choice.earlyDeaths >= EARLY_DEATHS;
    const noStream = rung === 'poll' && choice.streamDeaths >= EARLY_DEATHS;
    const sse = rung === 'sse' ? null : noStream ? 'refused' : choice.trouble.sse;
    this.#remember({
      rung,
      known: true,
      trouble: { ...choice.trouble, sse },
      streamTriedAt,
      ...(demoted ? { demotedUntil: this.#now + DEMOTION_MS, earlyDeaths: 0 } : {}),
      ...(noStream ? { streamDemotedUntil: this.#now + DEMOTION_MS, streamDeaths: 0 } : {}),
    });
  }

  #endProbes(): void {
    for (const runner of this.ladder.runners) {
      if (!isProbe(this.ladder, runner) || this.#now < runner.startedAt + PROBE_MS) continue;
      this.#trouble({ websocket: runner.openedAt === null ? 'silent' : 'cut' });
      this.#stop(runner.id);
    }
  }

  /** What was begun for a reason that is gone, such as a page that is seen again. */
  #endStrays(): void {
    const { current, attempt, hidden } = this.ladder;
    if (current === null || attempt !== null) return;
    for (const { id, kind } of this.ladder.runners) {
      const beside = kind === 'idle' ? hidden : kind === 'trial' && !hidden;
      const wanted = id === current || kind === 'websocket' || beside;
      if (!wanted) this.#stop(id);
    }
  }

  /** A page that nobody sees lets its stream go, for a browser has few connections to a host. */
  #idle(): void {
    const kind = currentRunner(this.ladder)?.kind;
    if (!this.ladder.hidden || (kind !== 'sse' && kind !== 'poll')) return;
    if (!this.ladder.runners.some((runner) => runner.kind === 'idle')) this.#start('idle');
  }

  #climb(): void {
    for (;;) {
      const { attempt } = this.ladder;
      if (attempt === null) return;
      const trying = this.ladder.runners.filter(({ id }) => id !== this.ladder.current);
      const next = nextTried(attempt, trying, this.#now);
      if (next === 'failed') return this.#attemptFailed(trying);
      this.#set({ attempt: next.attempt });
      const { kind } = next;
      if (kind === null) return;
      this.#impatience(trying, kind);
      if (!trying.some((runner) => runner.kind === kind)) this.#start(kind);
    }
  }

  /** What `kind` means for those that were not proved in time. */
  #impatience(trying: readonly Runner[], kind: CarrierKind): void {
    for (const runner of trying) {
      if (runner.kind === 'websocket') this.#trouble({ websocket: 'silent' });
      // Two rungs of HTTP would take the channel from each other; and a body that is held back is let go when the
      // server ends it, which would look like a proof.
      else if (kind === 'sse' || kind === 'poll') {
        if (runner.kind === 'sse') this.#trouble({ sse: runner.openedAt === null ? 'refused' : 'held' });
        this.#stop(runner.id);
      }
    }
  }

  #attemptFailed(trying: readonly Runner[]): void {
    for (const { id } of trying) this.#stop(id);
    this.#set({ attempt: null, failed: this.ladder.failed + 1 });
    // Nothing works at all: that says nothing about one of them.
    this.#remember({ earlyDeaths: 0, streamDeaths: 0 });
    if (this.ladder.phase === 'connecting') {
      this.effects.push({ type: 'fail' });
      return this.#over();
    }
    const since = this.ladder.phase === 'resuming' ? this.#now - this.ladder.lostAt : LONGEST_WINDOW_MS;
    const wait = Math.max(this.#drawWait(since), this.ladder.choice.notBefore - this.#now);
    this.#set({ waitUntil: this.#now + wait });
  }

  #probe(): void {
    if (!mayProbe(this.ladder) || this.#now < this.ladder.probeAt) return;
    this.#start('websocket');
  }

  /** A network that held events back may have been only busy, or be another one by now. */
  #try(): void {
    for (const { id, startedAt } of trialsOf(this.ladder))
      if (this.#now >= startedAt + TRIAL_MS) this.#stop(id);
    if (this.#now < trialFrom(this.ladder)) return;
    this.#start('trial');
    const { trials } = this.ladder;
    this.#set({ trialAt: this.#now + (trials === 0 ? TRIAL_AGAIN_MS : PROBE_EVERY_MS), trials: trials + 1 });
    // Pages that are opened next need not try what failed twice.
    if (trials > 0) this.#remember({ streamTriedAt: this.#now });
  }

  #start(kind: CarrierKind): void {
    const id = this.ladder.nextId;
    const runner: Runner = { id, kind, startedAt: this.#now, openedAt: null, proved: false };
    this.#set({ nextId: id + 1, runners: [...this.ladder.runners, runner] });
    this.effects.push({ type: 'start', id, kind });
    if (kind !== 'websocket') return;
    this.#set({ probeAt: this.#now + PROBE_EVERY_MS });
    this.#remember({ webSocketTriedAt: this.#now });
  }

  #stop(id: number): void {
    if (!this.#find(id)) return;
    this.effects.push({ type: 'stop', id });
    this.#set({ runners: this.ladder.runners.filter((runner) => runner.id !== id) });
  }

  #over(): void {
    for (const { id } of this.ladder.runners) this.#stop(id);
    this.#set({ phase: 'over', current: null, attempt: null });
  }

  /** Full jitter from a window as long as the loss lasts: who comes back first doesn't find a herd. */
  #drawWait(since: number): number {
    return this.#random() * Math.min(LONGEST_WINDOW_MS, Math.max(SHORTEST_WINDOW_MS, since));
  }

  #trouble(trouble: Partial<Trouble>): void {
    this.#remember({ trouble: { ...this.ladder.choice.trouble, ...trouble } });
  }

  #remember(part: Partial<Choice>): void {
    const choice = { ...this.ladder.choice, ...part };
    this.#set({ choice });
    const at = this.effects.findIndex(({ type }) => type === 'remember');
    if (at !== -1) this.effects.splice(at, 1);
    this.effects.push({ type: 'remember', choice });
  }

  #attempt(change: (attempt: Attempt) => Attempt): void {
    const { attempt } = this.ladder;
    if (attempt !== null) this.#set({ attempt: change(attempt) });
  }

  #find(id: number): Runner | undefined {
    return this.ladder.runners.find((runner) => runner.id === id);
  }

  #runner(id: number, part: Partial<Runner>): void {
    this.#set({
      runners: this.ladder.runners.map((runner) => (runner.id === id ? { ...runner, ...part } : runner)),
    });
  }

  #set(part: Partial<Ladder>): void {
    this.ladder = { ...this.ladder, ...part };
  }
}
