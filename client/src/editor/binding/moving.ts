import { BLOCK_END } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import type { FlowModel } from './flow-model.ts';
import { blockOf, FirstUnits, MOVED, pairUp, readMoved, unitsIn, writeMoved } from './moved.ts';
import type { Stretch } from './moved.ts';
import { refOf } from './ref.ts';
import type { FlowBlock } from './segment.ts';
import { shownCells, storedInCell } from './shown.ts';
import type { StoredBlock } from './shown.ts';
import { setAttributes } from './attributes.ts';

/** Who a block is that goes: its name, how often it moved, and what its text was first. */
interface Gone {
  readonly block: string;
  readonly times: number;
  readonly first: readonly Stretch[];
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
    if (!element) return this.#goneWithout(stored);
    const former = new FirstUnits(readMoved(element.getAttribute(MOVED))?.copied ?? []);
    const units = entry.type === 'block' ? unitsIn(element, BLOCK_END) : [];
    const first = units.flatMap((stretch) => former.of(stretch));
    this.#gone.set(node, { ...blockOf(element), first });
    if (entry.type === 'table')
      for (const cell of shownCells(entry, node, pos))
        for (const inner of storedInCell(cell)) this.gone(inner);
  }

  /** Text that no element begins, in a cell: its first character names it, as where it gets an element. */
  #goneWithout({ entry, node }: StoredBlock): void {
    const first = entry.type === 'block' ? this.#unitsOf(entry) : [];
    const [named] = first;
    if (named) this.#gone.set(node, { block: refOf(Y.createID(named.client, named.clock)), times: 0, first });
  }

  #unitsOf({ at: { segment, textAt, textEnd } }: FlowBlock): Stretch[] {
    const found: Stretch[] = [];
    let at = segment.start + textAt;
    const end = segment.start + textEnd;
    while (at < end) {
      const unit = this.#model.unitBefore(at + 1);
      if (!unit) break;
      const { client, clock } = unit.item.id;
      const length = Math.min(unit.item.length - unit.offset, end - at);
      found.push({ client, clock: clock + unit.offset, length });
      at += length;
    }
    return found;
  }

  /** A new element stands for a block or a table. */
  came(node: Node, element: Y.XmlElement): void {
    this.#came.set(node, element);
  }

  /** To be called when all elements are where they should be. */
  tell(): void {
    for (const [node, { block, times, first }] of this.#gone) {
      const element = this.#came.get(node);
      const copied = element ? pairUp(unitsIn(element, BLOCK_END), first) : null;
      const moved = copied && writeMoved({ block, times: times + 1, copied });
      if (element && moved) setAttributes(element, new Map([[MOVED, moved]]));
    }
  }
}
