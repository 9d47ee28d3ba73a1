import * as Y from 'yjs';

/** Merging costs more than linear time: so many at once. */
const AT_ONCE = 128;

/** One Yjs update that holds all of `updates`, which are at least one. Nothing is applied or collected. */
export function mergeUpdates(updates: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let level = updates;
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += AT_ONCE)
      next.push(Y.mergeUpdates(level.slice(at, at + AT_ONCE)));
    level = next;
  }
  return new Uint8Array(level[0] ?? Y.encodeStateAsUpdate(new Y.Doc()));
}
