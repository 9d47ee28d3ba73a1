/** Bytes that `writeVarUint` needs for a whole number from 0 to 2^53 - 1. */
export function varUintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

/** Writes lib0's varUint into `target`; returns the position behind it. The room must be there. */
export function writeVarUint(target: Uint8Array, position: number, value: number): number {
  let at = position;
  let rest = value;
  while (rest >= 128) {
    target[at++] = (rest & 127) | 128;
    rest = Math.floor(rest / 128);
  }
  target[at++] = rest;
  return at;
}

/** Copies `source` from `from` to `to` into `target`; returns the position behind it. */
export function copyBytes(
  target: Uint8Array,
  position: number,
  { source, from, to }: { readonly source: Uint8Array; readonly from: number; readonly to: number },
): number {
  // A call of `set` costs as much as a loop over some fifty bytes.
  if (to - from > 48) target.set(source.subarray(from, to), position);
  else for (let i = from; i < to; i += 1) target[position + i - from] = source[i] ?? 0;
  return position + to - from;
}
