import { formatChanges, isSameFrame } from '@sheaf/schema';
import type { StepMap } from '@tiptap/pm/transform';
import { alignment } from './alignment.ts';
import type { Change, Stay } from './alignment.ts';
import { marksAt, PieceMaker } from './pieces.ts';
import type { Row } from './pieces.ts';
import { keepingEnd, rejoined, tellRejoined } from './rejoined.ts';
import type { StoredRow } from './rejoined.ts';
import { beginOfEntry, endOfEntry, storedEnd, storedOffset, unchanged } from './region.ts';
import type { RegionChange } from './region.ts';
import type { StoredBlock } from './shown.ts';
import { risingRun } from './rising-run.ts';
import { writeTable } from './table-change.ts';
import { BEGIN, END, unitsOf } from './units.ts';
import type { Things } from './units.ts';
import { keptElement, writeAttributes } from './writing.ts';
import type { KeptElement, Writing } from './writing.ts';

/**
 * Writes a local change of one region as the smallest change of the flow: characters that nobody touched stay the
 * ones that they were, formatting is changed where it differs, and what only stands elsewhere or becomes another
 * kind gets attributes. The blocks that differ must have been made whole.
 */
export function writeRegion(writing: Writing, change: RegionChange): void {
  const { before, after } = change;
  const [first, last] = unchanged(change);
  const oldBlocks = before.slice(first, before.length - last);
  const newBlocks = after.slice(first, after.length - last);
  const things: Things = new Map();
  const old = { units: unitsOf(oldBlocks, things), blocks: oldBlocks };
  const now = { units: unitsOf(newBlocks, things), blocks: newBlocks };
  const aligned = alignment(old.units, now.units, { maps: change.maps, stays: () => sameBlocks(old, now) });
  const anew = rejoined(aligned, old, writing.model);
  const changes = anew.flatMap((one) => keepingEnd(one, old));
  const previous = before[first - 1];
  const next = before[before.length - last];
  const end = previous ? endOfEntry(previous.entry) : next ? beginOfEntry(next.entry) : change.at;
  const whole = { old, now, changes, places: placesOf(old, end) };
  writeFormats(writing, whole);
  const elements = keptElements(whole);
  for (const block of goneIn(whole)) writing.moves.gone(block);
  for (const one of changes) writeUnits(writing, whole, one, elements);
  for (const one of anew) tellRejoined(writing, one, { old, now, elements });
  writeKeptTables(writing, whole, change.maps);
  if (changesTextOnly(change, first, elements)) return;
  const moved = before.length - after.length;
  writing.later(() =>
    writeAttributes(after, change, (index) => {
      const kind = index >= first && index < after.length - last;
      const stored = before[index < first ? index : index + moved];
      return { known: kind ? elements.get(index - first) : stored && keptElement(stored.entry), kind };
    }),
  );
}

/** Whether each block stays of the kind, at the place and in the element that it had: then no attribute changes, here or behind it. */
function changesTextOnly(
  { before, after }: RegionChange,
  first: number,
  elements: ReadonlyMap<number, KeptElement>,
): boolean {
  return (
    before.length === after.length &&
    before.every((was, index) => {
      const is = after[index];
      if (!is || !isSameFrame(was.frame, is.frame)) return false;
      if (was.node === is.node) return true;
      const { element } = keptElement(was.entry);
      return (
        element !== null && elements.get(index - first)?.element === element && was.node.sameMarkup(is.node)
      );
    })
  );
}

/** The blocks that are the same nodes in both rows, as many as stand in one order. */
function sameBlocks(old: Row, now: Row): Stay[] {
  const places = new Map(now.blocks.map(({ node }, index) => [node, index]));
  const same = old.blocks.map(({ node }) => places.get(node) ?? -1);
  const stays = risingRun(same);
  const [begins, starts] = [old, now].map(({ units: { owners } }) => {
    const found = new Map<number, number>();
    owners.forEach((owner, unit) => {
      if (!found.has(owner)) found.set(owner, unit);
    });
    return found;
  });
  return [...stays]
    .toSorted((a, b) => a - b)
    .map((index) => {
      const from = begins?.get(index) ?? 0;
      const length = (begins?.get(index + 1) ?? old.units.codes.length) - from;
      return { from, start: starts?.get(same[index] ?? 0) ?? 0, length };
    });
}

interface Aligned {
  readonly old: StoredRow;
  readonly now: Row;
  readonly changes: readonly Change[];
  readonly places: Places;
}

/** Where each old unit begins and ends in the flow; what is new behind the last of them goes to `end`. */
interface Places {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly end: number;
}

function placesOf({ units, blocks }: StoredRow, empty: number): Places {
  const from: number[] = [];
  const to: number[] = [];
  const add = (start: number, end: number) => {
    from.push(start);
    to.push(end);
  };
  units.codes.forEach((code, index) => {
    const placed = blocks[units.owners[index] ?? 0];
    if (!placed) throw new Error('The page shows a block that the document does not have.');
    const { entry, node, pos } = placed;
    if (entry.type === 'table' || !node.isTextblock) return add(beginOfEntry(entry), endOfEntry(entry));
    const { segment, at, textAt, textEnd, end } = entry.at;
    if (code === BEGIN) add(segment.start + at, segment.start + textAt);
    else if (code === END) add(segment.start + textEnd, segment.start + end);
    else {
      const offset = (units.positions[index] ?? 0) - pos - 1;
      const text = segment.start + textAt;
      add(text + storedOffset(entry, offset), text + storedEnd(entry, offset + 1));
    }
  });
  const last = blocks[blocks.length - 1];
  return { from, to, end: last ? endOfEntry(last.entry) : empty };
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

function writeFormats({ model: { flow } }: Writing, { old, now, changes, places }: Aligned): void {
  let run: { from: number; to: number; formats: Record<string, unknown>; key: string } | null = null;
  const write = () => {
    if (run) flow.format(run.from, run.to - run.from, run.formats);
    run = null;
  };
  kept(changes, old.units.codes.length, (before, after) => {
    const [was, is] = [marksAt(old, before), marksAt(now, after)];
    const formats = was && is ? formatChanges(was, is) : null;
    if (!formats) return;
    const [from, to] = [places.from[before] ?? 0, places.to[before] ?? 0];
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
function keptElements({ old, now, changes }: Aligned): Map<number, KeptElement> {
  const elements = new Map<number, KeptElement>();
  kept(changes, old.units.codes.length, (before, after) => {
    const block = old.blocks[old.units.owners[before] ?? 0];
    const begins = old.units.codes[before] === BEGIN || block?.node.isTextblock !== true;
    if (begins && block) elements.set(now.units.owners[after] ?? 0, keptElement(block.entry));
  });
  return elements;
}

function writeUnits(
  writing: Writing,
  { now, places }: Aligned,
  change: Change,
  elements: Map<number, KeptElement>,
): void {
  const { model, edits } = writing;
  for (let unit = change.from; unit < change.to; unit += 1)
    edits.delete(places.from[unit] ?? 0, places.to[unit] ?? 0);
  if (change.start === change.end) return;
  const index = places.from[change.from] ?? places.end;
  const made = new PieceMaker(writing, model.formattingBefore(index));
  edits.insert(index, made.units(now, change.start, change.end, elements).pieces);
}

/** The blocks that go as a whole. */
function goneIn({ old: { units, blocks }, changes }: Aligned): StoredBlock[] {
  return changes.flatMap(({ from, to }) => {
    const counts = new Map<number, number>();
    for (let unit = from; unit < to; unit += 1) {
      const owner = units.owners[unit] ?? 0;
      counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    return [...counts].flatMap(([owner, count]) => {
      const block = blocks[owner];
      const whole = block?.node.isTextblock === true ? block.node.content.size + 2 : 1;
      return block && count === whole ? [block] : [];
    });
  });
}

function writeKeptTables(writing: Writing, { old, now, changes }: Aligned, maps: readonly StepMap[]): void {
  kept(changes, old.units.codes.length, (before, after) => {
    const was = old.blocks[old.units.owners[before] ?? 0];
    const is = now.blocks[now.units.owners[after] ?? 0];
    if (was?.entry.type === 'table' && is && was.node !== is.node)
      writeTable(writing, {
        table: was.entry,
        before: was,
        after: is,
        maps,
        region: (change) => writeRegion(writing, change),
      });
  });
}
