import assert from 'node:assert/strict';
import type { EditorState } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { TestPage } from '../binding/test-page.ts';
import { TestEditor } from './test-editor.ts';
import { Typist } from './test-typist.ts';
import { assertAsBefore, CONTENT, isInTable, selectTo, WORDS, wordsOf } from './test-words.ts';

/** Whether every place of each row is tried in every way. */
const long = process.env['SHEAF_TEST_SURVIVE'] === 'all';

/** What a command does to words that its person sees. */
type Effect = 'keeps' | 'deletes' | 'doubles' | 'nothing';

/** `arrive` is called where a person is waited for: what others wrote meanwhile comes. Tells whether it did something. */
type Run = (editor: TestEditor, arrive: () => void) => boolean | Promise<boolean>;

/** Where and how a command is tried. */
export interface Row {
  /** Words in whose block it is run, one after another, each in a document of its own. */
  readonly at: readonly string[];
  /** Selects to the end of this word, or to its cell. */
  readonly to?: string;
  readonly effect?: Effect;
  /** What its person did before. */
  readonly first?: (editor: TestEditor) => unknown;
  /** What its person does with what it opened. */
  readonly choose?: (editor: TestEditor, arrive: () => void) => unknown;
  /** What takes it back, if not undo. */
  readonly back?: 'redo';
}

export interface Case {
  readonly name: string;
  readonly row: Row;
  readonly run: Run;
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

function coursesIn(word: string): Course[] {
  return WAYS.flatMap((way) =>
    [true, false].flatMap((online): Course[] => [
      { word, way, online, ids: [10, 20] },
      { word, way, online, ids: [20, 10] },
    ]),
  );
}

/** So many at least in the short form: each way, online and offline. */
const FEWEST = 6;

/** All courses of a row; in the short form one in each place, each another one. */
export function coursesOf({ at }: Row): Course[] {
  if (long) return at.flatMap(coursesIn);
  return Array.from({ length: Math.max(at.length, FEWEST) }, (_, index) => {
    // Each way, online and offline, in turn, and then with the ids the other way round.
    const order = (Math.floor(index / FEWEST) + index) % 2;
    return coursesIn(at[index % at.length] ?? '')[(index % FEWEST) * 2 + order];
  }).filter((course) => course !== undefined);
}

/** Runs a case while another types in its place; gives whether it could be run there. */
export async function survive(
  { name, row, run }: Case,
  { word, way, ids, online }: Course,
): Promise<boolean> {
  const context = `${name} in ${word}, ${way}, ${online ? 'online' : 'offline'}, ids ${ids.join()}`;
  const editor = new TestEditor(ids[0], CONTENT);
  const other = new Typist(ids[1], word);
  const toEditor = () => {
    for (const update of other.page.updates.splice(0)) editor.receive(update);
  };
  const toOther = () => {
    for (const update of editor.updates.splice(0)) other.page.receive(update);
  };
  selectTo(editor, word, row.to);
  row.first?.(editor);
  editor.bound.undo.separate();
  await Promise.resolve();
  toOther();
  other.type();
  if (online) toEditor();
  // This is on its way while the command is run, or comes while it waits for its person.
  other.type();
  const before = editor.state.doc;
  let seen = wordsOf(editor.state.doc);
  const did = await run(editor, () => {
    if (online) toEditor();
    seen = wordsOf(editor.state.doc);
  });
  await Promise.resolve();
  if (online) {
    other.type();
    toOther();
    other.type();
  }
  const { commands } = editor.editor;
  const [back, again] = row.back === 'redo' ? [commands.redo, commands.undo] : [commands.undo, commands.redo];
  if (way !== 'done') back();
  await Promise.resolve();
  if (online) toOther();
  other.type();
  if (way === 'done again') again();
  await Promise.resolve();
  toOther();
  toEditor();
  other.type();
  toEditor();
  same(editor, other.page, context);
  assert.ok(other.typed.length >= 12, context);
  // Who saw the block go wrote in a paragraph of their own since. Of a table that comes back, words typed meanwhile are one.
  const beside = online || isInTable(before, word);
  if (way === 'undone') assertAsBefore({ is: editor.state.doc, was: before, beside }, context);
  const effect = way === 'undone' ? 'keeps' : (row.effect ?? 'keeps');
  const text = wordsOf(editor.state.doc);
  for (const one of [...WORDS, ...other.typed]) {
    const there = text.split(one).length - 1;
    const may = seen.includes(one);
    if (effect === 'deletes' && may && there === 0) continue;
    if (effect === 'doubles' && may && there === 2) continue;
    assert.equal(there, 1, `${context}: how often ${one} is there: ${text}`);
  }
  editor.destroy();
  return did;
}

/** Both show one document, which anybody would read so, and showing it wrote nothing. */
function same(editor: TestEditor, page: TestPage, context: string): void {
  const fresh = new TestPage(99, Y.encodeStateAsUpdate(editor.doc));
  // Their schemas are the same and not one.
  const json = ({ state }: { readonly state: EditorState }) => JSON.stringify(state.doc.toJSON());
  assert.equal(json(page), json(editor), `${context}: they differ`);
  assert.equal(json(fresh), json(editor), context);
  editor.state.doc.check();
  assert.deepEqual([editor.updates, page.updates], [[], []], `${context}: receiving wrote`);
}
