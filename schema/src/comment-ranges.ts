import type { Node } from '@tiptap/pm/model';

/** What a comment is about: places of a document as ProseMirror counts them, before its first character and behind its last. */
export interface CommentRange {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** The words of a range, by which it is found in another document. */
interface Quote {
  /** How it begins: all of it if it is no longer than {@link LONGEST_QUOTE}. */
  readonly begin: string;
  /** How a longer one ends, else ''. */
  readonly end: string;
  /** Of its text, UTF-16 units. */
  readonly length: number;
  readonly before: string;
  readonly behind: string;
  /** So many places before its first words, and behind its last ones, it begins and ends: those of what holds them. */
  readonly opens: number;
  readonly closes: number;
}

/** What a file tells of a range. */
type ToldRange = CommentRange & Quote;

/** Units of a text, from the first to behind the last. */
interface Words {
  readonly start: number;
  readonly end: number;
}

/** A block's text, or what is no text: one unit. */
interface Stretch {
  readonly offset: number;
  readonly pos: number;
  readonly length: number;
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
/** Words that stand at more places, with nothing around them that stood there, are not known again. */
const MOST_PLACES = 1_000;
const ID = /^[\w-]{1,64}$/;

/** The text of a document, and where each of its UTF-16 units stands in that. */
class PlacedText {
  readonly #doc: Node;
  readonly text: string;
  /** In order; there is one at least. */
  readonly #stretches: Stretch[] = [];

  constructor(doc: Node) {
    this.#doc = doc;
    let text = '';
    doc.descendants((node, pos) => {
      if (!node.isTextblock && !node.isLeaf) return true;
      // What is no text counts as one unit, in a line as well as by itself.
      const words = node.isTextblock ? node.textBetween(0, node.content.size, '', '\ufffc') : '\ufffc';
      const start = node.isTextblock ? pos + 1 : pos;
      this.#stretches.push({ offset: text.length, pos: start, length: words.length });
      text += `${words}\n`;
      return false;
    });
    this.text = text;
  }

  /** Whether two places are a range of the document. */
  has(from: number, to: number): boolean {
    return (
      Number.isInteger(from) &&
      Number.isInteger(to) &&
      from >= 0 &&
      from <= to &&
      to <= this.#doc.content.size
    );
  }

  quote(from: number, to: number): Quote {
    let [first, last] = [this.#last(({ pos }) => pos <= from), this.#last(({ pos }) => pos < to)];
    // It begins with the first words behind its beginning, and ends with the last ones before its end.
    const next = this.#stretches[first + 1];
    if (next && from >= this.#end(first) && next.pos < to) first += 1;
    last = Math.max(first, last);
    const [one, other] = [this.#at(first), this.#at(last)];
    const start = one.offset + Math.min(Math.max(0, from - one.pos), one.length);
    const end = Math.max(start, other.offset + Math.min(Math.max(0, to - other.pos), other.length));
    const long = end - start > LONGEST_QUOTE;
    const { text } = this;
    return {
      begin: text.slice(start, long ? start + LONGEST_QUOTE : end),
      end: long ? text.slice(end - LONGEST_QUOTE, end) : '',
      length: end - start,
      before: text.slice(Math.max(0, start - AROUND), start),
      behind: text.slice(end, end + AROUND),
      opens: Math.max(0, one.pos - from),
      closes: end > start ? Math.max(0, to - this.#end(last)) : 0,
    };
  }

  /** The place before a unit. */
  pos(offset: number): number {
    const { offset: start, pos, length } = this.#at(this.#last((one) => one.offset <= offset));
    return pos + Math.min(offset - start, length);
  }

  /** The places of words, and of what holds them as far as nothing else stands there. */
  range({ start, end }: Words, { opens, closes }: Quote): { from: number; to: number } {
    const first = this.#last(({ offset }) => offset <= start);
    const last = this.#last(({ offset }) => offset <= end);
    const [one, other] = [this.#at(first), this.#at(last)];
    const from = one.pos + Math.min(start - one.offset, one.length);
    const to = Math.max(from, other.pos + Math.min(end - other.offset, other.length));
    const [least, most] = [
      first > 0 ? this.#end(first - 1) : 0,
      this.#stretches[last + 1]?.pos ?? this.#doc.content.size,
    ];
    return {
      from: from === one.pos ? Math.max(least, from - opens) : from,
      to: to === this.#end(last) ? Math.min(most, to + closes) : to,
    };
  }

  #end(index: number): number {
    const { pos, length } = this.#at(index);
    return pos + length;
  }

  #at(index: number): Stretch {
    const stretch = this.#stretches[index];
    if (!stretch) throw new Error('A document has no text.');
    return stretch;
  }

  /** The last stretch that `isSo`, as all before it are; the first if none is. */
  #last(isSo: (stretch: Stretch) => boolean): number {
    let [low, high] = [0, this.#stretches.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isSo(this.#at(middle))) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

/**
 * What a file tells of comments' ranges: each with its places and with its words and those around it (W3C Web Annotation Data
 * Model 4.2.4 and 4.2.5). Throws a `RangeError` for a range that is none of the document.
 */
export function tellRanges(doc: Node, ranges: readonly CommentRange[]): ToldRange[] {
  if (ranges.length === 0) return [];
  const placed = new PlacedText(doc);
  return ranges.map(({ id, from, to }) => {
    if (!ID.test(id) || !placed.has(from, to))
      throw new RangeError(`The comment ${id} is about ${from} to ${to} of ${doc.content.size}.`);
    return { id, from, to, ...placed.quote(from, to) };
  });
}

/**
 * The ranges that a file tells of, in the document that was read from it: at their places if they stand there with all that
 * is quoted, else where their words are, and of several such places the one with most of what stood around; `lost` are those
 * that are not known again.
 * What is not of the grammar counts as absent.
 */
export function findRanges(doc: Node, told: readonly unknown[]): { ranges: CommentRange[]; lost: string[] } {
  const ranges: CommentRange[] = [];
  const lost: string[] = [];
  if (told.length === 0) return { ranges, lost };
  const placed = new PlacedText(doc);
  for (const one of told.slice(0, MOST_RANGES)) {
    const range = readTold(one);
    const found = range && find(placed, range);
    if (found) ranges.push({ id: range.id, ...found });
    else if (range) lost.push(range.id);
  }
  return { ranges, lost };
}

function find(placed: PlacedText, range: ToldRange): { from: number; to: number } | null {
  const { from, to, begin, end, before, behind } = range;
  if (placed.has(from, to) && isSame(placed.quote(from, to), range)) return { from, to };
  // By as much of it as there is: words alone may stand at thousands of places.
  const last = end === '' ? behind : '';
  const needles = [
    [before, last],
    [before, ''],
    ['', last],
    ['', ''],
  ] as const;
  // One without words is where all around it stands.
  for (const [ahead, then] of needles.slice(0, begin === '' ? 1 : needles.length)) {
    const words = best(placed, range, { needle: ahead + begin + then, ahead: ahead.length });
    if (words) return placed.range(words, range);
  }
  return null;
}

/**
 * Where the words of a range stand within `needle`: with most of what stood around, as long as they were, and nearest to where they
 * were, in this order.
 */
function best(
  placed: PlacedText,
  range: ToldRange,
  { needle, ahead }: { readonly needle: string; readonly ahead: number },
): Words | null {
  if (needle === '') return null;
  const { text } = placed;
  const { begin, end, length, from, before, behind } = range;
  const least = begin.length > FEW_WORDS ? 0 : Math.min(LEAST_AROUND, before.length + behind.length);
  let found: (Words & { ranks: readonly number[] }) | null = null;
  /** Where a longer range's last words stand next; looked for once in all, as a text may have its first words everywhere. */
  let last = 0;
  let places = 0;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    places += 1;
    if (places > MOST_PLACES) return null;
    const start = at + ahead;
    const isWhole = text.slice(start + length - end.length, start + length) === end;
    if (!isWhole && last >= 0 && last < start + begin.length) last = text.indexOf(end, start + begin.length);
    if (!isWhole && last < 0) continue;
    const words = { start, end: isWhole ? start + length : last + end.length };
    const fits = fitsAround(text, words, range);
    const ranks = [fits, isWhole ? 1 : 0, -Math.abs(placed.pos(start) - from)];
    if (fits >= least && (found === null || isMore(ranks, found.ranks))) found = { ...words, ranks };
  }
  return found;
}

/** Whether the first numbers that differ are more. */
function isMore(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((rank, index) => rank !== other[index]);
  return at >= 0 && Number(one[at]) > Number(other[at]);
}

/** How much of what stood around a range stands around other words. */
function fitsAround(text: string, { start, end }: Words, { before, behind }: Quote): number {
  let fits = 0;
  for (let at = 1; at <= before.length && before.at(-at) === text[start - at]; at += 1) fits += 1;
  for (let at = 0; at < behind.length && behind[at] === text[end + at]; at += 1) fits += 1;
  return fits;
}

function isSame(one: Quote, other: Quote): boolean {
  return (Object.keys(one) as (keyof Quote)[]).every((key) => one[key] === other[key]);
}

function readTold(value: unknown): ToldRange | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, begin, end, before, behind, ...numbers } = { ...value } as Record<string, unknown>;
  const { from, to, length, opens, closes } = numbers;
  const isTold =
    typeof id === 'string' &&
    ID.test(id) &&
    isCount(from) &&
    isCount(to) &&
    isCount(length) &&
    isCount(opens) &&
    isCount(closes) &&
    typeof begin === 'string' &&
    begin.length === Math.min(length, LONGEST_QUOTE) &&
    typeof end === 'string' &&
    end.length === (length > LONGEST_QUOTE ? LONGEST_QUOTE : 0) &&
    typeof before === 'string' &&
    before.length <= AROUND &&
    typeof behind === 'string' &&
    behind.length <= AROUND;
  return isTold ? { id, from, to, begin, end, length, before, behind, opens, closes } : null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
