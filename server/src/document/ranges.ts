/** A set of half-open ranges of whole numbers, kept sorted and merged. */
export class Ranges {
  /** start, end, start, end, … ascending; neither touching nor overlapping. */
  readonly #bounds: number[] = [];

  /** How many ranges. */
  get count(): number {
    return this.#bounds.length / 2;
  }

  /** start, end, start, end, … ascending. Not to be changed. */
  get bounds(): readonly number[] {
    return this.#bounds;
  }
}
