import { NO_CHOICE } from './plan.ts';
import type { Choice } from './plan.ts';
import { RUNGS } from './rung.ts';

/** How long a choice counts, ms. */
export const REMEMBERED_MS = 30 * 60_000;

const KEY = 'sheaf.channel ';

/** What is remembered for each server, from one channel to the next. */
export interface Choices {
  /** What is known about `origin` at `now`, ms of the wall clock. */
  recall(origin: string, now: number): Choice;
  remember(origin: string, choice: Choice, now: number): void;
}

/** Where text is kept: a browser's localStorage, or less. Each may throw. */
interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** Choices that end with this program. */
export class MemoryChoices implements Choices {
  readonly #kept = new Map<string, { readonly choice: Choice; readonly at: number }>();

  recall(origin: string, now: number): Choice {
    const kept = this.#kept.get(origin);
    return kept === undefined ? NO_CHOICE : stillValid(kept.choice, kept.at, now);
  }

  remember(origin: string, choice: Choice, now: number): void {
    this.#kept.set(origin, { choice, at: now });
  }
}

/** Choices in a store that other tabs share and that a reload survives. One that refuses is done without. */
export class StoredChoices implements Choices {
  readonly #store: Store;
  readonly #here = new MemoryChoices();

  constructor(store: Store) {
    this.#store = store;
  }

  recall(origin: string, now: number): Choice {
    try {
      const text = this.#store.getItem(KEY + origin);
      if (text === null) return this.#here.recall(origin, now);
      const kept: unknown = JSON.parse(text);
      const choice = decodeChoice(kept);
      const at = numberOf(kept, 'at');
      return choice === null || at === null ? NO_CHOICE : stillValid(choice, at, now);
    } catch {
      // A store that is shut, or holds what is no JSON: what this page itself saw is all that is known.
      return this.#here.recall(origin, now);
    }
  }

  remember(origin: string, choice: Choice, now: number): void {
    this.#here.remember(origin, choice, now);
    try {
      this.#store.setItem(KEY + origin, JSON.stringify({ ...choice, at: now }));
    } catch {
      // Full or shut; the page itself remembers.
    }
  }
}

const here = new MemoryChoices();

/** The browser's own store; in a program without a page, what this program saw. */
export function browserChoices(): Choices {
  // Node has such a store too, and warns whoever looks at it.
  if (!Reflect.has(globalThis, 'document')) return here;
  try {
    const store: unknown = Reflect.get(globalThis, 'localStorage');
    return isStore(store) ? new StoredChoices(store) : here;
  } catch {
    // The person forbids it.
    return here;
  }
}

/** What of a choice counts `now`: the rung for a while, a demotion and a drain until their own ends. */
function stillValid(choice: Choice, at: number, now: number): Choice {
  // A clock that was set back would make it last for ever.
  const fresh = now >= at && now < at + REMEMBERED_MS;
  return fresh ? choice : { ...NO_CHOICE, known: choice.known };
}

function decodeChoice(value: unknown): Choice | null {
  if (typeof value !== 'object' || value === null) return null;
  const rung = RUNGS.find((name) => name === Reflect.get(value, 'rung'));
  const trouble: unknown = Reflect.get(value, 'trouble');
  const earlyDeaths = numberOf(value, 'earlyDeaths');
  const demotedUntil = numberOf(value, 'demotedUntil');
  const webSocketTriedAt = numberOf(value, 'webSocketTriedAt');
  const notBefore = numberOf(value, 'notBefore');
  if (rung === undefined || earlyDeaths === null || demotedUntil === null) return null;
  if (webSocketTriedAt === null || notBefore === null || typeof trouble !== 'object' || trouble === null)
    return null;
  const websocket = (['refused', 'silent', 'cut'] as const).find(
    (name) => name === Reflect.get(trouble, 'websocket'),
  );
  const sse = (['refused', 'held'] as const).find((name) => name === Reflect.get(trouble, 'sse'));
  return {
    rung,
    trouble: { websocket: websocket ?? null, sse: sse ?? null },
    earlyDeaths,
    demotedUntil,
    streamDeaths: numberOf(value, 'streamDeaths') ?? 0,
    streamDemotedUntil: numberOf(value, 'streamDemotedUntil') ?? 0,
    webSocketTriedAt,
    streamTriedAt: numberOf(value, 'streamTriedAt') ?? 0,
    notBefore,
    known: Reflect.get(value, 'known') === true,
    rowBytes: numberOf(value, 'rowBytes') ?? NO_CHOICE.rowBytes,
  };
}

function numberOf(value: unknown, name: string): number | null {
  const number: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function isStore(value: unknown): value is Store {
  return typeof value === 'object' && value !== null && 'getItem' in value && 'setItem' in value;
}
