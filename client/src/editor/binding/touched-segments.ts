import * as Y from 'yjs';
import type { Segment } from './segment.ts';

/** A change that adds more structs than this is cheaper to read as a whole document. */
const MANY_STRUCTS = 4_000;

/** The segments in which a transaction added, deleted or changed something. */
export class TouchedSegments {
  readonly #flow: Y.Text;
  readonly #byItem: ReadonlyMap<Y.Item, Segment>;
  readonly #items = new Set<Y.Item | null>();
  /** What was walked over already. */
  readonly #seen = new Set<Y.Item>();
  #elements = false;

  constructor(flow: Y.Text, byItem: ReadonlyMap<Y.Item, Segment>) {
    this.#flow = flow;
    this.#byItem = byItem;
  }

  get any(): boolean {
    return this.#items.size > 0;
  }

  /** Whether an element came or went, and segments with it. */
  get elements(): boolean {
    return this.#elements;
  }

  /** The items with which they begin; null for what stands before the first. */
  get firsts(): ReadonlySet<Y.Item | null> {
    return this.#items;
  }

  has({ first }: Segment): boolean {
    return this.#items.has(first);
  }

  /** False if there is more than is worth following. */
  collect(transaction: Y.Transaction): boolean {
    const added = [...transaction.afterState].map(([client, end]) => {
      const begin = transaction.beforeState.get(client) ?? 0;
      const known = transaction.doc.store.clients.get(client) ?? [];
      return begin === end ? [] : known.slice(Y.findIndexSS(known, begin));
    });
    if (added.reduce((sum, { length }) => sum + length, 0) > MANY_STRUCTS) return false;
    const visit = (struct: Y.AbstractStruct) => {
      if (!(struct instanceof Y.Item) || struct.parent !== this.#flow || struct.parentSub !== null) return;
      this.#elements ||= struct.content instanceof Y.ContentType;
      this.#touch(struct);
    };
    for (const structs of added) structs.forEach(visit);
    Y.iterateDeletedStructs(transaction, transaction.deleteSet, visit);
    for (const type of transaction.changed.keys()) this.#touchAround(type);
    return true;
  }

  /** A type inside an element of the flow changed, or that element's attributes. */
  #touchAround(type: Y.AbstractType<Y.YEvent<Y.AbstractType<unknown>>>): void {
    let item = type._item;
    while (item !== null && item.parent !== this.#flow)
      item = item.parent instanceof Y.AbstractType ? item.parent._item : null;
    if (item !== null) this.#touch(item);
  }

  #touch(item: Y.Item): void {
    for (let at: Y.Item | null = item; at !== null; at = at.left) {
      if (this.#seen.has(at)) return;
      this.#seen.add(at);
      if (at.deleted || !this.#byItem.has(at)) continue;
      this.#items.add(at);
      return;
    }
    this.#items.add(null);
  }
}
