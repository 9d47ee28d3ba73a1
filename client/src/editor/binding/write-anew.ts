import { BLOCK_END, CELL_END, TABLE_END } from '@sheaf/schema';
import * as Y from 'yjs';
import { wholeRuns } from './restored-runs.ts';
import { RestoredWriter } from './restored-writer.ts';
import type { RestoredItems } from './restored-writer.ts';

/** What undo brought back, and this page's clock when that went. */
interface Back {
  readonly restored: RestoredItems;
  readonly since: number;
}

/**
 * Writes anew what Yjs brought back and put where it was deleted. Whole blocks, cells and tables, in which nothing else stands, are
 * written in one piece: of two people who take back the same deletion Yjs makes two elements, and then two texts. A text that was
 * written in one go is never cut by others' (each item holds on to the one before it). Formatting within it goes along: were it left
 * as well, there would be twice as much of it each time.
 *
 * The end of such a block is put behind the one that it stands for: what others write in that text meanwhile is behind the text that
 * came back, and so within the block and not beside it. Cells and tables hold each other, so theirs are in the piece.
 *
 * Anything else is put beside what it stood beside, where that went later and came back: it stands in another place since.
 *
 * Undo finds the new items by Yjs's own `redone`. Gives what stands there now.
 */
export function writeAnew(
  transaction: Y.Transaction,
  flow: Y.Text,
  { restored, since }: Back,
): RestoredItems {
  const elements = [...restored.keys()].some(({ content }) => content instanceof Y.ContentType);
  const runs = elements ? wholeRuns(flow, restored) : [];
  const writer = new RestoredWriter(transaction, flow, restored);
  const runOf = new Map(runs.flatMap((run) => run.map((item) => [item, run] as const)));
  const came: Y.Item[] = [];
  for (let item = flow._start; item !== null; item = item.right)
    if (!item.deleted && (runOf.has(item) || restored.has(item))) came.push(item);
  const places = new Places(transaction, { restored: writer.restored, since });
  for (const group of places.groups(came.filter((item) => !runOf.has(item))))
    for (const item of group) runOf.set(item, group);
  // From the first on: where one belongs is found by those before it.
  for (const run of new Set(came.map((item) => runOf.get(item) ?? []))) {
    const left = places.leftOf(run);
    if (left) writer.move(run, left);
    else if (runs.includes(run)) writer.write(run, { whole: true });
    else for (const item of run) writer.write([item], { whole: false });
  }
  return writer.restored;
}

type Way = 'left' | 'right';

/** Where what came back stood, beside what came back before it. */
class Places {
  readonly #transaction: Y.Transaction;
  readonly #restored: RestoredItems;
  readonly #since: number;

  constructor(transaction: Y.Transaction, { restored, since }: Back) {
    this.#transaction = transaction;
    this.#restored = restored;
    this.#since = since;
  }

  /** Items that stand side by side and stood so, in their order. */
  groups(loose: readonly Y.Item[]): Y.Item[][] {
    const items = new Set(loose);
    const isFirst = (item: Y.Item): boolean => {
      const before = living(item, 'left');
      return (
        before === null ||
        !items.has(before) ||
        this.#beside(item, 'left', this.#restored.get(before)) !== null
      );
    };
    return loose.filter(isFirst).map((first) => {
      const group = [first];
      for (let at = living(first, 'right'); at && items.has(at) && !isFirst(at); at = living(at, 'right'))
        group.push(at);
      return group;
    });
  }

  /** The item behind which a group belongs; null where it stands there, or nothing beside it came back. */
  leftOf(group: readonly Y.Item[]): Y.Item | null {
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) return null;
    const before = this.#beside(first, 'left');
    if (before) return before === living(first, 'left') ? null : before;
    const behind = this.#beside(last, 'right');
    return behind && behind !== living(last, 'right') ? behind.left : null;
  }

  /** What stands for the nearest item that went later, on one side of where this one was; null if one that never went is nearer. */
  #beside(item: Y.Item, way: Way, until?: Y.Item): Y.Item | null {
    const { store } = this.#transaction.doc;
    for (let at = this.#restored.get(item)?.[way] ?? null; at !== null && at !== until; at = at[way]) {
      if (this.#restored.has(at)) continue;
      if (!at.deleted || isEdge(at, way, item)) return null;
      const again = this.#cameBack(at) ? unitAgain(store, at, way === 'left' ? at.length - 1 : 0) : null;
      if (!again) continue;
      const found =
        way === 'left'
          ? Y.getItemCleanEnd(this.#transaction, store, again)
          : Y.getItemCleanStart(this.#transaction, again);
      if (found !== item) return found;
    }
    return null;
  }

  /** Whether an item came back since; what came back before was there in its new place. */
  #cameBack({ redone }: Y.Item): boolean {
    return redone !== null && redone.client === this.#transaction.doc.clientID && redone.clock >= this.#since;
  }
}

const ENDS = new RegExp(`[${BLOCK_END}${CELL_END}${TABLE_END}]`);

/**
 * Whether a search for the place of an item has to end at another one: at the edge of its block, but for that of a whole block. The end
 * of one that came back stands behind all that others may have typed in it.
 */
function isEdge(at: Y.Item, way: Way, item: Y.Item): boolean {
  const begins = (one: Y.Item) => one.content instanceof Y.ContentType;
  return way === 'left' ? holdsEnd(at) && !begins(item) : holdsEnd(at) || begins(at);
}

function holdsEnd({ content }: Y.Item): boolean {
  return content instanceof Y.ContentString && ENDS.test(content.str);
}

/** The next item that is not deleted. */
function living(item: Y.Item, way: Way): Y.Item | null {
  let at = item[way];
  while (at?.deleted === true) at = at[way];
  return at;
}

/** The living unit that stands for one of a deleted item. */
function unitAgain(store: Y.Doc['store'], item: Y.Item, offset: number): Y.ID | null {
  let at: unknown = item;
  let unit = Y.createID(item.id.client, item.id.clock + offset);
  while (at instanceof Y.Item && at.deleted) {
    if (at.redone === null) return null;
    unit = Y.createID(at.redone.client, at.redone.clock + unit.clock - at.id.clock);
    at = Y.getItem(store, unit);
  }
  return at instanceof Y.Item ? unit : null;
}
