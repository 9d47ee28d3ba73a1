import { BLOCK, BLOCK_END, isSameFrame } from '@sheaf/schema';
import type { PlacedBlock } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import type { StepMap } from '@tiptap/pm/transform';
import * as Y from 'yjs';
import { setAttributes } from './attributes.ts';
import { tellOn } from './brought-back.ts';
import type { FlowModel } from './flow-model.ts';
import { MOVED, writeMoved } from './moved.ts';
import { refOf } from './ref.ts';
import { writeRegion } from './region-change.ts';
import { unchanged } from './region.ts';
import { beginOf } from './segment.ts';
import type { FlowBlock } from './segment.ts';
import { shownCells, storedInCell } from './shown.ts';
import type { StoredBlock } from './shown.ts';
import { Writing } from './writing.ts';

/** What the page changed. */
export interface LocalChange {
  readonly model: FlowModel;
  /** What the page showed, which is what the model holds. */
  readonly before: readonly StoredBlock[];
  readonly after: readonly PlacedBlock[];
  /** The steps between. */
  readonly maps: readonly StepMap[];
}

/**
 * Writes what lacks among the blocks that the person changes: an element where text is in no block, the end of a
 * block that is ended by the next one. To be called in a Yjs transaction of its own. True if nothing lacked.
 */
export function makeWhole({ model, before, after }: LocalChange): boolean {
  const found: FlowBlock[] = [];
  const [first, last] = unchanged({ before, after });
  const kept = new Set<Node>();
  for (const { node } of after.slice(first, after.length - last))
    if (!node.isTextblock) node.descendants((inner) => void kept.add(inner));
  const look = (changed: readonly StoredBlock[]) => {
    for (const { entry, node, pos } of changed) {
      if (entry.type === 'block') found.push(entry);
      else
        for (const cell of shownCells(entry, node, pos)) if (!kept.has(cell.node)) look(storedInCell(cell));
    }
  };
  look(before.slice(first, before.length - last));
  const lacks = found.filter((block) => !isWhole(block));
  for (const block of lacks.toSorted((a, b) => beginOf(b) - beginOf(a))) complete(model, block);
  return lacks.length === 0;
}

/** Whether a block has all that its kind is stored with: a text its element and its end. */
export function isWhole({ node, at }: FlowBlock): boolean {
  return !node.isTextblock || (at.element !== null && at.end > at.textEnd);
}

function complete(model: FlowModel, { at: { segment, element, at, textEnd, end } }: FlowBlock): void {
  const { flow } = model;
  if (end === textEnd) {
    const index = segment.start + textEnd;
    flow.insert(index, BLOCK_END, { ...model.formattingBefore(index) });
  }
  if (element !== null) return;
  const index = segment.start + at;
  const made = new Y.XmlElement(BLOCK);
  const moved = nameBy(model, index);
  if (moved) setAttributes(made, new Map([[MOVED, moved]]));
  flow.insertEmbed(index, made, { ...model.formattingBefore(index) });
}

/** Others who write in this text at once begin it as well: by its first character it is the same block. */
function nameBy(model: FlowModel, index: number): object | null {
  const first = model.unitBefore(index + 1);
  if (!first) return null;
  const { client, clock } = first.item.id;
  const block = refOf(Y.createID(client, clock + first.offset));
  // It began one already, and came away from it since.
  return model.writtenAgain(block) ? null : writeMoved({ block, times: 0, copied: [] });
}

/** Writes a local change. To be called in a Yjs transaction, with the blocks that differ made whole. */
export function writeChange({ model, before, after, maps }: LocalChange): void {
  const writing = new Writing(model);
  const at = model.flow.length;
  const [old, now] = [byNote(before), byNote(after)];
  writeRegion(writing, { before: old.get(null) ?? [], after: now.get(null) ?? [], maps, at, notes: true });
  // Each note by itself: where it stands among others is told by its references, and not by where it is stored.
  for (const note of new Set([...old.keys(), ...now.keys()])) {
    const change = { before: old.get(note) ?? [], after: now.get(note) ?? [] };
    if (note !== null && !isSame(change)) writeRegion(writing, { ...change, maps, at, notes: true });
  }
  writing.finish();
  tellOn(model.flow, model.toldByGone);
}

/** Blocks by the footnotes in which they stand; null: those of the text. */
function byNote<T extends PlacedBlock>(blocks: readonly T[]): Map<string | null, readonly T[]> {
  if (blocks.every(({ frame }) => frame.note === null)) return new Map([[null, blocks]]);
  const found = new Map<string | null, T[]>();
  for (const block of blocks) {
    const known = found.get(block.frame.note);
    if (known) known.push(block);
    else found.set(block.frame.note, [block]);
  }
  return found;
}

/** Whether a note has the same blocks in the same frames. */
function isSame({ before, after }: Pick<LocalChange, 'before' | 'after'>): boolean {
  return (
    before.length === after.length &&
    before.every(({ node, frame }, index) => {
      const is = after[index];
      return is?.node === node && isSameFrame(frame, is.frame);
    })
  );
}
