import * as Y from 'yjs';
import type { FlowModel } from './flow-model.ts';
import { storedOffset } from './region.ts';
import { beginOf, endOf } from './segment.ts';
import type { FlowPart } from './segment.ts';
import type { Shown } from './shown.ts';

/**
 * A place in a document that stays with its surroundings while others write: a Yjs relative position as JSON, which
 * any Yjs program can read. It holds on to the unit before it, so what others write there comes behind. In a cell of
 * which nothing is stored that unit is the row's, and `column` names the cell's column.
 */
export interface Anchor {
  readonly type: null;
  readonly tname: string | null;
  readonly item: { readonly client: number; readonly clock: number } | null;
  readonly assoc: number;
  readonly column?: string;
}

/** What a page shows of a model, in the order of its positions. */
export class Places {
  readonly model: FlowModel;
  /** The name of the flow's root type. */
  readonly field: string;
  readonly #shown: readonly Shown[];
  /** By the part that each is of. */
  readonly #byPart = new Map<FlowPart, Shown>();
  /** The empty cells of which nothing is stored, by their row and the name of their column. */
  readonly #empty = new Map<FlowPart, Map<string, Shown>>();

  constructor(model: FlowModel, field: string, shown: readonly Shown[]) {
    this.model = model;
    this.field = field;
    this.#shown = shown;
    for (const one of shown) {
      const { entry } = one;
      if (entry) this.#byPart.set(entry.type === 'table' ? entry.part : entry, one);
      else {
        const [row, column] = namesOf(one);
        if (!row || !column) continue;
        const known = this.#empty.get(row) ?? new Map<string, Shown>();
        this.#empty.set(row, known.set(column.id, one));
      }
    }
  }

  /** The anchor of a position of the ProseMirror document. */
  anchorAt(position: number): Anchor {
    const shown = this.#at(position);
    const entry = shown?.entry;
    if (shown && !entry) {
      const [row, column] = namesOf(shown);
      if (row && column) return { ...this.#anchor(endOf(row)), column: column.id };
    }
    if (!shown || !entry) return this.#anchor(0);
    if (entry.type === 'table' || !shown.node.isTextblock)
      return this.#anchor(beginOf(entry.type === 'table' ? entry.part : entry));
    const offset = Math.max(0, Math.min(position - shown.pos - 1, shown.node.content.size));
    return this.#anchor(entry.at.segment.start + entry.at.textAt + storedOffset(entry, offset));
  }

  /** Where an anchor is now in the ProseMirror document; null if it is none of this document, whatever it claims. */
  resolve(anchor: unknown): number | null {
    const place = placeOf(this.model, this.field, anchor);
    if (place === null) return null;
    const column = part(anchor, 'column');
    const { parts } = this.model;
    const exact = this.model.partBefore(place);
    const here = parts[exact];
    const empty = here && typeof column === 'string' ? this.#empty.get(here)?.get(column) : undefined;
    if (empty) return empty.pos + 1;
    // Of what is stored and not shown, what stands before it.
    let index = exact;
    const isHidden = (stored: FlowPart | undefined) => stored !== undefined && !this.#byPart.has(stored);
    while (isHidden(parts[index])) index -= 1;
    const at = parts[index];
    const shown = at ? this.#byPart.get(at) : this.#shown[0];
    if (!shown) return 0;
    if (at?.type !== 'block' || !shown.node.isTextblock) return shown.pos + (shown.node.isTextblock ? 1 : 0);
    if (index !== exact) return shown.pos + 1 + shown.node.content.size;
    let offset = place - at.at.segment.start - at.at.textAt;
    for (const [from, length] of at.at.wide)
      if (from < offset) offset -= Math.min(length - 1, offset - from - 1);
    return shown.pos + 1 + Math.max(0, Math.min(offset, shown.node.content.size));
  }

  #anchor(place: number): Anchor {
    const unit = this.model.unitBefore(place);
    if (unit === null) return { type: null, tname: this.field, item: null, assoc: -1 };
    const { client, clock } = unit.item.id;
    return { type: null, tname: null, item: { client, clock: clock + unit.offset }, assoc: -1 };
  }

  /** The block that holds a position, or the last one before it. */
  #at(position: number): Shown | undefined {
    let low = 0;
    let high = this.#shown.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#shown[middle]?.pos ?? Infinity) < position) low = middle;
      else high = middle - 1;
    }
    return this.#shown[low];
  }
}

/** The row and the column in which an empty cell begins. */
function namesOf({ cell }: Shown) {
  const { table, layout } = cell ?? {};
  return [table?.rows[layout?.row ?? -1], table?.columns[layout?.column ?? -1]] as const;
}

function placeOf(model: FlowModel, field: string, anchor: unknown): number | null {
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

function isClock(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
