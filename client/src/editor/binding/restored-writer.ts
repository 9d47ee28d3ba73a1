import { BLOCK_END, CELL, TABLE } from '@sheaf/schema';
import * as Y from 'yjs';

/** What undo brought back, by what it stands for. */
export type RestoredItems = ReadonlyMap<Y.Item, Y.Item>;

/** Writes what undo brought back anew elsewhere: Yjs finds it there, and so do undo and redo. */
export class RestoredWriter {
  readonly restored: Map<Y.Item, Y.Item>;
  readonly #transaction: Y.Transaction;
  readonly #flow: Y.Text;

  constructor(transaction: Y.Transaction, flow: Y.Text, restored: RestoredItems) {
    this.#transaction = transaction;
    this.#flow = flow;
    this.restored = new Map(restored);
  }

  /** Writes a run of whole things; of what is none only the ends of blocks. */
  write(run: readonly Y.Item[], { whole }: { readonly whole: boolean }): void {
    if (run.some(isOfTable)) return this.#inOnePiece(run);
    let piece: Y.Item[] = [];
    for (const item of run.flatMap((one) => this.#withEndsApart(one))) {
      if (!isBlockEnd(item)) {
        if (whole) piece.push(item);
        continue;
      }
      this.#inOnePiece(piece);
      piece = [];
      const was = this.restored.get(item);
      if (was) this.#replace(item, this.#insert(item.content, was, was.right));
    }
    this.#inOnePiece(piece);
  }

  #inOnePiece(run: readonly Y.Item[]): void {
    let left = run[0]?.left ?? null;
    // Each before another one: so Yjs makes no single item of them, and finds each by the one that it replaces.
    const made = run.map((item) => (left = this.#insert(item.content, left, item)));
    run.forEach((item, index) => {
      const again = made[index];
      if (again) this.#replace(item, again);
    });
  }

  /** Puts items that stand side by side behind another one. */
  move(group: readonly Y.Item[], left: Y.Item): void {
    let { right } = left;
    // From the last one on: so Yjs makes no single item of them, and finds each by the one that it replaces.
    for (const item of group.toReversed()) {
      right = this.#insert(item.content, left, right);
      this.#replace(item, right);
    }
  }

  #insert(content: Y.Item['content'], left: Y.Item | null, right: Y.Item | null): Y.Item {
    const { store, clientID } = this.#transaction.doc;
    const id = Y.createID(clientID, Y.getState(store, clientID));
    const item = new Y.Item(
      id,
      left,
      left && left.lastId,
      right,
      right && right.id,
      this.#flow,
      null,
      copyOf(content),
    );
    item.integrate(this.#transaction, 0);
    return item;
  }

  #replace(item: Y.Item, again: Y.Item): void {
    const was = this.restored.get(item);
    if (was) redirectAttributes(was, again);
    item.redone = again.id;
    again.keep = true;
    item.keep = false;
    item.delete(this.#transaction);
    this.restored.delete(item);
    if (was) this.restored.set(again, was);
  }

  /** An item, and what it stands for, cut so that each end of a block is an item of its own. */
  #withEndsApart(item: Y.Item): Y.Item[] {
    const was = this.restored.get(item);
    const text = item.content instanceof Y.ContentString ? item.content.str : '';
    const cuts = [...text.matchAll(BLOCK_ENDS)]
      .flatMap(({ index }) => [index, index + 1])
      .filter((at) => at > 0 && at < text.length);
    if (!was || cuts.length === 0) return [item];
    const found = [item];
    for (const at of new Set(cuts)) {
      const [again, before] = [item, was].map(({ id }) => this.#begin({ ...id, clock: id.clock + at }));
      if (!again || !before) continue;
      this.restored.set(again, before);
      found.push(again);
    }
    return found;
  }

  /** The item that begins with a unit, cut from the one before it. */
  #begin({ client, clock }: Y.ID): Y.Item {
    return Y.getItemCleanStart(this.#transaction, Y.createID(client, clock));
  }
}

const BLOCK_ENDS = new RegExp(BLOCK_END, 'g');

function isBlockEnd({ content }: Y.Item): boolean {
  return content instanceof Y.ContentString && content.str === BLOCK_END;
}

function isOfTable({ content }: Y.Item): boolean {
  const type = content instanceof Y.ContentType ? content.type : null;
  return type instanceof Y.XmlElement && (type.nodeName === CELL || type.nodeName === TABLE);
}

function copyOf(content: Y.Item['content']): Y.Item['content'] {
  return content instanceof Y.ContentType ? new Y.ContentType(content.type.clone()) : content.copy();
}

/**
 * Lets what undo finds an attribute's successor by lead to that of the element that stands there now. An earlier step that takes back
 * a change of the attribute follows it, and Yjs throws where it ends at one that was collected together with its element.
 */
function redirectAttributes(was: Y.Item, again: Y.Item): void {
  if (!(was.content instanceof Y.ContentType) || !(again.content instanceof Y.ContentType)) return;
  const now = again.content.type._map;
  for (const [name, last] of was.content.type._map)
    for (let item: Y.Item | null = last; item !== null; item = item.left)
      if (item.redone !== null) item.redone = now.get(name)?.id ?? null;
}
