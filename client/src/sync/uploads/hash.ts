import { parseUploadHash } from '@sheaf/proto/upload-address';
import type { UploadHash } from '@sheaf/proto/upload-address';
import { digest } from 'lib0/hash/sha256';

/** SHA-256 of these bytes. Browsers have it only where the page is of https or of this machine. */
export async function hashOf(bytes: ArrayBuffer): Promise<UploadHash> {
  const { subtle }: Partial<Crypto> = crypto;
  const hashed = subtle
    ? new Uint8Array(await subtle.digest('SHA-256', bytes))
    : digest(new Uint8Array(bytes));
  const hash = parseUploadHash(Array.from(hashed, (byte) => byte.toString(16).padStart(2, '0')).join(''));
  if (hash === null) throw new Error('No hash came of it.');
  return hash;
}
