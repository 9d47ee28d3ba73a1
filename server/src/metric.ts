/** One number of a {@link MetricFamily}, told apart from its others by labels. */
export interface MetricSample {
  /** Behind the family's name: '' but for a histogram's `_bucket`, `_sum` and `_count`. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Numbers of one name, as Prometheus's text format has them. */
export interface MetricFamily {
  readonly name: string;
  /** One sentence for a person. */
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly MetricSample[];
}

/** How often values fell below bounds: a histogram of Prometheus. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** `bounds` rise; above the last one there is no other. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.#sum += value;
    this.#count += 1;
    const at = this.#bounds.findIndex((bound) => value <= bound);
    if (at >= 0) this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** Its numbers, each bucket with all below it. */
  samples(labels: Readonly<Record<string, string>>): MetricSample[] {
    let below = 0;
    const buckets = this.#bounds.map((bound, at): MetricSample => {
      below += this.#counts[at] ?? 0;
      return { suffix: '_bucket', labels: { ...labels, le: String(bound) }, value: below };
    });
    return [
      ...buckets,
      { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: this.#count },
      { suffix: '_sum', labels, value: this.#sum },
      { suffix: '_count', labels, value: this.#count },
    ];
  }
}
