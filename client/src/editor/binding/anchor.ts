import type { PlacedBlock } from '@sheaf/schema';
import * as Y from 'yjs';
import type { FlowModel } from './flow-model.ts';
import { storedOffset } from './write.ts';

/**
 * A place in a document that stays with its surroundings while others write: a Yjs relative position as JSON, which
 * any Yjs program can read. It holds on to the unit before it, so what others write there comes behind.
 */
export interface Anchor {
  readonly type: null;
  readonly tname: string | null;
  readonly item: { readonly client: number; readonly clock: number } | null;
  readonly assoc: number;
}

/** What a page shows: a model's blocks, and where each is in the ProseMirror document. */
export interface Shown {
  readonly model: FlowModel;
  readonly placed: readonly PlacedBlock[];
  /** The name of the flow's root type. */
  readonly field: string;
}

/**
 * The anchor of a position of the ProseMirror document. It holds on to what is before it, or to what is `after` it, so
 * that what others write there comes before.
 */
export function anchorAt(shown: Shown, position: number, side: 'before' | 'after' = 'before'): Anchor {
  const place = flowPlace(shown, position);
  const assoc = side === 'before' ? -1 : 0;
  const unit = shown.model.unitBefore(side === 'before' ? place : place + 1);
  if (unit === null) return { type: null, tname: shown.field, item: null, assoc };
  const { client, clock } = unit.item.id;
  return { type: null, tname: null, item: { client, clock: clock + unit.offset }, assoc };
}

/** The index in the flow of a position of the ProseMirror document. */
function flowPlace({ model, placed }: Shown, position: number): number {
  const index = blockAt(placed, position);
  const shown = placed[index];
  const block = model.blocks[index];
  if (!shown || !block) return 0;
  const offset = Math.max(0, Math.min(position - shown.pos - 1, shown.node.content.size));
  return (
    model.startOf(index) + (shown.node.isTextblock ? block.textAt + storedOffset(block, offset) : block.at)
  );
}

/** Where an anchor is now in the ProseMirror document; null if it is none of this document, whatever it claims. */
export function resolveAnchor(shown: Shown, anchor: unknown): number | null {
  const place = placeOf(shown, anchor);
  return place === null ? null : positionOf(shown, place);
}

function placeOf({ model, field }: Shown, anchor: unknown): number | null {
  const item = part(anchor, 'item');
  const behind = Number(part(anchor, 'assoc')) < 0 ? 1 : 0;
  if (item === null || item === undefined)
    return part(anchor, 'tname') === field ? (behind === 1 ? 0 : model.flow.length) : null;
  const [client, clock] = [part(item, 'client'), part(item, 'clock')];
  if (!isClock(client) || !isClock(clock)) return null;
  const found = findItem(model.flow, Y.createID(client, clock));
  if (found === null) return null;
  const start = model.indexOf(found.item);
  return found.item.deleted || !found.item.countable ? start : start + found.offset + behind;
}

/** The item that holds an id, or what undo made of it. */
function findItem(flow: Y.Text, id: Y.ID): { item: Y.Item; offset: number } | null {
  const store = flow.doc?.store;
  if (!store) return null;
  let wanted = id;
  for (;;) {
    const { client, clock } = wanted;
    if (clock >= Y.getState(store, client)) return null;
    const struct: unknown = Y.getItem(store, wanted);
    if (!(struct instanceof Y.Item) || struct.parent !== flow || struct.parentSub !== null) return null;
    const offset = clock - struct.id.clock;
    if (struct.redone === null) return { item: struct, offset };
    wanted = Y.createID(struct.redone.client, struct.redone.clock + offset);
  }
}

function positionOf({ model, placed }: Shown, place: number): number {
  let low = 0;
  let high = placed.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const block = model.blocks[middle];
    if (block && model.startOf(middle) + block.at < place) low = middle;
    else high = middle - 1;
  }
  const shown = placed[low];
  const block = model.blocks[low];
  if (!shown) return 0;
  if (!block || !shown.node.isTextblock) return shown.pos + (shown.node.isTextblock ? 1 : 0);
  let offset = place - model.startOf(low) - block.textAt;
  for (const [at, length] of block.wide) if (at < offset) offset -= Math.min(length - 1, offset - at - 1);
  return shown.pos + 1 + Math.max(0, Math.min(offset, shown.node.content.size));
}

/** The block that holds a position, or the last one before it. */
function blockAt(placed: readonly PlacedBlock[], position: number): number {
  let low = 0;
  let high = placed.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((placed[middle]?.pos ?? Infinity) < position) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isClock(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
