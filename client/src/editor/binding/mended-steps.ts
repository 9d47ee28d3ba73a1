import * as Y from 'yjs';
import type { Stretch } from './moved.ts';
import { UnitSet } from './unit-set.ts';

/** Yjs's own set of ids, of which it exports no name. */
type IdSet = Parameters<typeof Y.iterateDeletedStructs>[1];
type Range = NonNullable<ReturnType<IdSet['clients']['get']>>[number];
type Store = Y.Doc['store'];

/** A step of undo or redo, as Yjs keeps it. */
interface Step {
  readonly insertions: IdSet;
  readonly deletions: IdSet;
}

/** Mends the steps that Yjs may take back next in what it does not see to itself. To be called as its transaction begins. */
export function mendSteps(steps: readonly Step[], transaction: Y.Transaction): void {
  for (const { insertions, deletions } of steps.toReversed()) {
    cutAsRestored(insertions, transaction);
    dropLost(deletions, transaction.doc.store);
    // This one is done, and may bring back what the ones below it are about.
    if (!onlyValues(deletions, transaction.doc.store) || isThere(insertions, transaction.doc.store)) return;
  }
}

/**
 * Cuts what was written, deleted and brought back as what stands for it was cut since: of several items that stand for one, Yjs takes
 * away the first.
 */
function cutAsRestored({ clients }: IdSet, transaction: Y.Transaction): void {
  const { store } = transaction.doc;
  for (const [client, ranges] of clients)
    for (const range of ranges)
      for (const item of itemsIn(range, client, store)) {
        const reach = reachOf(item, store);
        if (reach < item.length) Y.getItemCleanStart(transaction, Y.createID(client, item.id.clock + reach));
      }
}

/** How many units of an item, from its first, one item stands for now. */
function reachOf(item: Y.Item, store: Store): number {
  let reach = item.length;
  let next = item.redone;
  while (next !== null) {
    const again = Y.getItem(store, next);
    const offset = next.clock - again.id.clock;
    reach = Math.min(reach, again.length - offset);
    const { redone } = again;
    next = redone instanceof Object ? Y.createID(redone.client, redone.clock + offset) : null;
  }
  return reach;
}

/**
 * Takes out the values of elements that came back and went again. There is nothing to give such a value back to, and Yjs looks for the
 * element: it throws where that was collected, and counts as done what nobody sees where it was not.
 */
function dropLost({ clients }: IdSet, store: Store): void {
  for (const [client, ranges] of clients) {
    const lost = new UnitSet();
    for (const range of ranges)
      for (const item of itemsIn(range, client, store)) if (isLost(item, store)) lost.add(stretchOf(item));
    if (!lost.empty) ranges.splice(0, ranges.length, ...ranges.flatMap(without(lost, client)));
  }
}

/** Whether anything that was written is there. */
function isThere({ clients }: IdSet, store: Store): boolean {
  for (const [client, ranges] of clients)
    for (const range of ranges)
      for (const item of itemsIn(range, client, store)) if (!item.deleted) return true;
  return false;
}

/** Whether nothing but values of elements was deleted. */
function onlyValues({ clients }: IdSet, store: Store): boolean {
  for (const [client, ranges] of clients)
    for (const range of ranges)
      for (const item of itemsIn(range, client, store)) if (!isValue(item)) return false;
  return true;
}

/** The items that hold these ids; also those that come by cutting one meanwhile. */
function* itemsIn({ clock, len }: Range, client: number, store: Store): Generator<Y.Item> {
  const structs = store.clients.get(client) ?? [];
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index];
    if (!struct || struct.id.clock >= clock + len) return;
    if (struct instanceof Y.Item) yield struct;
  }
}

const isValue = ({ parentSub }: Y.Item): boolean => parentSub !== null;

/** Whether this is a value of an element that was brought back, and what stands for that now is deleted. */
function isLost(item: Y.Item, store: Store): boolean {
  const element = isValue(item) && item.parent instanceof Y.AbstractType ? item.parent._item : null;
  if (!element || element.redone === null) return false;
  let last: Y.Item | Y.GC = element;
  while (last instanceof Y.Item && last.redone !== null) last = Y.getItem(store, last.redone);
  return last.deleted;
}

const stretchOf = ({ id, length }: Y.Item): Stretch => ({ ...id, length });

function without(lost: UnitSet, client: number) {
  return ({ clock, len }: Range) =>
    lost.without({ client, clock, length: len }).map((kept) => ({ clock: kept.clock, len: kept.length }));
}
