/** The indices of a longest run of numbers, none below 0, that rise from one to the next. */
export function risingRun(numbers: readonly number[]): Set<number> {
  /** The index of the least number that ends a run of each length. */
  const ends: number[] = [];
  const before = new Map<number, number>();
  numbers.forEach((number, index) => {
    if (number < 0) return;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    const previous = ends[low - 1];
    if (previous !== undefined) before.set(index, previous);
    ends[low] = index;
  });
  const run = new Set<number>();
  for (let at = ends[ends.length - 1]; at !== undefined; at = before.get(at)) run.add(at);
  return run;
}
