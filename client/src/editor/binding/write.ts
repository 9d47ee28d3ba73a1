import {
  beginsItem,
  BLOCK,
  BLOCK_END,
  DIVIDER,
  formatChanges,
  formatsOf,
  frameChanges,
  kindChanges,
  OpenFrames,
  PLAIN,
  readFormat,
  readTextKind,
  readTraits,
  textKindOf,
  traitChanges,
  traitsOf,
} from '@sheaf/schema';
import type { AttributeValue, FlowElement, Frame, PlacedBlock } from '@sheaf/schema';
import type { Mark, Node } from '@tiptap/pm/model';
import type { StepMap } from '@tiptap/pm/transform';
import * as Y from 'yjs';
import { alignment } from './alignment.ts';
import type { Change } from './alignment.ts';
import type { FlowModel } from './flow-model.ts';
import { refOf } from './segment.ts';
import type { FlowBlock, Formatting } from './segment.ts';
import { BEGIN, END, unitsOf } from './units.ts';
import type { Things, Units } from './units.ts';

/** What the page changed. */
export interface LocalChange {
  readonly model: FlowModel;
  /** The blocks as the page showed them, one for each of the model. */
  readonly before: readonly PlacedBlock[];
  readonly after: readonly PlacedBlock[];
  /** The steps between. */
  readonly maps: readonly StepMap[];
}

/** How many blocks are the same nodes from the first on, and from the last back. */
export function unchanged({ before, after }: Pick<LocalChange, 'before' | 'after'>): [number, number] {
  const most = Math.min(before.length, after.length);
  let first = 0;
  while (first < most && before[first]?.node === after[first]?.node) first += 1;
  let last = 0;
  while (
    last < most - first &&
    before[before.length - 1 - last]?.node === after[after.length - 1 - last]?.node
  )
    last += 1;
  return [first, last];
}

/**
 * Writes what lacks among blocks `from` to `to`: an element where text is in no block, the end of a block that is
 * ended by the next one. Only blocks that the person changes are made whole. True if something was written.
 */
export function makeWhole(model: FlowModel, from: number, to: number): boolean {
  const { flow, blocks } = model;
  if (blocks.length === 0) {
    insertBlock(model, flow.length);
    return true;
  }
  let wrote = false;
  for (let index = to - 1; index >= from; index -= 1) {
    const block = blocks[index];
    if (!block?.node.isTextblock) continue;
    const start = model.startOf(index);
    if (block.end === block.textEnd) {
      flow.insert(start + block.textEnd, BLOCK_END, { ...model.formattingBefore(start + block.textEnd) });
      wrote = true;
    }
    if (block.element !== null) continue;
    flow.insertEmbed(start + block.at, new Y.XmlElement(BLOCK), {
      ...model.formattingBefore(start + block.at),
    });
    wrote = true;
  }
  return wrote;
}

function insertBlock(model: FlowModel, index: number): void {
  const formatting = model.formattingBefore(index);
  model.flow.insertEmbed(index, new Y.XmlElement(BLOCK), { ...formatting });
  model.flow.insert(index + 1, BLOCK_END, { ...formatting });
}

/**
 * Writes a local change as the smallest change of the flow: characters that nobody touched stay the ones that they
 * were, formatting is changed where it differs, and what only stands elsewhere or becomes another kind gets attributes.
 * To be called in a Yjs transaction, with the blocks that differ made whole.
 */
export function writeChange(change: LocalChange): void {
  const { model, before, after } = change;
  const [first, last] = unchanged(change);
  const oldBlocks = before.slice(first, before.length - last);
  const newBlocks = after.slice(first, after.length - last);
  const things: Things = new Map();
  const old = { units: unitsOf(oldBlocks, things), blocks: oldBlocks };
  const now = { units: unitsOf(newBlocks, things), blocks: newBlocks };
  const changes = alignment(old.units, now.units, change.maps);
  const places = placesOf(model, old, first);
  writeFormats(model, { old, now, changes, places });
  const elements = keptElements(model.blocks, { old, now, changes, first });
  for (const one of changes.toReversed()) writeUnits(model, { old, now, change: one, places, elements });
  writeAttributes({ model, after, first, last, elements });
}

interface Row {
  readonly units: Units;
  readonly blocks: readonly PlacedBlock[];
}

/** The index in the flow of each old unit, and of what follows the last. */
function placesOf(model: FlowModel, { units, blocks }: Row, first: number): number[] {
  const places: number[] = [];
  let ends = blocks.length === 0 ? endOf(model, first - 1) : 0;
  units.codes.forEach((code, index) => {
    const owner = units.owners[index] ?? 0;
    const block = model.blocks[first + owner];
    const placed = blocks[owner];
    if (!block || !placed) throw new Error('The page shows a block that the document does not have.');
    const start = model.startOf(first + owner);
    if (code === BEGIN || !placed.node.isTextblock) places.push(start + block.at);
    else if (code === END) places.push(start + block.textEnd);
    else
      places.push(start + block.textAt + storedOffset(block, (units.positions[index] ?? 0) - placed.pos - 1));
    ends = start + block.end;
  });
  places.push(ends);
  return places;
}

function endOf(model: FlowModel, index: number): number {
  const block = model.blocks[index];
  if (block) return model.startOf(index) + block.end;
  const next = model.blocks[0];
  return next ? model.startOf(0) + next.at : 0;
}

/** Where something lies in a block's stored text that is shown at `offset` in it. */
export function storedOffset({ wide }: FlowBlock, offset: number): number {
  let stored = offset;
  for (const [at, length] of wide) if (at < offset) stored += length - 1;
  return stored;
}

/** Walks over the stretches of units that stayed. */
function kept(changes: readonly Change[], length: number, visit: (old: number, now: number) => void): void {
  let from = 0;
  let start = 0;
  for (const change of [...changes, { from: length, to: length, start: 0, end: 0 }]) {
    for (; from < change.from; from += 1, start += 1) visit(from, start);
    from = change.to;
    start = change.end;
  }
}

function marksAt({ units, blocks }: Row, index: number): readonly Mark[] | null {
  const code = units.codes[index] ?? BEGIN;
  const block = blocks[units.owners[index] ?? 0];
  if (code === BEGIN || code === END || !block?.node.isTextblock) return null;
  return block.node.nodeAt((units.positions[index] ?? 0) - block.pos - 1)?.marks ?? null;
}

interface Aligned {
  readonly old: Row;
  readonly now: Row;
  readonly changes: readonly Change[];
}

function writeFormats(
  { flow }: FlowModel,
  { old, now, changes, places }: Aligned & { places: readonly number[] },
): void {
  let run: { from: number; to: number; formats: Record<string, unknown>; key: string } | null = null;
  const write = () => {
    if (run) flow.format(run.from, run.to - run.from, run.formats);
    run = null;
  };
  kept(changes, old.units.codes.length, (before, after) => {
    const [was, is] = [marksAt(old, before), marksAt(now, after)];
    const formats = was && is ? formatChanges(was, is) : null;
    if (!formats) return;
    const [from, to] = [places[before] ?? 0, places[before + 1] ?? 0];
    const key = JSON.stringify(formats);
    if (run && run.to === from && run.key === key) run.to = to;
    else {
      write();
      run = { from, to, formats, key };
    }
  });
  write();
}

/** The elements of the new blocks of the window that are the old ones; others are made as they are written. */
function keptElements(
  known: readonly FlowBlock[],
  { old, now, changes, first }: Aligned & { first: number },
): Map<number, KeptElement> {
  const elements = new Map<number, KeptElement>();
  kept(changes, old.units.codes.length, (before, after) => {
    const owner = old.units.owners[before] ?? 0;
    const begins = old.units.codes[before] === BEGIN || !old.blocks[owner]?.node.isTextblock;
    const block = known[first + owner];
    if (begins && block) elements.set(now.units.owners[after] ?? 0, block);
  });
  return elements;
}

/** What is known of an element: what its attributes said so far. */
type KeptElement = Pick<FlowBlock, 'element' | 'frame'>;

function writeUnits(
  model: FlowModel,
  at: { old: Row; now: Row; change: Change; places: readonly number[]; elements: Map<number, KeptElement> },
): void {
  const { flow } = model;
  const { old, now, change, places, elements } = at;
  const index = places[change.from] ?? flow.length;
  const inherited = model.formattingBefore(index);
  if (change.to > change.from) {
    // Up to where the last unit ends, not to where the next one begins: between blocks may lie what is not shown.
    const last = change.to - 1;
    const whole =
      old.units.codes[last] === END || old.blocks[old.units.owners[last] ?? 0]?.node.isTextblock !== true;
    const end = whole ? (places[last] ?? 0) + 1 : (places[last + 1] ?? 0);
    flow.delete(index, end - index);
  }
  let end = index;
  const insert = (text: string, formatting: Formatting) => {
    flow.insert(end, text, { ...formatting });
    end += text.length;
  };
  let run = '';
  let formatting = inherited;
  let marks: readonly Mark[] | null = null;
  const flush = () => {
    if (run !== '') insert(run, formatting);
    run = '';
  };
  for (let unit = change.start; unit < change.end; unit += 1) {
    const code = now.units.codes[unit] ?? END;
    const owner = now.units.owners[unit] ?? 0;
    const node = now.blocks[owner]?.node;
    if (code === END) run += BLOCK_END;
    else if (code >= 0) {
      const here = marksAt(now, unit);
      if (here && (marks === null || formatChanges(marks, here))) {
        flush();
        formatting = { ...unshown(inherited), ...formatsOf(here) };
        marks = here;
      }
      const character = String.fromCharCode(code);
      // What ends a block cannot stand in one.
      run += character === BLOCK_END ? '\n' : character;
    } else {
      flush();
      if (!node || !(code === BEGIN || !node.isTextblock)) continue;
      const element = elementFor(flow, node);
      if (element === null) continue;
      flow.insertEmbed(end, element, { ...formatting });
      end += 1;
      elements.set(owner, { element: element instanceof Y.XmlElement ? element : null, frame: PLAIN });
    }
  }
  flush();
}

/** The formatting that this version does not show goes on through what is typed within it. */
function unshown(formatting: Formatting): Formatting {
  return Object.fromEntries(
    Object.entries(formatting).filter(([name, value]) => readFormat(name, value) === null),
  );
}

/** What stands in the flow for a new block: an element, or a copy of what an opaque one stands for. */
function elementFor(flow: Y.Text, node: Node): object | null {
  if (node.isTextblock) return new Y.XmlElement(BLOCK);
  if (node.type.name === 'horizontalRule') return new Y.XmlElement(DIVIDER);
  for (let item = flow._start; item !== null; item = item.right)
    if (item.content instanceof Y.ContentType && refOf(item.id) === node.attrs['ref'] && !item.deleted)
      return item.content.type.clone();
  return null;
}

interface Attributed {
  readonly model: FlowModel;
  readonly after: readonly PlacedBlock[];
  readonly first: number;
  readonly last: number;
  readonly elements: ReadonlyMap<number, KeptElement>;
}

/** Sets what differs between what the elements' attributes come to and what the page shows. */
function writeAttributes({ model, after, first, last, elements }: Attributed): void {
  const frames = new OpenFrames();
  const moved = model.blocks.length - after.length;
  after.forEach(({ frame, node }, index) => {
    const inWindow = index >= first && index < after.length - last;
    const known = inWindow
      ? elements.get(index - first)
      : model.blocks[index < first ? index : index + moved];
    const stored: Frame = known?.frame ?? PLAIN;
    const effective = frames.effective(stored, beginsItem(node));
    if (known?.element) {
      set(known.element, frameChanges(effective, frame));
      if (inWindow) writeOwn(known.element, node);
      frames.enter(frame);
    } else frames.enter(effective);
  });
}

/** Sets what a block is and has by itself. */
function writeOwn(element: Y.XmlElement, node: Node): void {
  const stored = element.getAttributes();
  const wanted = textKindOf(node);
  if (wanted) set(element, kindChanges(readTextKind(stored), wanted));
  set(element, traitChanges(readTraits(node.type.name, stored), traitsOf(node)));
}

function set(
  element: FlowElement | Y.XmlElement,
  changes: ReadonlyMap<string, AttributeValue | object | null>,
): void {
  for (const [name, value] of changes)
    if (value === null) element.removeAttribute(name);
    // Yjs stores any JSON value; only its type says that attributes are strings.
    else element.setAttribute(name, value as string);
}
