import { joinBackward, lift, setBlockType, splitBlock, toggleMark, wrapIn } from '@tiptap/pm/commands';
import { Slice } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from '@tiptap/pm/schema-list';
import { TextSelection } from '@tiptap/pm/state';
import type { Command, EditorState } from '@tiptap/pm/state';
import { cellAround } from '@tiptap/pm/tables';
import { atomOf, nodeOfAtom } from '@sheaf/schema';
import type { Atom } from '@sheaf/schema';
import { canSplit } from '@tiptap/pm/transform';
import { giveNote, insertFootnote } from '../footnote/editing.ts';
import { footnotesOf } from '../footnote/footnotes.ts';
import { indent } from '../style/indentation.ts';
import { TABLE_EDITS } from './random-table.ts';
import { pick } from './seeded.ts';
import type { Random } from './seeded.ts';
import type { TestPage } from './test-page.ts';

/** Positions in text that are not within a token. */
export function places(doc: Node): number[] {
  const found: number[] = [];
  doc.descendants((block, pos) => {
    if (!block.isTextblock) return;
    let inside = false;
    const text = block.textBetween(0, block.content.size, undefined, ' ');
    for (let offset = 0; offset <= block.content.size; offset += 1) {
      if (!inside) found.push(pos + 1 + offset);
      if (text[offset] === 'T') inside = true;
      if (text[offset] === 'E') inside = false;
    }
  });
  return found;
}

/** A word that nothing else is. */
export function token(number: number): string {
  return `T${number}E`;
}

/** The tokens in a document, in their order. */
export function tokensOf(text: string): string[] {
  return text.match(/T\d+E/g) ?? [];
}

function at(page: TestPage, from: number, to = from): void {
  page.dispatch(page.state.tr.setSelection(TextSelection.create(page.state.doc, from, to)));
}

/** The commands of an editor but those of tables, each run where the selection is. */
const TEXT_EDITS: Readonly<Record<string, (state: EditorState, random: Random) => Command>> = {
  paragraph: ({ schema }) => setBlockType(node(schema, 'paragraph')),
  heading: ({ schema }, random) => setBlockType(node(schema, 'heading'), { level: pick(random, [1, 2, 3]) }),
  code: ({ schema }) => setBlockType(node(schema, 'codeBlock')),
  quote: ({ schema }) => wrapIn(node(schema, 'blockquote')),
  callout: ({ schema }, random) =>
    wrapIn(node(schema, 'callout'), { kind: pick(random, ['note', 'info', 'danger']) }),
  toggle: ({ schema }) => wrapIn(node(schema, 'toggle')),
  bullet: ({ schema }) => wrapInList(node(schema, 'bulletList')),
  ordered: ({ schema }) => wrapInList(node(schema, 'orderedList')),
  task: ({ schema }) => wrapInList(node(schema, 'taskList')),
  lift: () => lift,
  indent: ({ schema }) =>
    either(sinkListItem(node(schema, 'listItem')), sinkListItem(node(schema, 'taskItem'))),
  outdent: ({ schema }) =>
    either(liftListItem(node(schema, 'listItem')), liftListItem(node(schema, 'taskItem'))),
  inset: (_state, random) => indent(pick(random, ['in', 'in', 'out'])),
  split: ({ schema }) =>
    either(splitListItem(node(schema, 'listItem')), splitListItem(node(schema, 'taskItem')), splitBlock),
  splitText: () => (state, dispatch) => {
    const { $from } = state.selection;
    if (!canSplit(state.doc, $from.pos)) return false;
    dispatch?.(state.tr.split($from.pos));
    return true;
  },
  join: () => (state, dispatch) => {
    const start = TextSelection.create(state.doc, state.selection.$from.start());
    const moved = state.apply(state.tr.setSelection(start));
    return joinBackward(
      moved,
      dispatch && ((tr) => dispatch(tr.steps.reduce((all, step) => all.step(step), state.tr))),
    );
  },
  mark: ({ schema }, random) => toggleMark(mark(schema, pick(random, ['bold', 'italic', 'code', 'strike']))),
  delete: () => (state, dispatch) => {
    dispatch?.(state.tr.deleteSelection());
    return !state.selection.empty;
  },
  deleteBlock: () => (state, dispatch) => {
    const { $from } = state.selection;
    if ($from.depth !== 1 || state.doc.childCount === 1) return false;
    dispatch?.(state.tr.delete($from.before(1), $from.after(1)));
    return true;
  },
  divider:
    ({ schema }) =>
    (state, dispatch) => {
      const { $from } = state.selection;
      dispatch?.(state.tr.insert($from.after(1), node(schema, 'horizontalRule').create()));
      return true;
    },
  image:
    ({ schema }, random) =>
    (state, dispatch) => {
      const { $from } = state.selection;
      const place = $from.after(1);
      const src = 'https://example.org/a.png';
      // One that is there gets another width, or goes.
      if (state.doc.nodeAt(place)?.type.name !== 'image')
        dispatch?.(state.tr.insert(place, node(schema, 'image').create({ src })));
      else if (random() < 0.5)
        dispatch?.(state.tr.setNodeAttribute(place, 'percent', 10 + Math.floor(random() * 90)));
      else dispatch?.(state.tr.delete(place, place + 1));
      return true;
    },
  contents:
    ({ schema }) =>
    (state, dispatch) => {
      const { $from } = state.selection;
      dispatch?.(state.tr.insert($from.after(1), node(schema, 'contents').create()));
      return true;
    },
  date: insertAtom(() => ({ type: 'date', date: '2026-11-28' })),
  formula: insertAtom(() => ({ type: 'math', tex: 'x^2' })),
  footnote: (_state, random) => insertFootnote({ id: `n${1e6 + Math.floor(random() * 1e6)}` }),
  /** Refers once more to some note. */
  reference: (state, random) => {
    const { notes } = footnotesOf(state);
    const note = notes.length === 0 ? '1' : pick(random, notes).id;
    return insertAtom(() => ({ type: 'footnote', note }))(state, random);
  },
  giveNote: (state) => {
    const { references, numbers } = footnotesOf(state);
    const lacking = references.find(({ id }) => !numbers.noted.has(id));
    return lacking ? giveNote(lacking.id) : () => false;
  },
  math: ({ schema }) => setBlockType(node(schema, 'codeBlock'), { language: 'math' }),
  mention: insertAtom((random) => ({ type: 'person', name: token(1e6 + Math.floor(random() * 1e6)) })),
  check: () => (state, dispatch) => {
    const { $from } = state.selection;
    for (let depth = $from.depth; depth > 0; depth -= 1) {
      const item = $from.node(depth);
      if (item.type.name !== 'taskItem') continue;
      dispatch?.(
        state.tr.setNodeMarkup($from.before(depth), null, { checked: item.attrs['checked'] !== true }),
      );
      return true;
    }
    return false;
  },
  move: (_state, random) => (state, dispatch) => {
    const { $from } = state.selection;
    const tr = state.tr;
    const block = $from.node(1);
    if (state.doc.childCount < 2) return false;
    tr.delete($from.before(1), $from.after(1));
    const gaps = Array.from({ length: tr.doc.childCount }, (_, index) => index);
    let to = 0;
    for (let index = pick(random, gaps); index > 0; index -= 1) to += tr.doc.child(index - 1).nodeSize;
    dispatch?.(tr.replace(to, to, new Slice(state.doc.content.cut(0, 0).addToEnd(block), 0, 0)));
    return true;
  },
};

/** All commands of an editor. */
export const COMMANDS = { ...TEXT_EDITS, ...TABLE_EDITS };

function insertAtom(make: (random: Random) => Atom) {
  return (_state: EditorState, random: Random): Command =>
    (state, dispatch) => {
      const { parent } = state.selection.$from;
      if (parent.type.spec.code === true) return false;
      dispatch?.(state.tr.replaceSelectionWith(nodeOfAtom(state.schema, make(random))));
      return true;
    };
}

/** The names of people who are mentioned. */
export function mentioned(doc: Node): string[] {
  const found: string[] = [];
  doc.descendants((one) => {
    const atom = atomOf(one);
    if (atom?.type === 'person') found.push(atom.name);
  });
  return found;
}

function either(...commands: Command[]): Command {
  return (state, dispatch) => commands.some((command) => command(state, dispatch));
}

function node(schema: EditorState['schema'], name: string) {
  const type = schema.nodes[name];
  if (!type) throw new Error(`The schema has no ${name}.`);
  return type;
}

function mark(schema: EditorState['schema'], name: string) {
  const type = schema.marks[name];
  if (!type) throw new Error(`The schema has no ${name}.`);
  return type;
}

/** Types `word` somewhere. */
export function typeSomewhere(page: TestPage, random: Random, word: string): void {
  const all = places(page.state.doc);
  if (all.length === 0) return;
  const where = pick(random, all);
  page.dispatch(page.state.tr.insertText(word, where));
}

/** Moves some block or table of the document to somewhere else in it. */
export function moveSomewhere(page: TestPage, random: Random): string {
  const { doc } = page.state;
  const all = places(doc).filter((place) => {
    const $place = doc.resolve(place);
    return $place.depth === 1 || $place.node(1).type.name === 'table';
  });
  if (all.length === 0) return 'nothing';
  at(page, pick(random, all));
  const move = TEXT_EDITS['move']?.(page.state, random);
  if (move) page.run(move);
  return 'move';
}

/** Runs one of the commands somewhere, on a selection that cuts no token. Gives its name, and whether the
 * selection reached from one cell into another, or out of a table or a footnote. */
export function editSomewhere(page: TestPage, random: Random): string {
  const all = places(page.state.doc);
  if (all.length === 0) return 'nothing';
  const from = pick(random, all);
  // In a table half of what happens is about the table.
  const inTable = page.state.doc.resolve(from).depth > 2 && random() < 0.5;
  const names = Object.keys(inTable ? TABLE_EDITS : COMMANDS);
  const near = all.filter((place) => place >= from && place < from + 60);
  const to = random() < 0.5 ? from : pick(random, near);
  at(page, from, to);
  const name = pick(random, names);
  const command = COMMANDS[name];
  const around = (place: number) => {
    const $place = page.state.doc.resolve(place);
    const note = $place.node(1).type.name === 'footnote' ? $place.before(1) : null;
    return JSON.stringify([note, cellAround($place)?.pos]);
  };
  const across = around(from) !== around(to);
  if (command) page.run(command(page.state, random));
  return across ? `${name} across cells` : name;
}
