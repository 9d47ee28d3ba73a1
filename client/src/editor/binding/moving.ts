import { BLOCK_END } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import type { FlowModel } from './flow-model.ts';
import { shownUnits } from './block-units.ts';
import { blockOf, MOVED, pairUp, unitsIn, writeMoved } from './moved.ts';
import type { Stretch } from './moved.ts';
import { timesAbove } from './rank.ts';
import type { Rank } from './rank.ts';
import { refOf } from './ref.ts';
import { shownCells, storedInCell } from './shown.ts';
import type { StoredBlock } from './shown.ts';
import { setAttributes } from './attributes.ts';

/** Who a block is that goes: its name, how often it moved, and what its text was first. */
interface Gone {
  readonly block: string;
  readonly times: number;
  readonly first: readonly Stretch[];
  /** The ranks of what of it repeats something. */
  readonly ranks: readonly Rank[];
}

/**
 * Blocks that go at one place of a document and come at another keep who they are: their new elements tell it (SPEC
 * FLOW-21). They are told apart by their nodes, which ProseMirror keeps.
 */
export class Moves {
  readonly #gone = new Map<Node, Gone>();
  readonly #came = new Map<Node, Y.XmlElement>();
  readonly #model: FlowModel;

  constructor(model: FlowModel) {
    this.#model = model;
  }

  /** A block or a table goes as a whole; to be told before anything is written. */
  gone(stored: StoredBlock): void {
    const { entry, node, pos } = stored;
    const { element } = entry.type === 'block' ? entry.at : entry.part.at;
    const units = entry.type === 'block' ? shownUnits(this.#model.flow, entry) : [];
    const first = units.flatMap((stretch) => this.#model.told.of(stretch));
    const ranks = first.flatMap(({ told }) => (told ? [told.rank] : []));
    const [named] = units;
    if (element) this.#gone.set(node, { ...blockOf(element), first, ranks });
    // Text that no element begins, in a cell: its first character names it, as where it gets an element.
    else if (named)
      this.#gone.set(node, { block: refOf(Y.createID(named.client, named.clock)), times: 0, first, ranks });
    if (entry.type === 'table')
      for (const cell of shownCells(entry, node, pos))
        for (const inner of storedInCell(cell)) this.gone(inner);
  }

  /** A new element stands for a block or a table. */
  came(node: Node, element: Y.XmlElement): void {
    this.#came.set(node, element);
  }

  /** To be called when all elements are where they should be. */
  tell(): void {
    for (const [node, { block, times, first, ranks }] of this.#gone) {
      const element = this.#came.get(node);
      const id = element?._item?.id;
      const copied = element ? pairUp(unitsIn(element, BLOCK_END), first) : null;
      if (!element || !id || !copied) continue;
      const above = ranks.reduce((most, rank) => Math.max(most, timesAbove(rank, id)), times + 1);
      const moved = writeMoved({ block, times: above, copied });
      if (moved) setAttributes(element, new Map([[MOVED, moved]]));
    }
  }
}
