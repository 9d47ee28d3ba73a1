import { BLOCK_END, CELL, COLUMN, ROW } from '@sheaf/schema';
import * as Y from 'yjs';
import { FirstUnits, MOVED, pairUp, readMoved, unitsIn, writeMoved } from './moved.ts';
import type { Copied } from './moved.ts';
import { refOf } from './ref.ts';
import { writeInOnePiece } from './restored-runs.ts';
import { setAttributes } from './attributes.ts';

/** Yjs's own set of ids, of which it exports no name. */
type IdSet = Parameters<typeof Y.iterateDeletedStructs>[1];

/** What is told apart by names of its own. */
const OF_TABLES = new Set([ROW, COLUMN, CELL]);

/**
 * Undo writes what it brings back anew. Blocks and tables that it brings back tell which ones they were (SPEC
 * FLOW-21), so that they are not there twice when others moved or brought them back meanwhile.
 */
export function tellRestored(flow: Y.Text, manager: Y.UndoManager, origin: object): void {
  manager.on('stack-item-popped', ({ stackItem, type }) => {
    flow.doc?.transact((transaction) => {
      const restored = restoredBy(transaction, flow, stackItem.deletions);
      if (![...restored.keys()].some((item) => elementOf(item))) return;
      const { store, clientID } = transaction.doc;
      const clock = Y.getState(store, clientID);
      const pieces = writeInOnePiece(transaction, flow, new Set(restored.keys()));
      // Who takes this back again takes back these: Yjs finds an item's successor, and not several that it became since.
      const back = (type === 'undo' ? manager.redoStack : manager.undoStack).at(-1);
      const len = Y.getState(store, clientID) - clock;
      if (back && len > 0) addTo(back.insertions, clientID, { clock, len });
      const again: Copied[] = [];
      const elements: { element: Y.XmlElement; was: Y.ID }[] = [];
      for (const [item, { id: was, length }] of restored) {
        const now = pieces.get(item) ?? item;
        again.push({ from: { ...now.id, length }, first: { ...was, length } });
        const element = elementOf(now);
        if (element) elements.push({ element, was });
      }
      const first = new FirstUnits(again);
      const undone = timesOf(transaction, flow, stackItem.insertions);
      for (const { element, was } of elements) tell(element, { was, again: first, undone });
    }, origin);
  });
}

function addTo(
  { clients }: IdSet,
  client: number,
  range: { readonly clock: number; readonly len: number },
): void {
  const ranges = clients.get(client);
  if (ranges) ranges.push(range);
  else clients.set(client, [range]);
}

/** What stands in the flow again, by what brings it back. */
function restoredBy(transaction: Y.Transaction, flow: Y.Text, deletions: IdSet): Map<Y.Item, Y.Item> {
  const restored = new Map<Y.Item, Y.Item>();
  Y.iterateDeletedStructs(transaction, deletions, (struct) => {
    if (!(struct instanceof Y.Item) || struct.redone === null) return;
    if (struct.parent !== flow || struct.parentSub !== null) return;
    const made: unknown = Y.getItem(transaction.doc.store, struct.redone);
    if (made instanceof Y.Item) restored.set(made, struct);
  });
  return restored;
}

/** The element of a block or table; null for what is none, or is told apart by names of its own. */
function elementOf({ deleted, content }: Y.Item): Y.XmlElement | null {
  const type = !deleted && content instanceof Y.ContentType ? content.type : null;
  return type instanceof Y.XmlElement && !OF_TABLES.has(type.nodeName) ? type : null;
}

/**
 * How often the copies were moved that go with what is taken back, by their blocks. What comes in their place must count
 * before all that they did: others may have deleted that since.
 */
function timesOf(transaction: Y.Transaction, flow: Y.Text, insertions: IdSet): Map<string, number> {
  const found = new Map<string, number>();
  Y.iterateDeletedStructs(transaction, insertions, (struct) => {
    let item: unknown = struct;
    while (item instanceof Y.Item && item.redone !== null)
      item = Y.getItem(transaction.doc.store, item.redone);
    if (!(item instanceof Y.Item) || item.parent !== flow || !(item.content instanceof Y.ContentType)) return;
    // Attributes of a deleted element are only there as items.
    const moved = readMoved(item.content.type._map.get(MOVED)?.content.getContent().at(-1));
    if (moved) found.set(moved.block, Math.max(found.get(moved.block) ?? 0, moved.times));
  });
  return found;
}

interface Told {
  readonly was: Y.ID;
  readonly again: FirstUnits;
  readonly undone: ReadonlyMap<string, number>;
}

function tell(element: Y.XmlElement, { was, again, undone }: Told): void {
  const before = readMoved(element.getAttribute(MOVED));
  const units = unitsIn(element, BLOCK_END);
  const former = new FirstUnits(before?.copied ?? []);
  const first = units.flatMap((stretch) => again.of(stretch)).flatMap((stretch) => former.of(stretch));
  const copied = (pairUp(units, first) ?? []).filter(
    ({ from, first: { client, clock } }) => from.client !== client || from.clock !== clock,
  );
  const block = before?.block ?? refOf(was);
  // It counts before all that the one did which it stands for, also where that was another page's with a greater id.
  const later = before && element._item && was.client > element._item.id.client ? 1 : 0;
  const times = Math.max((before?.times ?? 0) + later, undone.get(block) ?? 0);
  const moved = writeMoved({ block, times, copied });
  if (moved !== null) setAttributes(element, new Map([[MOVED, moved]]));
}
