import { parseObject } from './json-object.ts';
import type { Copies } from './save-state.ts';

/**
 * Reads a server's stateless message `{"sheaf":"copies","count":…,"nodes":…,"of":…}`: the oldest `count` of the messages
 * that it has not acknowledged are on the disks of `nodes` of the `of` servers that have to have them. Null for any other.
 */
export function readCopies(payload: string): (Copies & { readonly count: number }) | null {
  const told = parseObject(payload);
  if (told === null || !('sheaf' in told) || told.sheaf !== 'copies') return null;
  const [count, nodes, of] = ['count', 'nodes', 'of'].map((key) => Number(Reflect.get(told, key)));
  const sound = [count, nodes, of].every((value) => Number.isSafeInteger(value));
  if (!sound || count === undefined || nodes === undefined || of === undefined) return null;
  return nodes >= 1 && nodes < of && count >= 1 ? { count, nodes, of } : null;
}
