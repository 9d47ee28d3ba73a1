import { BLOCK_END, CELL, COLUMN, ENDS, ROW } from '@sheaf/schema';
import * as Y from 'yjs';
import { setAttributes } from './attributes.ts';
import { livingItems, toldAgain, writeBroughtBack } from './brought-back.ts';
import { FirstUnits } from './first-units.ts';
import type { First } from './first-units.ts';
import { mendSteps } from './mended-steps.ts';
import { MOVED, pairUp, readMoved, unitsIn, writeMoved } from './moved.ts';
import type { Copied, Stretch } from './moved.ts';
import { timesAbove } from './rank.ts';
import type { Rank, Told } from './rank.ts';
import { refOf } from './ref.ts';
import { UnitSet } from './unit-set.ts';
import { writeAnew } from './write-anew.ts';

/** Yjs's own set of ids, of which it exports no name. */
type IdSet = Parameters<typeof Y.iterateDeletedStructs>[1];
type StackItem = Y.UndoManager['undoStack'][number];

/** What is told apart by names of its own. */
const OF_TABLES = new Set([ROW, COLUMN, CELL]);
/** The key in an undo step of what is told of the characters that it deleted. */
const TOLD = 'told';
/** The key in an undo step of this page's clock when it deleted. */
const SINCE = 'since';

/** The document whose undo tells what it brings back. */
export interface Restored {
  readonly flow: Y.Text;
  /** What units were first, by what was told before the last transaction of this page. */
  readonly toldBefore: FirstUnits<Told>;
}

/**
 * Undo writes what it brings back anew. It tells what that was first: blocks and tables by their elements (SPEC FLOW-21), other text
 * by attributes of the flow (FLOW-22), so that nothing is there twice when others moved or brought it back meanwhile.
 */
export function tellRestored(of: Restored, manager: Y.UndoManager, origin: object): void {
  const { flow } = of;
  const { doc } = flow;
  if (!doc) throw new Error('The flow is in no document.');
  let clock = 0;
  doc.on('beforeTransaction', (transaction) => {
    if (transaction.origin !== manager) return;
    clock = Y.getState(doc.store, doc.clientID);
    mendSteps(manager.undoing ? manager.undoStack : manager.redoStack, transaction);
  });
  const note = ({ stackItem }: { readonly stackItem: StackItem }) => {
    if (!stackItem.meta.has(SINCE)) stackItem.meta.set(SINCE, Y.getState(doc.store, doc.clientID));
    noteTold(stackItem, of.toldBefore);
  };
  manager.on('stack-item-added', note);
  manager.on('stack-item-updated', note);
  manager.on('stack-item-popped', ({ stackItem, type }) => {
    doc.transact((transaction) => {
      const restored = restoredBy(transaction, flow, { deletions: stackItem.deletions, clock });
      if (restored.size === 0) return;
      const before = Y.getState(doc.store, doc.clientID);
      const now = writeAnew(transaction, flow, { restored, since: sinceOf(stackItem) });
      // Who takes this back again takes back these: Yjs finds an item's successor, and not several that it became since. Formatting
      // that goes with them may begin or end what stands behind.
      const back = (type === 'undo' ? manager.redoStack : manager.undoStack).at(-1);
      for (const { id, length, countable } of now.keys())
        if (back && countable && id.clock >= before)
          addTo(back.insertions, doc.clientID, { clock: id.clock, len: length });
      const told = new FirstUnits(toldIn(stackItem));
      const again = [...now].flatMap(([{ id, countable, content }, was]) =>
        countable && !(content instanceof Y.ContentType)
          ? toldAgain(id, { ...was.id, length: was.length }, told)
          : [],
      );
      const how = { again: new FirstUnits(again), undone: timesOf(transaction, flow, stackItem.insertions) };
      const byElements = new UnitSet();
      for (const [item, was] of now) {
        const element = elementOf(item);
        if (element) for (const { from } of tell(element, was.id, how)) byElements.add(from);
      }
      writeBroughtBack(
        flow,
        again.flatMap((one) => characters(flow, one, byElements)),
      );
    }, origin);
  });
}

/** Keeps what is told of the characters that an undo step deleted: what told it may be gone when they come back. */
function noteTold(stackItem: StackItem, told: FirstUnits<Told>): void {
  const known = toldIn(stackItem);
  const has = new UnitSet(known.map(({ from }) => from));
  const found: Told[] = [];
  for (const [client, ranges] of stackItem.deletions.clients)
    for (const { clock, len } of ranges)
      for (const stretch of has.without({ client, clock, length: len }))
        found.push(...told.of(stretch).flatMap(sliced(stretch)));
  if (found.length > 0) stackItem.meta.set(TOLD, [...known, ...found]);
}

/** Gives what is told of each of the pieces of a stretch. */
function sliced(stretch: Stretch) {
  let { clock } = stretch;
  return ({ told, ...first }: First<Told>): Told[] => {
    const from = { client: stretch.client, clock, length: first.length };
    clock += first.length;
    return told ? [{ ...told, from, first }] : [];
  };
}

/** Only {@link noteTold} writes there. */
function toldIn({ meta }: StackItem): readonly Told[] {
  return (meta.get(TOLD) as readonly Told[] | undefined) ?? [];
}

/** Only {@link tellRestored} writes there. */
function sinceOf({ meta }: StackItem): number {
  return (meta.get(SINCE) as number | undefined) ?? 0;
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

/** What stands in the flow again since `clock` of this page, by what brings it back. */
function restoredBy(
  transaction: Y.Transaction,
  flow: Y.Text,
  { deletions, clock }: { readonly deletions: IdSet; readonly clock: number },
): Map<Y.Item, Y.Item> {
  const { store, clientID } = transaction.doc;
  const found: { was: Y.Item; again: Y.ID }[] = [];
  Y.iterateDeletedStructs(transaction, deletions, (struct) => {
    if (!(struct instanceof Y.Item) || struct.redone === null) return;
    if (struct.parent !== flow || struct.parentSub !== null) return;
    if (struct.redone.client !== clientID || struct.redone.clock < clock) return;
    found.push({ was: struct, again: struct.redone });
  });
  const restored = new Map<Y.Item, Y.Item>();
  for (const { was, again } of found) {
    // Yjs has made one item of it and of what this page wrote before or behind it.
    const made = Y.getItemCleanStart(transaction, again);
    if (made.deleted) continue;
    restored.set(made, was);
    if (made.length > was.length)
      Y.getItemCleanEnd(transaction, store, Y.createID(again.client, again.clock + was.length - 1));
  }
  return restored;
}

/** What of it stands in a text and is not in `known`. */
function characters(flow: Y.Text, told: Told, known: UnitSet): Told[] {
  const found: Stretch[] = [];
  for (const { item, from, to } of livingItems(flow, told.from)) {
    const text = item.content instanceof Y.ContentString ? item.content.str.slice(from, to) : '';
    let begin = from;
    for (const end of [...[...text.matchAll(ENDS)].map(({ index }) => from + index), to]) {
      if (end > begin) found.push({ ...item.id, clock: item.id.clock + begin, length: end - begin });
      begin = end + 1;
    }
  }
  return found
    .flatMap((stretch) => known.without(stretch))
    .map((from) => {
      const first = {
        ...told.first,
        clock: told.first.clock + from.clock - told.from.clock,
        length: from.length,
      };
      return { ...told, from, first, rank: { ...told.rank, id: from } };
    });
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

interface How {
  readonly again: FirstUnits<Told>;
  readonly undone: ReadonlyMap<string, number>;
}

/** Says by an element that undo brought back for `was` which block it is. Gives what it tells of its text. */
function tell(element: Y.XmlElement, was: Y.ID, { again, undone }: How): readonly Copied[] {
  const id = element._item?.id;
  if (!id) return [];
  const before = readMoved(element.getAttribute(MOVED));
  const units = unitsIn(element, BLOCK_END);
  const former = new FirstUnits(before?.copied ?? []);
  const known = units.flatMap((stretch) => again.of(stretch));
  const copied = (
    pairUp(
      units,
      known.flatMap((stretch) => former.of(stretch)),
    ) ?? []
  ).filter(({ from, first: { client, clock } }) => from.client !== client || from.clock !== clock);
  const block = before?.block ?? refOf(was);
  // It counts before all that the one did which it stands for, and what stood in that.
  const ranks: Pick<Rank, 'times' | 'owner'>[] = known.flatMap(({ told }) => (told ? [told.rank] : []));
  if (before) ranks.push({ times: before.times, owner: was });
  const times = ranks.reduce((most, rank) => Math.max(most, timesAbove(rank, id)), undone.get(block) ?? 0);
  const moved = writeMoved({ block, times, copied });
  if (moved === null) return [];
  setAttributes(element, new Map([[MOVED, moved]]));
  return copied;
}
