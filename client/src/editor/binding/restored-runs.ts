import { BLOCK, BLOCK_END, CELL, CELL_END, COLUMN, ROW, TABLE, TABLE_END } from '@sheaf/schema';
import * as Y from 'yjs';

/** What ends what an element begins. */
const ENDS: ReadonlyMap<string, string> = new Map([
  [BLOCK_END, BLOCK],
  [CELL_END, CELL],
  [TABLE_END, TABLE],
]);

/**
 * Writes whole blocks, cells and tables that undo brought back, and in which nothing else stands, anew in one piece.
 * Yjs puts each of their items where the one was that it brings back: of two people who take back the same deletion
 * it makes two elements, and then two texts. A text that was written in one go is never cut by others' (each item
 * holds on to the one before it). Undo finds the new items by Yjs's own `redone`. Gives them by those that they replace.
 */
export function writeInOnePiece(
  transaction: Y.Transaction,
  flow: Y.Text,
  restored: ReadonlySet<Y.Item>,
): Map<Y.Item, Y.Item> {
  const runs = new RestoredRuns(restored);
  for (let item = flow._start; item !== null; item = item.right) if (!item.deleted) runs.read(item);
  const made = new Map<Y.Item, Y.Item>();
  for (const run of runs.finish()) writeAgain(transaction, { flow, run, made });
  return made;
}

function writeAgain(
  transaction: Y.Transaction,
  { flow, run, made }: { flow: Y.Text; run: readonly Y.Item[]; made: Map<Y.Item, Y.Item> },
): void {
  const { store, clientID } = transaction.doc;
  let left = run[0]?.left ?? null;
  for (const item of run) {
    const id = Y.createID(clientID, Y.getState(store, clientID));
    // Each before another one: so Yjs makes no single item of them, and finds each by the one that it replaces.
    const again = new Y.Item(id, left, left && left.lastId, item, item.id, flow, null, copyOf(item.content));
    again.integrate(transaction, 0);
    left = again;
    if (item.countable) made.set(item, again);
  }
  for (const item of run) {
    const again = made.get(item);
    if (!again) continue;
    item.redone = again.id;
    again.keep = true;
    item.keep = false;
    item.delete(transaction);
  }
}

function copyOf(content: Y.Item['content']): Y.Item['content'] {
  return content instanceof Y.ContentType ? new Y.ContentType(content.type.clone()) : content.copy();
}

/** Whether a thing is an element with attributes and no more, as all are that this version knows. */
function isPlain(type: Y.ContentType['type']): type is Y.XmlElement {
  if (!(type instanceof Y.XmlElement) || type.length > 0) return false;
  return Object.values<unknown>(type.getAttributes()).every((value) => !(value instanceof Y.AbstractType));
}

/** Finds whole things of restored items, side by side. */
class RestoredRuns {
  readonly #restored: ReadonlySet<Y.Item>;
  readonly #found: Y.Item[][] = [];
  /** Whole things that stand side by side. */
  #run: Y.Item[] = [];
  /** What was read behind them, and what stands open in it. */
  #items: Y.Item[] = [];
  #open: string[] = [];

  constructor(restored: ReadonlySet<Y.Item>) {
    this.#restored = restored;
  }

  /** To be told all living items in their order. */
  read(item: Y.Item): void {
    if (!item.countable) {
      this.#items.push(item);
      return;
    }
    if (!this.#restored.has(item) || !this.#goesOn(item)) {
      this.#end();
      // What fits nothing before it may begin something.
      if (!this.#restored.has(item) || !this.#goesOn(item)) return this.#end();
    }
    this.#items.push(item);
    if (this.#open.length > 0) return;
    this.#run.push(...this.#items);
    this.#items = [];
  }

  finish(): Y.Item[][] {
    this.#end();
    return this.#found;
  }

  #end(): void {
    if (this.#run.length > 0) this.#found.push(this.#run);
    this.#run = [];
    this.#items = [];
    this.#open = [];
  }

  /** Whether an item goes on with what is open, or begins something. */
  #goesOn({ content }: Y.Item): boolean {
    const inner = this.#open.at(-1);
    if (content instanceof Y.ContentString) return this.#text(content.str);
    if (content instanceof Y.ContentEmbed) return inner === BLOCK;
    if (!(content instanceof Y.ContentType) || !isPlain(content.type)) return false;
    const { nodeName } = content.type;
    if (inner === BLOCK || (nodeName === CELL && inner === CELL)) return false;
    if (nodeName === COLUMN || nodeName === ROW) return inner === TABLE;
    if (nodeName === BLOCK || nodeName === CELL || nodeName === TABLE) this.#open.push(nodeName);
    return true;
  }

  #text(text: string): boolean {
    for (const character of text) {
      const ended = ENDS.get(character);
      const inner = this.#open.at(-1);
      if (inner === undefined || (ended ?? BLOCK) !== inner) return false;
      if (ended !== undefined) this.#open.pop();
    }
    return true;
  }
}
