import { BLOCK, BLOCK_END, blocksOf } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import type { StepMap } from '@tiptap/pm/transform';
import * as Y from 'yjs';
import type { FlowModel } from './flow-model.ts';
import { writeRegion } from './region-change.ts';
import { unchanged } from './region.ts';
import { beginOf } from './segment.ts';
import type { FlowBlock } from './segment.ts';
import { shownCells, storedBlocks, storedInCell } from './shown.ts';
import type { StoredBlock } from './shown.ts';
import { Writing } from './writing.ts';

/** What the page changed. */
export interface LocalChange {
  readonly model: FlowModel;
  /** The document as the page showed it, which is that of the model. */
  readonly before: Node;
  readonly after: Node;
  /** The steps between. */
  readonly maps: readonly StepMap[];
}

/**
 * Writes what lacks among the blocks that the person changes: an element where text is in no block, the end of a
 * block that is ended by the next one. To be called in a Yjs transaction of its own.
 */
export function makeWhole({ model, before, after }: LocalChange): void {
  const found: FlowBlock[] = [];
  const blocks = storedBlocks(model.entries, before, 0);
  const wanted = blocksOf(after);
  const [first, last] = unchanged({ before: blocks, after: wanted });
  const kept = new Set<Node>();
  for (const { node } of wanted.slice(first, wanted.length - last))
    if (!node.isTextblock) node.descendants((inner) => void kept.add(inner));
  const look = (changed: readonly StoredBlock[]) => {
    for (const { entry, node, pos } of changed) {
      if (entry.type === 'block') found.push(entry);
      else
        for (const cell of shownCells(entry, node, pos)) if (!kept.has(cell.node)) look(storedInCell(cell));
    }
  };
  look(blocks.slice(first, blocks.length - last));
  for (const block of found.toSorted((a, b) => beginOf(b) - beginOf(a))) complete(model, block);
}

function complete(model: FlowModel, { node, at: { segment, element, at, textEnd, end } }: FlowBlock): void {
  if (!node.isTextblock) return;
  const { flow } = model;
  if (end === textEnd) {
    const index = segment.start + textEnd;
    flow.insert(index, BLOCK_END, { ...model.formattingBefore(index) });
  }
  if (element !== null) return;
  const index = segment.start + at;
  flow.insertEmbed(index, new Y.XmlElement(BLOCK), { ...model.formattingBefore(index) });
}

/** Writes a local change. To be called in a Yjs transaction, with the blocks that differ made whole. */
export function writeChange({ model, before, after, maps }: LocalChange): void {
  const writing = new Writing(model);
  writeRegion(writing, {
    before: storedBlocks(model.entries, before, 0),
    after: blocksOf(after),
    maps,
    at: model.flow.length,
  });
  writing.finish();
}
