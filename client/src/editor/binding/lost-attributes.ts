import * as Y from 'yjs';
import type { Stretch } from './moved.ts';
import { UnitSet } from './unit-set.ts';

/** Yjs's own set of ids, of which it exports no name. */
type IdSet = Parameters<typeof Y.iterateDeletedStructs>[1];
type Range = NonNullable<ReturnType<IdSet['clients']['get']>>[number];
type Store = Y.Doc['store'];

/**
 * Takes out of the undo steps that may come next the values of elements that came back and went again. There is nothing to give such a
 * value back to, and Yjs looks for the element: it throws where that was collected, and counts as done what nobody sees where it was not.
 */
export function dropLost(steps: readonly { readonly deletions: IdSet }[], store: Store): void {
  for (const { deletions } of steps.toReversed()) {
    let onlyValues = true;
    for (const [client, ranges] of deletions.clients) {
      const items = ranges.flatMap((range) => itemsIn(range, store.clients.get(client) ?? []));
      onlyValues &&= items.every(isValue);
      const lost = new UnitSet(items.filter((item) => isLost(item, store)).map(stretchOf));
      if (!lost.empty) ranges.splice(0, ranges.length, ...ranges.flatMap(without(lost, client)));
    }
    // This one is done, and may bring back what the ones below it are about.
    if (!onlyValues) return;
  }
}

function itemsIn({ clock, len }: Range, structs: (Y.Item | Y.GC)[]): Y.Item[] {
  const found: Y.Item[] = [];
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index];
    if (!struct || struct.id.clock >= clock + len) break;
    if (struct instanceof Y.Item) found.push(struct);
  }
  return found;
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
