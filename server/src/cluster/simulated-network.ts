/** Time and the network of a simulated cluster: a queue of what happens when, decided by chance alone. */

interface Happening {
  readonly at: number;
  readonly order: number;
  readonly happen: () => void;
}

/** What may go wrong between nodes, as probabilities and ms. */
export interface Weather {
  readonly drop: number;
  readonly repeat: number;
  readonly reorder: boolean;
  readonly latency: number;
}

/** Simulated time, ms. */
export class Timeline {
  now = 0;
  #order = 0;
  readonly #heap: Happening[] = [];

  after(ms: number, happen: () => void): void {
    this.#order += 1;
    this.#heap.push({ at: this.now + ms, order: this.#order, happen });
    this.#rise(this.#heap.length - 1);
  }

  /** Lets everything happen through a time. */
  runUntil(end: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      this.now = next.at;
      next.happen();
    }
    this.now = end;
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2])
        if (child < this.#heap.length && this.#isBefore(child, least)) least = child;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) return false;
    return left.at < right.at || (left.at === right.at && left.order < right.order);
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) return;
    this.#heap[a] = right;
    this.#heap[b] = left;
  }
}

/** Carries messages between numbered nodes; directions can be blocked. */
export class SimulatedNetwork {
  weather: Weather;
  readonly #timeline: Timeline;
  readonly #random: () => number;
  readonly #blocked = new Set<string>();
  readonly #last = new Map<string, number>();

  constructor(timeline: Timeline, random: () => number, weather: Weather) {
    this.#timeline = timeline;
    this.#random = random;
    this.weather = weather;
  }

  block(from: number, to: number): void {
    this.#blocked.add(`${from}>${to}`);
  }

  unblock(): void {
    this.#blocked.clear();
  }

  isBlocked(from: number, to: number): boolean {
    return this.#blocked.has(`${from}>${to}`);
  }

  /** Sends something; `arrive` may be called once, twice or never. `stream`: what keeps its order, in good weather. */
  send(from: number, to: number, stream: string, arrive: () => void): void {
    const { drop, repeat, reorder, latency } = this.weather;
    if (this.#random() < drop) return;
    const copies = this.#random() < repeat ? 2 : 1;
    for (let i = 0; i < copies; i += 1) {
      let at = this.#timeline.now + 0.2 + this.#random() * latency;
      if (!reorder || this.#random() < 0.5) {
        const key = `${from}>${to}:${stream}`;
        at = Math.max(at, (this.#last.get(key) ?? 0) + 0.001);
        this.#last.set(key, at);
      }
      this.#timeline.after(at - this.#timeline.now, () => {
        if (!this.isBlocked(from, to)) arrive();
      });
    }
  }
}
