import type * as Y from 'yjs';
import type { Stretch } from './moved.ts';
import { storedEnd, storedOffset } from './region.ts';
import type { FlowBlock } from './segment.ts';

/** The units of a block's text as it is stored, in their order; also where no element begins it. */
export function unitsOfBlock(flow: Y.Text, block: FlowBlock): Stretch[] {
  return unitsBetween(flow, block, 0, block.at.textEnd - block.at.textAt);
}

/** Those that are shown. */
export function shownUnits(flow: Y.Text, block: FlowBlock): Stretch[] {
  const skips = block.at.uneven.filter(({ shows }) => shows === 0);
  const found: Stretch[] = [];
  let from = 0;
  for (const { shown } of skips) {
    found.push(...unitsBetween(flow, block, from, storedEnd(block, shown)));
    from = storedOffset(block, shown);
  }
  return [...found, ...unitsBetween(flow, block, from, block.at.textEnd - block.at.textAt)];
}

/** The units from and to these offsets of a block's text as it is stored. */
export function unitsBetween(flow: Y.Text, block: FlowBlock, begin: number, stop: number): Stretch[] {
  const { segment, textAt } = block.at;
  const [from, to] = [textAt + begin, textAt + stop];
  const found: Stretch[] = [];
  let at = 0;
  for (let item = segment.first ?? flow._start; item !== null && at < to; item = item.right) {
    if (item.deleted || !item.countable) continue;
    const [start, end] = [Math.max(from, at), Math.min(to, at + item.length)];
    const clock = item.id.clock + start - at;
    const { client } = item.id;
    at += item.length;
    if (start >= end) continue;
    const last = found.at(-1);
    if (last?.client === client && last.clock + last.length === clock)
      found[found.length - 1] = { ...last, length: last.length + end - start };
    else found.push({ client, clock, length: end - start });
  }
  return found;
}
