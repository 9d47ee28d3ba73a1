import { Arranger, documentOf, NotesLast } from '@sheaf/schema';
import type { Node, Schema } from '@tiptap/pm/model';
import type * as Y from 'yjs';
import { readSegment } from './segment.ts';
import type { FlowPart, FlowPlace, Formatting } from './segment.ts';

/** Shorter flows are shown at once, UTF-16 units: a second drawing costs more than it brings. */
const LONG_UNITS = 30_000;
/** So many blocks, cells of tables among them, fill the tallest screen. */
const BLOCKS = 80;
/** Fewer than so many do not: it takes them all. */
const ENOUGH = 40;

/** What is shown by what stands elsewhere, or by a name that only a bound document gives it. */
const DEPENDENT: readonly string[] = ['contents', 'footnote', 'footnoteReference', 'toggle'];

/**
 * The first blocks of a long document, which fill a screen, as a document of their own: what a reader can be shown while the
 * rest is read. It ends before what depends on the rest. Null where the document is short, where that comes too early, and where
 * blocks were moved, of which the rest may have others.
 */
export function firstScreen(flow: Y.Text, schema: Schema): Node | null {
  if (flow.length < LONG_UNITS) return null;
  const parts: FlowPart[] = [];
  let first: Y.Item | null = null;
  let formatting: Formatting = {};
  while (parts.length < BLOCKS) {
    const { segment, next } = readSegment({ flow, schema, first }, formatting);
    parts.push(...segment.parts);
    if (next === null) return null;
    first = next;
    formatting = segment.after;
  }
  if (parts.some(({ at }) => at.moved !== null)) return null;
  const entries = new Arranger<FlowPlace>(schema).arrange(parts);
  // The rest of it may make its columns others.
  if (entries.at(-1)?.type === 'table') entries.pop();
  if (entries.length < ENOUGH) return null;
  return beginningOf(documentOf(schema, new NotesLast<FlowPlace>().order(entries)));
}

/** A document as far as it depends on nothing else; null if that is too little. */
function beginningOf(document: Node): Node | null {
  let [end, blocks] = [0, 0];
  for (const block of document.children) {
    if (depends(block)) return blocks < ENOUGH ? null : document.cut(0, end);
    end += block.nodeSize;
    blocks += 1;
  }
  return document;
}

function depends(block: Node): boolean {
  let found = DEPENDENT.includes(block.type.name);
  block.descendants(({ type }) => {
    found ||= DEPENDENT.includes(type.name);
    return !found;
  });
  return found;
}
