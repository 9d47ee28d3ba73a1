import type { Knowledge } from './knowledge.ts';
import { NONE } from './update-reader.ts';

/** Visits to waiting clients before the judge gives up; they take some 80 ns each. */
const MAX_VISITS = 20_000;

/** Where each client of an update ends; a map only when there are several. */
export class Ends {
  #client = NONE;
  #end = 0;
  #others: Map<number, number> | null = null;

  has(client: number): boolean {
    return this.get(client) !== undefined;
  }

  get(client: number): number | undefined {
    return client === this.#client ? this.#end : this.#others?.get(client);
  }

  set(client: number, end: number): void {
    if (this.#client === NONE || this.#client === client) {
      this.#client = client;
      this.#end = end;
    } else (this.#others ??= new Map()).set(client, end);
  }
}

/** A struct that refers to one that is not known yet. */
export interface Wait {
  readonly client: number;
  readonly clock: number;
  readonly toClient: number;
  readonly toClock: number;
}

/**
 * Structs that need another client's structs of the same update. Yjs takes a client's structs in order, and
 * switches to another client when it must; so does this, in clocks alone.
 */
export class Waits {
  /** Per client that waits, in the order of its clocks. */
  readonly #queues = new Map<number, Wait[]>();

  add(wait: Wait): void {
    const queue = this.#queues.get(wait.client);
    if (queue === undefined) this.#queues.set(wait.client, [wait]);
    else queue.push(wait);
  }

  /** Whether all of them get what they need. */
  resolve(knowledge: Knowledge, ends: Ends): boolean {
    const heads = new Map<number, number>();
    for (const client of this.#queues.keys()) heads.set(client, 0);
    const reached = (client: number): number => {
      const head = heads.get(client);
      const wait = head === undefined ? undefined : this.#queues.get(client)?.[head];
      // What is known stays known, also while a known struct waits.
      if (wait !== undefined) return Math.max(wait.clock, knowledge.clock(client));
      return ends.get(client) ?? knowledge.clock(client);
    };
    let visits = 0;
    for (let progress = true; progress && heads.size > 0;) {
      progress = false;
      for (const [client, queue] of this.#queues) {
        let head = heads.get(client);
        if (head === undefined) continue;
        if ((visits += 1) > MAX_VISITS) return false;
        const before = head;
        for (
          let wait = queue[head];
          wait !== undefined && wait.toClock < reached(wait.toClient);
          wait = queue[head]
        )
          head += 1;
        if (head === before) continue;
        progress = true;
        if (head === queue.length) heads.delete(client);
        else heads.set(client, head);
      }
    }
    return heads.size === 0;
  }
}
