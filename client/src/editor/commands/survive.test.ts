import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf } from '@sheaf/schema';
import type { Command as StateCommand } from '@tiptap/pm/state';
import { putAtom } from '../atom/put-atom.ts';
import { moveTo } from '../block/block-commands.ts';
import { unitOf } from '../block/rows.ts';
import { loadFootnoteTools } from '../footnote/lazy-tools.ts';
import { TABLE_COMMANDS } from '../table/commands.ts';
import type { TableCommand } from '../table/commands.ts';
import type { Command, CommandId } from './command.ts';
import type { TestEditor } from './test-editor.ts';
import { withoutIcons } from './icons-for-tests.ts';
import type { Case, Row } from './test-survival.ts';
import { chooseFile } from './test-files.ts';
import { placeOf, selectTo } from './test-words.ts';

withoutIcons();
const { COMMANDS } = await import('./all.ts');
const { coursesOf, survive } = await import('./test-survival.ts');

const PLACES = [
  ...['alpha', 'golf', 'quebec', 'sierra', 'yankee', 'flint'],
  ...['oscar', 'jasper', 'malachite', 'opal', 'ruby', 'topaz', 'garnet', 'turquoise'],
];
/** A toggle, a card, a paragraph with a formula and a reference, a diagram. */
const MORE = ['jasper', 'onyx', 'ruby', 'topaz'];
const TURN: Row = { at: PLACES };
const MARK: Row = { at: ['charlie'], to: 'delta' };
const INSERT: Row = { at: ['alpha', 'india', 'yankee', 'jasper', 'ruby', 'turquoise'] };
/** It opens something, or shows the page otherwise. */
const OPENS: Row = { at: ['alpha'], effect: 'nothing' };
const typed = (editor: TestEditor) => {
  editor.editor.view.dispatch(editor.state.tr.insertText('typedbyhand'));
};

/** A row for each command of the list. */
const ROWS: Readonly<Record<CommandId, Row>> = {
  undo: { at: PLACES, first: typed, back: 'redo' },
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
  link: {
    ...MARK,
    choose: ({ editor }, arrive) => {
      arrive();
      editor.commands.setLink({ href: 'https://new.example/' });
    },
  },
  paragraph: { at: ['Titleword', ...PLACES] },
  'heading-1': TURN,
  'heading-2': TURN,
  'heading-3': TURN,
  'bullet-list': { at: [...PLACES, 'mike'] },
  'ordered-list': { at: [...PLACES, 'mike'] },
  'task-list': TURN,
  quote: TURN,
  'code-block': TURN,
  callout: TURN,
  toggle: TURN,
  table: INSERT,
  image: { ...INSERT, choose: chooseFile('image/png') },
  file: { ...INSERT, choose: chooseFile('text/plain') },
  embed: INSERT,
  'link-card': { at: ['peridot', 'onyx'] },
  divider: INSERT,
  contents: INSERT,
  footnote: {
    ...INSERT,
    choose: (_editor, arrive) => {
      arrive();
      return loadFootnoteTools();
    },
  },
  date: INSERT,
  formula: {
    ...INSERT,
    choose: ({ editor }, arrive) => {
      arrive();
      const { state, view } = editor;
      view.dispatch(putAtom(state, state.selection, { type: 'math', tex: 'y' }));
    },
  },
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
  'move-up': { at: ['charlie', 'golf', 'kilo', 'quebec', 'diamond', 'uniform', ...MORE] },
  'move-down': { at: ['alpha', 'echo', 'golf', 'sierra', 'diamond', 'uniform', ...MORE] },
  duplicate: { at: ['alpha', 'golf', 'quebec', 'yankee', ...MORE], effect: 'doubles' },
  'callout-icon': OPENS,
  'link-to-block': OPENS,
  delete: { at: ['alpha', 'golf', 'quebec', 'flint', 'yankee', ...MORE], effect: 'deletes' },
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
    at: ['charlie', 'golf', 'india', 'mike', 'quebec', 'diamond', 'hematite', 'jasper', 'malachite'],
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
  'drag to the end': {
    at: ['alpha', 'golf', 'india', 'quebec', 'uniform', 'flint', ...MORE],
    run: drag(1),
  },
  'drag to the top': {
    at: ['charlie', 'golf', 'india', 'quebec', 'uniform', 'flint', ...MORE],
    run: drag(0),
  },
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
    // Before the notes.
    const end = blocksOf(state.doc).filter(({ frame }) => frame.note === null).length;
    editor.editor.view.dispatch(moveTo(state, unit, { index: to === 0 ? 1 : end, indent: 0 }));
    return true;
  };
}

function cases(): Case[] {
  const found = COMMANDS.map((command: Command): Case => ({
    name: command.id,
    row: ROWS[command.id],
    run: async (editor, arrive) => {
      if (!command.able(editor.target)) return false;
      const before = editor.state.doc;
      command.run(editor.target);
      await ROWS[command.id].choose?.(editor, arrive);
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
