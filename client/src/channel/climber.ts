import type { Environment } from './environment.ts';
import { setBack, step } from './ladder.ts';
import type { Effect, LadderEvent } from './ladder.ts';
import type { Ladder } from './plan.ts';
import type { CarrierKind } from './rung.ts';

/** What a ladder asks for. Each may make something happen to the ladder, which is looked at after. */
export interface Climbing {
  /** Throws what the browser throws for an address that it refuses. */
  start(id: number, kind: CarrierKind): void;
  stop(id: number): void;
  attach(id: number): void;
  /** No way was found, or none for too long. */
  ended(): void;
  /** What happened was dealt with. */
  stepped(): void;
}

/** What a climber is made of. */
export interface ClimberOptions {
  readonly ladder: Ladder;
  /** The server's, by which choices are remembered. */
  readonly origin: string;
  readonly environment: Pick<Environment, 'random' | 'choices'>;
  readonly now: () => number;
  readonly climbing: Climbing;
}

/** Holds a channel's ladder, and does what it asks for, one event after another. */
export class Climber {
  readonly #options: ClimberOptions;
  readonly #pending: LadderEvent[] = [];
  #ladder: Ladder;
  #stepping = false;

  constructor(options: ClimberOptions) {
    this.#options = options;
    this.#ladder = options.ladder;
  }

  get ladder(): Ladder {
    return this.#ladder;
  }

  /** Something happened. */
  step(event: LadderEvent): void {
    this.#pending.push(event);
    if (this.#stepping) return;
    const { now, environment, climbing } = this.#options;
    this.#stepping = true;
    try {
      for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
        const [ladder, effects] = step(this.#ladder, next, { now: now(), random: environment.random });
        this.#ladder = ladder;
        for (const effect of effects) this.#apply(effect);
      }
    } finally {
      this.#stepping = false;
    }
    climbing.stepped();
  }

  /** The clock was set back by `ms`. */
  setBack(ms: number): void {
    this.#ladder = setBack(this.#ladder, ms);
  }

  #apply(effect: Effect): void {
    const { climbing, environment, origin, now } = this.#options;
    switch (effect.type) {
      case 'start':
        return this.#start(effect.id, effect.kind);
      case 'stop':
        return climbing.stop(effect.id);
      case 'attach':
        return climbing.attach(effect.id);
      case 'remember':
        return environment.choices.remember(origin, effect.choice, now());
      case 'fail':
      case 'expire':
        return climbing.ended();
    }
  }

  #start(id: number, kind: CarrierKind): void {
    try {
      this.#options.climbing.start(id, kind);
    } catch (thrown) {
      // A browser refuses some addresses outright, such as ws: from a page that came by https:.
      if (!(thrown instanceof Error || thrown instanceof DOMException)) throw thrown;
      this.step({ type: 'died', id, why: 'unreachable', retryAfterMs: 0 });
    }
  }
}
