import { BLOCK, BLOCK_END, CELL, CELL_END, COLUMN, ROW, TABLE, TABLE_END } from '@sheaf/schema';
import * as Y from 'yjs';
import type { RestoredItems } from './restored-writer.ts';

/** What ends what an element begins. */
const ENDS: ReadonlyMap<string, string> = new Map([
  [BLOCK_END, BLOCK],
  [CELL_END, CELL],
  [TABLE_END, TABLE],
]);

/** Whole blocks, cells and tables that undo brought back, and in which nothing else stands; those that stand side by side are one run. */
export function wholeRuns(flow: Y.Text, restored: RestoredItems): readonly (readonly Y.Item[])[] {
  const runs = new RestoredRuns(restored);
  for (let item = flow._start; item !== null; item = item.right) if (!item.deleted) runs.read(item);
  return runs.finish();
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
