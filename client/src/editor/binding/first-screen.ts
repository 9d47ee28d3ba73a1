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

/**
 * The first blocks of a long document, which fill a screen, as a document of their own: what a reader can be shown while the
 * rest is read. Null where the document is short, or what stands there depends on the rest: tables of contents, and blocks that
 * were moved, of which the rest may have others.
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
  if (parts.some(dependsOnRest)) return null;
  const entries = new Arranger<FlowPlace>(schema).arrange(parts);
  // The rest of it may make its columns others.
  if (entries.at(-1)?.type === 'table') entries.pop();
  return entries.length < ENOUGH ? null : documentOf(schema, new NotesLast<FlowPlace>().order(entries));
}

function dependsOnRest(part: FlowPart): boolean {
  return part.at.moved !== null || (part.type === 'block' && part.node.type.name === 'contents');
}
