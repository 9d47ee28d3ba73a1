import type { Node } from '@tiptap/pm/model';

/** What a comment is about: places of a document as ProseMirror counts them, before its first character and behind its last. */
export interface CommentRange {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** What a file tells of a range: where it is in the file's document, and the words by which it is found in another one. */
interface ToldRange extends CommentRange {
  /** How it begins: all of it if it is no longer than {@link LONGEST_QUOTE}. */
  readonly begin: string;
  /** How a longer one ends, else ''. */
  readonly end: string;
  /** Of its text, UTF-16 units. */
  readonly length: number;
  readonly before: string;
  readonly behind: string;
}

/** Of a longer range its beginning and its end are quoted, so much of each, UTF-16 units. */
const LONGEST_QUOTE = 200;
/** So much of what stands before and behind a range is quoted, UTF-16 units. */
const AROUND = 32;
/** No more words than that are known again by so much of what stood around them, UTF-16 units, and not by themselves. */
const FEW_WORDS = 32;
const LEAST_AROUND = 4;
/** Of a file with more ranges the first ones are read. */
const MOST_RANGES = 2_000;
/** The quotes of a file are compared at so many places in all. */
const MOST_PLACES = 100_000;
const ID = /^[\w-]{1,64}$/;

/** The text of a document, and where each of its UTF-16 units stands in that. */
class PlacedText {
  readonly text: string;
  /** The stretches of text, in order. */
  readonly #stretches: { readonly offset: number; readonly pos: number; readonly length: number }[] = [];

  constructor(doc: Node) {
    let text = '';
    doc.descendants((node, pos) => {
      if (!node.isTextblock && !node.isLeaf) return true;
      // What is no text counts as one unit, in a line as well as by itself.
      const words = node.isTextblock ? node.textBetween(0, node.content.size, '', '\ufffc') : '\ufffc';
      this.#stretches.push({
        offset: text.length,
        pos: node.isTextblock ? pos + 1 : pos,
        length: words.length,
      });
      text += `${words}\n`;
      return false;
    });
    this.text = text;
  }

  /** The place of a unit. */
  pos(offset: number): number {
    const stretch = this.#stretches.findLast((one) => one.offset <= offset);
    return stretch ? stretch.pos + Math.min(offset - stretch.offset, stretch.length) : 0;
  }

  /** The unit that stands behind a place. */
  offset(pos: number): number {
    const stretch = this.#stretches.findLast((one) => one.pos <= pos);
    return stretch ? stretch.offset + Math.min(pos - stretch.pos, stretch.length) : 0;
  }
}

/**
 * What a file tells of comments' ranges: each with its places and with its words and those around it (W3C Web Annotation Data
 * Model 4.2.4 and 4.2.5). Throws a `RangeError` for a range that is none of the document.
 */
export function tellRanges(doc: Node, ranges: readonly CommentRange[]): ToldRange[] {
  const placed = new PlacedText(doc);
  return ranges.map(({ id, from, to }) => {
    if (!ID.test(id) || !isRange(doc, from, to))
      throw new RangeError(`The comment ${id} is about ${from} to ${to} of ${doc.content.size}.`);
    const [start, end] = [placed.offset(from), placed.offset(to)];
    const long = end - start > LONGEST_QUOTE;
    return {
      id,
      from,
      to,
      begin: placed.text.slice(start, long ? start + LONGEST_QUOTE : end),
      end: long ? placed.text.slice(end - LONGEST_QUOTE, end) : '',
      length: end - start,
      before: placed.text.slice(Math.max(0, start - AROUND), start),
      behind: placed.text.slice(end, end + AROUND),
    };
  });
}

/**
 * The ranges that a file tells of, in the document that was read from it: at their places if they stand there with all that
 * is quoted, else where their words are, and of several such places the one with most of what stood around; `lost` are those
 * whose words are gone.
 * What is not of the grammar counts as absent.
 */
export function findRanges(doc: Node, told: unknown): { ranges: CommentRange[]; lost: string[] } {
  const ranges: CommentRange[] = [];
  const lost: string[] = [];
  if (!Array.isArray(told)) return { ranges, lost };
  const finder = new Finder(doc);
  for (const one of told.slice(0, MOST_RANGES)) {
    const range = readTold(one);
    const found = range && finder.find(range);
    if (found) ranges.push(found);
    else if (range) lost.push(range.id);
  }
  return { ranges, lost };
}

/** Finds the ranges of one file. */
class Finder {
  readonly #doc: Node;
  readonly #placed: PlacedText;
  #places = 0;

  constructor(doc: Node) {
    this.#doc = doc;
    this.#placed = new PlacedText(doc);
  }

  find(range: ToldRange): CommentRange | null {
    const { id, from, to } = range;
    const placed = this.#placed;
    const start = placed.offset(from);
    const end = isRange(this.#doc, from, to) ? endOf(placed.text, start, range) : null;
    const stays =
      end !== null &&
      end === placed.offset(to) &&
      fitsAround(placed.text, { start, end }, range) === range.before.length + range.behind.length;
    if (stays) return { id, from, to };
    const words = this.#words(range);
    return words && { id, from: placed.pos(words.start), to: placed.pos(words.end - 1) + 1 };
  }

  /** Where the words of a range stand; of several such places the one with most of what stood around, and the nearest of these. */
  #words(range: ToldRange): { start: number; end: number } | null {
    const { text } = this.#placed;
    const { begin, from, before, behind } = range;
    const least = begin.length > FEW_WORDS ? 0 : Math.min(LEAST_AROUND, before.length + behind.length);
    const there = this.#placed.offset(from);
    let best: { start: number; end: number; fits: number } | null = null;
    let start = begin === '' ? -1 : text.indexOf(begin);
    for (; start >= 0 && this.#places < MOST_PLACES; start = text.indexOf(begin, start + 1)) {
      this.#places += 1;
      const end = endOf(text, start, range) ?? nextEnd(text, start, range);
      if (end === null) continue;
      const fits = fitsAround(text, { start, end }, range);
      if (fits < least) continue;
      const isNearer = best !== null && Math.abs(start - there) < Math.abs(best.start - there);
      if (best === null || fits > best.fits || (fits === best.fits && isNearer)) best = { start, end, fits };
    }
    return best;
  }
}

/** Where a range ends that begins at `start` and is as long as it was; null if other words stand there. */
function endOf(text: string, start: number, { begin, end, length }: ToldRange): number | null {
  const behind = start + length;
  return text.startsWith(begin, start) && text.slice(behind - end.length, behind) === end ? behind : null;
}

/** Where a long range ends that begins at `start`, and in which words were added or deleted. */
function nextEnd(text: string, start: number, { begin, end }: ToldRange): number | null {
  const at = end === '' ? -1 : text.indexOf(end, start + begin.length);
  return at < 0 ? null : at + end.length;
}

/** How much of what stood around a range stands around another place. */
function fitsAround(
  text: string,
  { start, end }: { start: number; end: number },
  { before, behind }: ToldRange,
): number {
  let fits = 0;
  for (let at = 1; at <= before.length && before.at(-at) === text[start - at]; at += 1) fits += 1;
  for (let at = 0; at < behind.length && behind[at] === text[end + at]; at += 1) fits += 1;
  return fits;
}

function isRange(doc: Node, from: number, to: number): boolean {
  return Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= doc.content.size;
}

function readTold(value: unknown): ToldRange | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, from, to, begin, end, length, before, behind } = { ...value } as Record<string, unknown>;
  const isTold =
    typeof id === 'string' &&
    ID.test(id) &&
    typeof from === 'number' &&
    typeof to === 'number' &&
    typeof begin === 'string' &&
    begin.length <= LONGEST_QUOTE &&
    typeof end === 'string' &&
    end.length <= LONGEST_QUOTE &&
    typeof length === 'number' &&
    Number.isInteger(length) &&
    length >= begin.length &&
    typeof before === 'string' &&
    before.length <= AROUND &&
    typeof behind === 'string' &&
    behind.length <= AROUND;
  return isTold ? { id, from, to, begin, end, length, before, behind } : null;
}
