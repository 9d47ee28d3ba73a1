import { atomOf } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state';
import type { EditorState, PluginSpec, Transaction } from '@tiptap/pm/state';

/** A reference to a footnote, or a part of a note, by the note's id. */
export interface Placed {
  readonly id: string;
  readonly pos: number;
  /** Of a reference that was just pasted: it carries the words of its note. */
  readonly carries?: true;
}

/** What is shown of the footnotes of a document, wherever they stand. It is the same object until that changes. */
export interface Numbers {
  /** The number of each note that is referred to, by its id: in the order of first references, from 1. */
  readonly of: ReadonlyMap<string, number>;
  /** The ids of the notes that are there. */
  readonly noted: ReadonlySet<string>;
}

/** The footnotes of a document: each list in the order of the document. */
export interface Footnotes {
  readonly references: readonly Placed[];
  readonly notes: readonly Placed[];
  readonly numbers: Numbers;
  /** Where the caret was last that could take a reference; null if it was nowhere yet. */
  readonly caret: number | null;
}

const key = new PluginKey<Footnotes>('footnotes');
/** After more steps at once a look at the whole document is cheaper than at where each was made. */
const MANY_STEPS = 50;
const NOTHING: Footnotes = {
  references: [],
  notes: [],
  numbers: { of: new Map(), noted: new Set() },
  caret: null,
};

/** The footnotes of a state whose editor has {@link footnotePlugin}. */
export function footnotesOf(state: EditorState): Footnotes {
  return key.getState(state) ?? NOTHING;
}

/**
 * Knows the footnotes of a document and their numbers: a change is looked at where it was made, and nowhere else. `append`
 * writes what follows from a transaction.
 */
export function footnotePlugin(append: PluginSpec<Footnotes>['appendTransaction']): Plugin<Footnotes> {
  return new Plugin<Footnotes>({
    key,
    state: {
      init: (_config, { doc }) => advanced(NOTHING, doc, [[0, doc.content.size]]),
      apply: (tr, before) => after(before, tr),
    },
    ...(append && { appendTransaction: append }),
  });
}

/** The footnotes behind a transaction, given those before it. */
export function after(before: Footnotes, tr: Transaction): Footnotes {
  const { selection } = tr;
  const elsewhere = tr.selectionSet && selection instanceof TextSelection && canRefer(tr.doc, selection.head);
  const caret = elsewhere ? selection.head : before.caret === null ? null : tr.mapping.map(before.caret);
  if (!tr.docChanged) return caret === before.caret ? before : { ...before, caret };
  const { maps } = tr.mapping;
  const ranges: [number, number][] = maps.length > MANY_STEPS ? [[0, tr.doc.content.size]] : [];
  (ranges.length > 0 ? [] : maps).forEach((map, index) => {
    const on = tr.mapping.slice(index + 1);
    // Also what stands directly beside: a deletion leaves nothing between.
    map.forEach((_from, _to, from, to) => ranges.push([on.map(from, -1) - 1, on.map(to, 1)]));
  });
  const map = (one: Placed): Placed => ({ ...one, pos: tr.mapping.map(one.pos) });
  const mapped = { ...before, caret, references: before.references.map(map), notes: before.notes.map(map) };
  return advanced(mapped, tr.doc, ranges);
}

/** The id of the note that a place is in; null in none. */
export function noteAround({ selection: { $from } }: EditorState): string | null {
  const top = $from.depth > 0 ? $from.node(1) : null;
  return top?.type.name === 'footnote' ? String(top.attrs['id']) : null;
}

/** Whether a reference may be put at a position: into text that is no code and no note. */
export function canRefer(doc: Node, pos: number): boolean {
  const $pos = doc.resolve(Math.min(pos, doc.content.size));
  return (
    $pos.parent.isTextblock && $pos.parent.type.spec.code !== true && $pos.node(1).type.name !== 'footnote'
  );
}

/** What `known` comes to where `ranges` of `doc` are others; what it says of places within them counts for nothing. */
function advanced(known: Footnotes, doc: Node, ranges: readonly (readonly [number, number])[]): Footnotes {
  const within = (pos: number) => ranges.some(([from, to]) => pos >= from && pos <= to);
  const found = new Map<number, Placed & { readonly note: boolean }>();
  for (const [from, to] of ranges)
    doc.nodesBetween(Math.max(0, from), Math.min(doc.content.size, to + 1), (node, pos) => {
      if (node.isText || pos < from || pos > to) return;
      const atom = atomOf(node);
      const { id, carries } = node.attrs;
      if (node.type.name === 'footnote') found.set(pos, { note: true, id: String(id), pos });
      else if (atom?.type === 'footnote')
        found.set(pos, { note: false, id: atom.note, pos, ...(carries !== null && { carries: true }) });
    });
  const list = (before: readonly Placed[], note: boolean): readonly Placed[] => {
    const kept = before.filter(({ pos }) => !within(pos));
    const here = [...found.values()].filter((one) => one.note === note);
    return here.length === 0 ? kept : [...kept, ...here].sort((a, b) => a.pos - b.pos);
  };
  const [references, notes] = [list(known.references, false), list(known.notes, true)];
  const same = isSame(references, known.references) && isSame(notes, known.notes);
  return { ...known, references, notes, numbers: same ? known.numbers : numbersOf(references, notes) };
}

function isSame(a: readonly Placed[], b: readonly Placed[]): boolean {
  return a.length === b.length && a.every(({ id }, index) => id === b[index]?.id);
}

function numbersOf(references: readonly Placed[], notes: readonly Placed[]): Numbers {
  const of = new Map<string, number>();
  for (const { id } of references) if (!of.has(id)) of.set(id, of.size + 1);
  return { of, noted: new Set(notes.map(({ id }) => id)) };
}
