/**
 * The stretch of `size` bytes that a Range header asks for (RFC 9110, 14.2), end exclusive. null: all of it, also where the
 * header is none of one range. 'none': nothing of it is there.
 */
export function readRange(
  header: string | undefined,
  size: number,
): { readonly from: number; readonly to: number } | null | 'none' {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const length = Math.min(size, Number(last));
    return length === 0 ? 'none' : { from: size - length, to: size };
  }
  const from = Number(first);
  if (from >= size) return 'none';
  if (last === '') return { from, to: size };
  return Number(last) < from ? null : { from, to: Math.min(size, Number(last) + 1) };
}
