import { Mapping } from '@tiptap/pm/transform';
import type { StepMap } from '@tiptap/pm/transform';
import { BEGIN, END, unitsBefore } from './units.ts';
import type { Units } from './units.ts';

/** Units `from` to `to` of the old row become units `start` to `end` of the new one. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** A stretch of units that is the same in both rows: where it begins in each. */
export interface Stay {
  readonly from: number;
  readonly start: number;
  readonly length: number;
}

/**
 * What changed between two rows of units, told from the steps that changed the document: what no step replaced stays
 * the unit that it was, even where its neighbours look the same. Where the steps do not tell it, what lies between `stays`,
 * which are in the order of both rows. In order; the units between are equal pairwise.
 */
export function alignment(
  before: Units,
  after: Units,
  { maps, stays }: { readonly maps: readonly StepMap[]; readonly stays: () => readonly Stay[] },
): Change[] {
  const told = changedRanges(maps).map(({ from, to, start, end }) => ({
    from: unitsBefore(before, from),
    to: unitsBefore(before, to),
    start: unitsBefore(after, start),
    end: unitsBefore(after, end),
  }));
  const changes = agrees(told, before, after) ? told : between(stays(), before, after);
  return changes
    .map((change) => slide(trim(change, before, after), before, after))
    .filter(({ from, to, start, end }) => from < to || start < end);
}

function between(stays: readonly Stay[], before: Units, after: Units): Change[] {
  const found: Change[] = [];
  let [from, start] = [0, 0];
  for (const stay of [...stays, { from: before.codes.length, start: after.codes.length, length: 0 }]) {
    found.push({ from, to: stay.from, start, end: stay.start });
    from = stay.from + stay.length;
    start = stay.start + stay.length;
  }
  return found;
}

/** The ranges that steps replaced, as positions in the first and in the last document; in order, merged. */
function changedRanges(maps: readonly StepMap[]): Change[] {
  const ranges: Change[] = [];
  maps.forEach((map, index) => {
    const back = new Mapping(maps.slice(0, index)).invert();
    const on = new Mapping(maps.slice(index + 1));
    map.forEach((oldStart, oldEnd, newStart, newEnd) => {
      ranges.push({
        from: back.map(oldStart, -1),
        to: back.map(oldEnd, 1),
        start: on.map(newStart, -1),
        end: on.map(newEnd, 1),
      });
    });
  });
  ranges.sort((a, b) => a.start - b.start || a.from - b.from);
  const merged: Change[] = [];
  for (const range of ranges) {
    const last = merged[merged.length - 1];
    if (last && (range.start <= last.end || range.from <= last.to))
      merged[merged.length - 1] = {
        from: Math.min(last.from, range.from),
        to: Math.max(last.to, range.to),
        start: last.start,
        end: Math.max(last.end, range.end),
      };
    else merged.push(range);
  }
  return merged;
}

/** Whether all that lies between the changes is the same on both sides. */
function agrees(changes: readonly Change[], before: Units, after: Units): boolean {
  let from = 0;
  let start = 0;
  const rest: Change = {
    from: before.codes.length,
    to: before.codes.length,
    start: after.codes.length,
    end: after.codes.length,
  };
  for (const change of [...changes, rest]) {
    const length = change.from - from;
    if (length < 0 || length !== change.start - start) return false;
    for (let index = 0; index < length; index += 1)
      if (before.codes[from + index] !== after.codes[start + index]) return false;
    from = change.to;
    start = change.end;
  }
  return true;
}

/**
 * Leaves out what is equal at both ends of a change, in whole words: a new word that was made of an old one's letters
 * would go with them when somebody deletes the old one meanwhile.
 */
function trim({ from, to, start, end }: Change, before: Units, after: Units): Change {
  if (from === to || start === end) return { from, to, start, end };
  const most = Math.min(to - from, end - start);
  let head = 0;
  while (head < most && before.codes[from + head] === after.codes[start + head]) head += 1;
  const cuts = (row: Units, at: number) => isWord(row.codes[at - 1]) && isWord(row.codes[at]);
  while (head > 0 && (cuts(before, from + head) || cuts(after, start + head))) head -= 1;
  let tail = 0;
  while (tail < most - head && before.codes[to - 1 - tail] === after.codes[end - 1 - tail]) tail += 1;
  while (tail > 0 && (cuts(before, to - tail) || cuts(after, end - tail))) tail -= 1;
  return { from: from + head, to: to - tail, start: start + head, end: end - tail };
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && code >= 0 && /[\p{L}\p{M}\p{N}\p{Cs}]/u.test(String.fromCharCode(code));
}

/**
 * An end and a beginning that appear or vanish inside a block's edge are the same as a whole block beside it. Then
 * it is the whole block: who types at that edge meanwhile stays in the block in which they type, and a block that
 * only gets a neighbour keeps its identity.
 */
function slide(change: Change, before: Units, after: Units): Change {
  const { from, to, start, end } = change;
  if (from === to && start < end) {
    if (after.codes[start] === END && before.codes[from] === END && after.codes[end] === END)
      return { from: from + 1, to: to + 1, start: start + 1, end: end + 1 };
    if (after.codes[end - 1] === BEGIN && before.codes[from - 1] === BEGIN)
      return { from: from - 1, to: to - 1, start: start - 1, end: end - 1 };
  }
  if (start === end && before.codes[from] === END && before.codes[to] === END)
    return { from: from + 1, to: to + 1, start: start + 1, end: end + 1 };
  return change;
}
