import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Read at once, bytes. */
const CHUNK_BYTES = 64 * 1024;

/** Whether something failed because there is no such file. */
export const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';

/** How large a file is, bytes; 0 if there is none. */
export async function sizeOf(file: string): Promise<number> {
  return (await infoOf(file))?.size ?? 0;
}

export async function exists(file: string): Promise<boolean> {
  return (await infoOf(file)) !== null;
}

/** What is known of a file; null if there is none. */
export async function infoOf(file: string): Promise<{ size: number; mtimeMs: number } | null> {
  return stat(file).catch((thrown: unknown) => {
    if (isMissing(thrown)) return null;
    throw thrown;
  });
}

/** What a folder holds; nothing if there is none. */
export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((thrown: unknown) => {
    if (isMissing(thrown)) return [];
    throw thrown;
  });
}

/** Bytes `from` to `to` (without `to`) of a file, or to its end, read as they are taken. */
export async function* readFileFrom(file: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    for (let at = from; at < to;) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, to - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** Makes a folder, and those above it, that are still there after a power cut. */
export async function makeFolder(folder: string): Promise<void> {
  if (await exists(folder)) return;
  const above = dirname(folder);
  if (above !== folder) await makeFolder(above);
  await mkdir(folder, { mode: 0o700 }).catch((thrown: unknown) => {
    // Another upload made it.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  });
  await syncFolder(above);
}

/** Writes a file that is there, whole, after a power cut. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolder(dirname(file));
}

/** What came into a folder, or left it, is so after a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
