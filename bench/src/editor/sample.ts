import { below, seeded } from '../random.ts';
import type { Random } from '../random.ts';
import { PICTURE } from './picture.ts';

/** A node of a document as ProseMirror writes it; its names are Tiptap's, which both editors know. */
export interface JsonNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly JsonNode[];
  readonly text?: string;
  readonly marks?: readonly { readonly type: string }[];
}

/** How large a sample is. */
export interface SampleSize {
  readonly words: number;
  /** Blocks at the top of the document, tables and images among them. */
  readonly blocks: number;
  readonly tables: number;
  readonly images: number;
}

const SYLLABLES = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu an el in or un st ch th'.split(
  ' ',
);
/** Rows and columns of a table. */
const ROWS = 6;
const COLUMNS = 4;

/** Where an editor has the picture of a number, as `src` of its images. */
export type PictureSource = (number: number) => string;

/**
 * A document of this size, the same for the same seed: a title, headings, lists, quotes, code, formatted text, tables, and images,
 * whose pictures are {@link picture} 0 and on.
 */
export function sampleDocument(size: SampleSize, seed: number, source: PictureSource): JsonNode {
  const random = seeded(seed);
  const { words, blocks, tables, images } = size;
  const inTables = tables * ROWS * COLUMNS * 3;
  const texts = blocks - tables - images;
  const each = Math.max(1, Math.round((words - inTables) / texts));
  const content: JsonNode[] = [heading(1, 'A long report')];
  let pictures = 0;
  for (let index = 1; index < blocks; index += 1) {
    if (isOneOf(index, blocks, tables)) content.push(table(random));
    else if (isOneOf(index + 7, blocks, images)) {
      content.push({ type: 'image', attrs: { src: source(pictures), alt: 'A gradient', ...PICTURE } });
      pictures += 1;
    } else content.push(textBlock(random, each));
  }
  return { type: 'doc', content };
}

/** Whether `index` is one of `count` places that are spread evenly over `of`. */
function isOneOf(index: number, of: number, count: number): boolean {
  return Math.floor((index * count) / of) > Math.floor(((index - 1) * count) / of);
}

function textBlock(random: Random, words: number): JsonNode {
  const kind = random();
  if (kind < 0.1) return heading(2 + below(random, 2), sentence(random, 6));
  if (kind < 0.3) {
    const item = (count: number): JsonNode => ({ type: 'listItem', content: [paragraph(random, count)] });
    const third = Math.ceil(words / 3);
    const list = random() < 0.5 ? 'bulletList' : 'orderedList';
    return { type: list, content: [item(third), item(third), item(third)] };
  }
  if (kind < 0.35) return { type: 'blockquote', content: [paragraph(random, words)] };
  if (kind < 0.38) return { type: 'codeBlock', content: [{ type: 'text', text: sentence(random, words) }] };
  return paragraph(random, words);
}

function heading(level: number, text: string): JsonNode {
  return { type: 'heading', attrs: { level }, content: [{ type: 'text', text }] };
}

/** A paragraph of which some words are bold or italic. */
function paragraph(random: Random, words: number): JsonNode {
  const content: JsonNode[] = [];
  for (let left = words; left > 0;) {
    const count = Math.min(left, 4 + below(random, 16));
    const text = `${sentence(random, count)} `;
    const chosen = random();
    const marks = chosen < 0.1 ? [{ type: 'bold' }] : chosen < 0.15 ? [{ type: 'italic' }] : [];
    content.push(marks.length === 0 ? { type: 'text', text } : { type: 'text', text, marks });
    left -= count;
  }
  return { type: 'paragraph', content: joined(content) };
}

/** Neighbours of the same marks as one text, as ProseMirror has them. */
function joined(nodes: readonly JsonNode[]): JsonNode[] {
  const found: JsonNode[] = [];
  for (const node of nodes) {
    const last = found.at(-1);
    if (last && JSON.stringify(last.marks) === JSON.stringify(node.marks))
      found[found.length - 1] = { ...last, text: `${last.text ?? ''}${node.text ?? ''}` };
    else found.push(node);
  }
  return found;
}

function table(random: Random): JsonNode {
  const row = (cell: string): JsonNode => ({
    type: 'tableRow',
    content: Array.from({ length: COLUMNS }, () => ({ type: cell, content: [paragraph(random, 3)] })),
  });
  const rows = Array.from({ length: ROWS - 1 }, () => row('tableCell'));
  return { type: 'table', content: [row('tableHeader'), ...rows] };
}

function sentence(random: Random, words: number): string {
  return Array.from({ length: words }, () => word(random)).join(' ');
}

function word(random: Random): string {
  return Array.from({ length: 1 + below(random, 4) }, () => SYLLABLES[below(random, SYLLABLES.length)]).join(
    '',
  );
}

/** `document` without the nodes that `knows` does not: an editor that has no images is measured without. */
export function withoutUnknown(document: JsonNode, knows: (type: string) => boolean): JsonNode {
  const content = document.content
    ?.filter(({ type }) => knows(type))
    .map((node) => withoutUnknown(node, knows));
  return content === undefined ? document : { ...document, content };
}

/** How many words a document's text has. */
export function wordsIn(node: JsonNode): number {
  if (node.text !== undefined) return node.text.split(/\s+/).filter((found) => found !== '').length;
  return (node.content ?? []).reduce((sum, child) => sum + wordsIn(child), 0);
}
