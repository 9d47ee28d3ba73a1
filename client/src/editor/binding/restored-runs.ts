import { BLOCK, BLOCK_END, CELL, CELL_END, COLUMN, ROW, TABLE, TABLE_END } from '@sheaf/schema';
import * as Y from 'yjs';

/** What ends what an element begins. */
const ENDS: ReadonlyMap<string, string> = new Map([
  [BLOCK_END, BLOCK],
  [CELL_END, CELL],
  [TABLE_END, TABLE],
]);

/** What undo brought back, by what it stands for. */
export type RestoredItems = ReadonlyMap<Y.Item, Y.Item>;

/**
 * Writes whole blocks, cells and tables that undo brought back, and in which nothing else stands, anew in one piece.
 * Yjs puts each of their items where the one was that it brings back: of two people who take back the same deletion
 * it makes two elements, and then two texts. A text that was written in one go is never cut by others' (each item
 * holds on to the one before it). Undo finds the new items by Yjs's own `redone`. Gives what stands there now. Formatting within it goes
 * along: were it left as well, there would be twice as much of it each time.
 *
 * The end of a block is put behind the one that it stands for: what others write in that text meanwhile is behind the text that came
 * back, and so within the block and not beside it. Cells and tables hold each other, so theirs are in the piece.
 */
export function writeInOnePiece(
  transaction: Y.Transaction,
  flow: Y.Text,
  restored: RestoredItems,
): RestoredItems {
  const runs = new RestoredRuns(restored);
  const loose: Y.Item[] = [];
  for (let item = flow._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    runs.read(item);
    if (restored.has(item)) loose.push(item);
  }
  const writer = new RestoredWriter(transaction, flow, restored);
  const whole = new Map(runs.finish().flatMap((run) => run.map((item) => [item, run] as const)));
  for (const item of loose) {
    const run = whole.get(item) ?? [item];
    // Once for a run; formatting that stands before it was not deleted.
    if (run.find((one) => restored.has(one)) === item) writer.write(run, { whole: whole.has(item) });
  }
  return writer.restored;
}

class RestoredWriter {
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

/** Whether a thing is an element with attributes and no more, as all are that this version knows. */
function isPlain(type: Y.ContentType['type']): type is Y.XmlElement {
  if (!(type instanceof Y.XmlElement) || type.length > 0) return false;
  return Object.values<unknown>(type.getAttributes()).every((value) => !(value instanceof Y.AbstractType));
}

/** Finds whole things of restored items, side by side. */
class RestoredRuns {
  readonly #restored: RestoredItems;
  readonly #found: Y.Item[][] = [];
  /** Whole things that stand side by side. */
  #run: Y.Item[] = [];
  /** What was read behind them, and what stands open in it. */
  #items: Y.Item[] = [];
  #open: string[] = [];

  constructor(restored: RestoredItems) {
    this.#restored = restored;
  }

  /** To be told all living items in their order. */
  read(item: Y.Item): void {
    if (!item.countable) {
      // What stands before all of it holds there as well.
      if (this.#run.length > 0 || this.#open.length > 0) this.#items.push(item);
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
