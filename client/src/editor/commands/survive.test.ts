import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import type { Node } from '@tiptap/pm/model';
import type { Command as StateCommand, EditorState } from '@tiptap/pm/state';
import { CellSelection } from '@tiptap/pm/tables';
import * as Y from 'yjs';
import type { Anchor } from '../binding/anchor.ts';
import { TestPage } from '../binding/test-page.ts';
import { moveTo } from '../block/block-commands.ts';
import { unitOf } from '../block/rows.ts';
import { TABLE_COMMANDS } from '../table/commands.ts';
import type { TableCommand } from '../table/commands.ts';
import type { Command, CommandId, Target } from './command.ts';
import type { TestEditor } from './test-editor.ts';
import { withoutIcons } from './icons-for-tests.ts';

withoutIcons();
const { COMMANDS } = await import('./all.ts');
const editors = await import('./test-editor.ts');

/** Whether every place of each row is tried in every way. */
const long = process.env['SHEAF_TEST_SURVIVE'] === 'all';

/** Each word once. */
const MARKDOWN = `# Titleword

alpha bravo

charlie delta

- echo foxtrot
- golf hotel
  - india juliet
- kilo lima

1. mike november

- [ ] oscar papa

> quebec romeo

> [!NOTE]
> sierra tango

| uniform | victor | whiskey |
| ------- | ------ | ------- |
| xray    | yankee | zulu    |
| amber   | beryl  | coral   |

diamond emerald

\`\`\`
flint granite
\`\`\`

hematite iolite`;

const CONTENT = (() => {
  const page = new TestPage(1);
  const wanted = readMarkdown(page.state.schema, MARKDOWN);
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, wanted.content));
  return Y.encodeStateAsUpdate(page.doc);
})();

const WORDS = MARKDOWN.match(/[A-Z]?[a-z]{3,}/g) ?? [];

/** What a command does to words that its person sees. */
type Effect = 'keeps' | 'deletes' | 'doubles' | 'nothing';

interface Row {
  /** Words in whose block it is run, one after another, each in a document of its own. */
  readonly at: readonly string[];
  /** Selects to the end of this word, or to its cell. */
  readonly to?: string;
  readonly effect?: Effect;
  /** What its person did before. */
  readonly first?: (editor: TestEditor) => unknown;
}

const PLACES = ['alpha', 'golf', 'quebec', 'sierra', 'yankee', 'flint'];
const TURN: Row = { at: PLACES };
const MARK: Row = { at: ['charlie'], to: 'delta' };
const INSERT: Row = { at: ['alpha', 'india', 'yankee'] };
/** It opens something, or shows the page otherwise. */
const OPENS: Row = { at: ['alpha'], effect: 'nothing' };
const typed = (editor: TestEditor) => {
  editor.editor.view.dispatch(editor.state.tr.insertText('typedbyhand'));
};

/** A row for each command of the list. */
const ROWS: Readonly<Record<CommandId, Row>> = {
  undo: { at: PLACES, first: typed },
  redo: {
    at: PLACES,
    first: (editor) => {
      typed(editor);
      editor.bound.undo.separate();
      editor.editor.commands.undo();
    },
  },
  bold: MARK,
  italic: MARK,
  underline: MARK,
  strike: MARK,
  code: MARK,
  subscript: MARK,
  superscript: MARK,
  highlight: MARK,
  'clear-format': { ...MARK, first: ({ editor }) => editor.commands.toggleMark('bold') },
  link: { ...OPENS, to: 'bravo' },
  paragraph: { at: ['Titleword', ...PLACES] },
  'heading-1': TURN,
  'heading-2': TURN,
  'heading-3': TURN,
  'bullet-list': { at: [...PLACES, 'mike', 'oscar'] },
  'ordered-list': { at: [...PLACES, 'mike'] },
  'task-list': { at: [...PLACES, 'oscar'] },
  quote: TURN,
  'code-block': TURN,
  callout: TURN,
  toggle: TURN,
  table: INSERT,
  image: OPENS,
  file: OPENS,
  embed: INSERT,
  'link-card': OPENS,
  divider: INSERT,
  contents: INSERT,
  footnote: OPENS,
  date: INSERT,
  formula: OPENS,
  'formula-block': TURN,
  diagram: TURN,
  mention: INSERT,
  'align-start': { ...TURN, first: ({ editor }) => editor.commands.setAlignment('center') },
  'align-center': TURN,
  'align-end': TURN,
  'align-justify': TURN,
  outdent: {
    at: ['alpha', 'golf', 'india', 'quebec', 'sierra', 'yankee'],
    first: ({ editor }) => editor.commands.indent('in'),
  },
  indent: { at: ['alpha', 'golf', 'kilo', 'quebec', 'sierra', 'yankee', 'Titleword'] },
  'block-menu': OPENS,
  'move-up': { at: ['charlie', 'golf', 'kilo', 'quebec', 'diamond', 'uniform'] },
  'move-down': { at: ['alpha', 'echo', 'golf', 'sierra', 'diamond', 'uniform'] },
  duplicate: { at: ['alpha', 'golf', 'quebec', 'yankee'], effect: 'doubles' },
  'callout-icon': OPENS,
  'link-to-block': OPENS,
  delete: { at: ['alpha', 'golf', 'quebec', 'flint', 'yankee'], effect: 'deletes' },
  import: OPENS,
  find: OPENS,
  replace: OPENS,
  'focus-mode': OPENS,
  'full-width': OPENS,
  typography: OPENS,
  palette: OPENS,
  shortcuts: OPENS,
};

const CELL: Row = { at: ['yankee'] };
const TABLE_ROWS: Readonly<Record<TableCommand, Row>> = {
  rowBefore: CELL,
  rowAfter: CELL,
  columnBefore: CELL,
  columnAfter: CELL,
  rowUp: { at: ['beryl'] },
  rowDown: CELL,
  columnBack: CELL,
  columnOn: CELL,
  deleteRow: { ...CELL, effect: 'deletes' },
  deleteColumn: { ...CELL, effect: 'deletes' },
  deleteTable: { ...CELL, effect: 'deletes' },
  mergeCells: { at: ['yankee'], to: 'coral' },
  splitCell: {
    at: ['yankee'],
    first: (editor) => {
      selectTo(editor, 'yankee', 'coral');
      TABLE_COMMANDS.mergeCells(editor.state, editor.editor.view.dispatch);
      editor.select(placeOf(editor.state.doc, 'yankee'));
    },
  },
  headerRow: CELL,
  headerColumn: CELL,
};

/** What is done by keys and by the mouse. */
const BY_HAND: Readonly<Record<string, Row & { readonly run: (editor: TestEditor) => boolean }>> = {
  split: { at: PLACES, run: (editor) => editor.press('Enter') },
  'line break': { at: PLACES, run: (editor) => editor.press('Shift-Enter') },
  'join with the one before': {
    at: ['charlie', 'golf', 'india', 'mike', 'quebec', 'diamond', 'hematite'],
    run: (editor) => {
      editor.select(editor.state.selection.$from.start());
      return editor.press('Backspace');
    },
  },
  'Backspace before a text that stands in': {
    at: ['charlie', 'quebec', 'yankee'],
    first: ({ editor }) => editor.commands.indent('in'),
    run: (editor) => {
      editor.select(editor.state.selection.$from.start());
      return editor.press('Backspace');
    },
  },
  'join with the one behind': {
    at: ['alpha', 'golf', 'quebec', 'diamond'],
    run: (editor) => {
      editor.select(editor.state.selection.$from.end());
      return editor.press('Delete');
    },
  },
  'Tab in a list': { at: ['golf', 'kilo'], run: (editor) => editor.press('Tab') },
  'Shift+Tab in a list': { at: ['golf', 'india', 'oscar'], run: (editor) => editor.press('Shift-Tab') },
  'next cell': { at: ['yankee', 'coral'], run: (editor) => editor.press('Tab') },
  check: {
    at: ['oscar'],
    run: ({ editor }) => editor.commands.updateAttributes('taskItem', { checked: true }),
  },
  'icon of a callout': {
    at: ['sierra'],
    run: ({ editor }) => editor.commands.updateAttributes('callout', { icon: '🎉' }),
  },
  'drag to the end': { at: ['alpha', 'golf', 'india', 'quebec', 'uniform', 'flint'], run: drag(1) },
  'drag to the top': { at: ['charlie', 'golf', 'india', 'quebec', 'uniform', 'flint'], run: drag(0) },
  'delete what is selected': {
    at: ['charlie', 'golf'],
    to: 'lima',
    effect: 'deletes',
    run: ({ editor }) => editor.commands.deleteSelection(),
  },
};

/** Lets the selected block go at the end, or behind the title. */
function drag(to: 0 | 1) {
  return (editor: TestEditor): boolean => {
    const { state } = editor;
    const unit = unitOf(state.doc, state.selection);
    const rows = state.doc.childCount;
    const tr = moveTo(state, unit, { index: to === 0 ? 1 : lastRow(state.doc), indent: 0 });
    editor.editor.view.dispatch(tr);
    return rows > 0;
  };
}

function lastRow(doc: Node): number {
  let rows = 0;
  doc.descendants((node) => {
    const whole = node.isTextblock || node.type.name === 'table';
    if (whole) rows += 1;
    return !whole;
  });
  return rows;
}

function placeOf(doc: Node, word: string): number {
  let found = -1;
  doc.descendants((node, pos) => {
    const at = node.text?.indexOf(word) ?? -1;
    if (at >= 0) found = pos + at;
  });
  assert.ok(found >= 0, word);
  return found;
}

/** Puts the caret behind a word, or selects from it to the end of another, or cells where they stand in two. */
function selectTo(editor: TestEditor, word: string, to: string | undefined): void {
  const { doc } = editor.state;
  const from = placeOf(doc, word) + word.length;
  if (to === undefined) return editor.select(from);
  const end = placeOf(doc, to);
  const cellOf = (at: number) => {
    const $at = doc.resolve(at);
    for (let depth = $at.depth; depth > 0; depth -= 1)
      if ($at.node(depth).type.spec['tableRole'] === 'cell') return $at.before(depth);
    return null;
  };
  const [one, other] = [cellOf(from), cellOf(end)];
  if (one === null || other === null) return editor.select(from - word.length, end + to.length);
  editor.editor.view.dispatch(editor.state.tr.setSelection(CellSelection.create(doc, one, other)));
}

/** Somebody who types in three places of a block, letters that nothing else is. */
class Typist {
  readonly page: TestPage;
  readonly typed: string[] = [];
  readonly #anchors: Anchor[];

  constructor(clientId: number, word: string) {
    this.page = new TestPage(clientId, CONTENT);
    const $word = this.page.state.doc.resolve(placeOf(this.page.state.doc, word) + word.length);
    this.#anchors = [$word.start(), $word.pos, $word.end()].map((at) => this.#anchorAt(at));
  }

  #anchorAt(position: number): Anchor {
    return this.page.binding.anchor({ anchor: position, head: position }).anchor;
  }

  /** One letter at each of them. */
  type(): void {
    for (const [index, anchor] of this.#anchors.entries()) {
      const letter = String.fromCodePoint(0x4e00 + this.typed.length);
      const at = this.page.binding.resolve(anchor);
      if (at === null) continue;
      const { state } = this.page;
      // A caret that finds no text stands in what is nearest.
      const near = state.doc.resolve(at).parent.isTextblock ? at : null;
      if (near === null) continue;
      this.page.dispatch(state.tr.insertText(letter, near));
      this.typed.push(letter);
      this.#anchors[index] = this.#anchorAt(near + 1);
    }
  }
}

const wordsOf = (doc: Node) => doc.textBetween(0, doc.content.size, ' ', ' ');
const count = (text: string, word: string) => text.split(word).length - 1;

interface Case {
  readonly name: string;
  readonly row: Row;
  readonly run: (editor: TestEditor) => boolean;
}

/** What is done, and whether it and its undoing are done. */
const WAYS = ['done', 'undone', 'done again'] as const;

/** How a command is run while another types: where, by which ids, and whether what is written comes at once. */
interface Course {
  readonly word: string;
  readonly way: (typeof WAYS)[number];
  readonly ids: readonly [number, number];
  readonly online: boolean;
}

/** All courses of a row; in the short form all of its first place, and one of each other. */
function coursesOf({ at }: Row): Course[] {
  const all = at.map((word) =>
    WAYS.flatMap((way) =>
      [true, false].flatMap((online): Course[] => [
        { word, way, online, ids: [10, 20] },
        { word, way, online, ids: [20, 10] },
      ]),
    ),
  );
  if (long) return all.flat();
  const [first = [], ...others] = all;
  return [
    // Either order of ids, in turn.
    ...first.filter((_, index) => index % 2 === (index >> 1) % 2),
    ...others.flatMap((courses, place) => courses[(place * 5 + 1) % courses.length] ?? []),
  ];
}

/** Runs a case while another types in its place; gives whether it could be run there. */
async function survive({ name, row, run }: Case, { word, way, ids, online }: Course): Promise<boolean> {
  const editor = new editors.TestEditor(ids[0], CONTENT);
  const other = new Typist(ids[1], word);
  const toEditor = () => {
    for (const update of other.page.updates.splice(0)) editor.receive(update);
  };
  const toOther = () => {
    for (const update of editor.updates.splice(0)) other.page.receive(update);
  };
  selectTo(editor, word, row.to);
  row.first?.(editor);
  await Promise.resolve();
  toOther();
  other.type();
  if (online) toEditor();
  // This is on its way while the command is run.
  other.type();
  const seen = wordsOf(editor.state.doc);
  const did = run(editor);
  await Promise.resolve();
  if (online) {
    other.type();
    toOther();
    other.type();
  }
  if (way !== 'done') editor.editor.commands.undo();
  await Promise.resolve();
  if (online) toOther();
  other.type();
  if (way === 'done again') editor.editor.commands.redo();
  await Promise.resolve();
  toOther();
  toEditor();
  other.type();
  toEditor();
  const context = `${name} in ${word}, ${way}, ${online ? 'online' : 'offline'}, ids ${ids.join()}`;
  const text = wordsOf(editor.state.doc);
  const fresh = new TestPage(99, Y.encodeStateAsUpdate(editor.doc));
  // Their schemas are the same and not one.
  const json = ({ state }: { readonly state: EditorState }) => JSON.stringify(state.doc.toJSON());
  assert.equal(json(other.page), json(editor), `${context}: they differ`);
  assert.equal(json(fresh), json(editor), context);
  editor.state.doc.check();
  assert.deepEqual([editor.updates, other.page.updates], [[], []], `${context}: receiving wrote`);
  const effect = way === 'undone' ? 'keeps' : (row.effect ?? 'keeps');
  assert.ok(other.typed.length >= 12, context);
  for (const one of [...WORDS, ...other.typed]) {
    const there = count(text, one);
    const may = seen.includes(one);
    if (effect === 'deletes' && may && there === 0) continue;
    if (effect === 'doubles' && may && there === 2) continue;
    assert.equal(there, 1, `${context}: how often ${one} is there: ${text}`);
  }
  editor.destroy();
  return did;
}

function cases(): Case[] {
  const target = (editor: TestEditor): Target => ({
    editor: editor.editor,
    open: () => undefined,
    isOn: () => false,
    toggle: () => undefined,
    copyBlockLink: () => undefined,
    pickFiles: () => undefined,
    importFile: () => undefined,
  });
  const found = COMMANDS.map((command: Command): Case => ({
    name: command.id,
    row: ROWS[command.id],
    run: (editor) => {
      const of = target(editor);
      if (!command.able(of)) return false;
      const before = editor.state.doc;
      command.run(of);
      return editor.state.doc !== before;
    },
  }));
  const tables = Object.entries(TABLE_COMMANDS).map(([name, command]: [string, StateCommand]): Case => ({
    name,
    row: TABLE_ROWS[name as TableCommand],
    run: ({ editor }) => command(editor.state, editor.view.dispatch),
  }));
  return [
    ...found,
    ...tables,
    ...Object.entries(BY_HAND).map(([name, row]) => ({ name, row, run: row.run })),
  ];
}

for (const one of cases())
  test(`FLOW-8: what another types in its place survives: ${one.name}`, async () => {
    assert.ok(one.row, `${one.name} has no row`);
    let able = one.row.effect === 'nothing';
    for (const course of coursesOf(one.row)) if (await survive(one, course)) able = true;
    assert.ok(able, `${one.name} did nothing anywhere`);
  });
