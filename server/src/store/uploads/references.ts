import { parseUploadHash, UPLOAD_SCHEME, type UploadHash } from '@sheaf/proto/upload-address';

const SCHEME = Buffer.from(UPLOAD_SCHEME);
const HASH_LENGTH = 64;

/** How much is looked through before others have their turn, bytes: some milliseconds, also where all of it looks like references. */
const STRETCH_BYTES = 256 * 1024;

/**
 * The uploads that bytes refer to. Yjs (V1) stores a string as its UTF-8, unpacked, and an attribute as one string: so
 * what a document refers to stands in its updates, its snapshot and its history as it is, and no Y.Doc is needed to find
 * it. What only looks like a reference counts as one: it keeps an upload, and takes none.
 */
export async function findReferences(
  parts: readonly Uint8Array[],
  into: Set<UploadHash>,
  turn: () => Promise<void>,
): Promise<void> {
  let until = STRETCH_BYTES;
  let done = 0;
  for (const part of parts) {
    const bytes = Buffer.from(part.buffer, part.byteOffset, part.length);
    for (let from = 0; from < bytes.length; from += STRETCH_BYTES) {
      // A reference may lie across the end of a stretch.
      const stretch = bytes.subarray(from, from + STRETCH_BYTES + SCHEME.length + HASH_LENGTH);
      findIn(stretch, into);
      done += stretch.length;
      if (done < until) continue;
      until = done + STRETCH_BYTES;
      await turn();
    }
  }
}

function findIn(bytes: Buffer, into: Set<UploadHash>): void {
  for (let at = bytes.indexOf(SCHEME); at >= 0; at = bytes.indexOf(SCHEME, at + 1)) {
    const start = at + SCHEME.length;
    const hash = parseUploadHash(bytes.toString('latin1', start, start + HASH_LENGTH));
    if (hash !== null) into.add(hash);
  }
}
