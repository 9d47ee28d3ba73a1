import { crc32 } from 'node:zlib';

/**
 * CRC-32 (IEEE 802.3) over a row's key numbers, each as a little-endian IEEE double, and then its texts and
 * bytes in order. With the key inside, a row that landed in another's place is found too.
 */
export function rowChecksum(key: readonly number[], ...parts: readonly (Uint8Array | string)[]): number {
  let sum = crc32(new Float64Array(key));
  for (const part of parts) sum = crc32(part, sum);
  return sum;
}
