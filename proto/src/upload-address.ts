/** Where uploads are got and put: behind it stands the hash, and in the query the document (SPEC UPLOAD-1). */
export const UPLOADS_PATH = '/uploads/';

/** What stands before an upload's hash where a document refers to it. */
export const UPLOAD_SCHEME = 'upload:';

/** SHA-256 of what was uploaded, as 64 small hexadecimal digits: its name everywhere. */
export type UploadHash = string & { readonly __brand: 'UploadHash' };

const HASH = /^[0-9a-f]{64}$/;

/** The one place where a hash is minted; null if it is none. */
export function parseUploadHash(text: unknown): UploadHash | null {
  return typeof text === 'string' && HASH.test(text) ? (text as UploadHash) : null;
}

/** What a document stores for an upload. */
export function uploadReference(hash: UploadHash): string {
  return UPLOAD_SCHEME + hash;
}

/** The upload that a document refers to; null if it is another address, or none. */
export function referredUpload(source: unknown): UploadHash | null {
  if (typeof source !== 'string' || !source.startsWith(UPLOAD_SCHEME)) return null;
  return parseUploadHash(source.slice(UPLOAD_SCHEME.length));
}

/** The address of an upload of a document, from the server's root on. */
export function uploadAddress(hash: UploadHash, document: string): string {
  return `${UPLOADS_PATH}${hash}?document=${encodeURIComponent(document)}`;
}
