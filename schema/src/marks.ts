import { Mark } from '@tiptap/pm/model';
import type { Attrs, Schema } from '@tiptap/pm/model';
import { isSafeLink } from './links.ts';
import { entryOf, MARK_NAMES } from './names.ts';
import type { MarkName } from './names.ts';
import { isColor } from './palette.ts';
import { readSet, readSuggested, TEXT_SUGGESTIONS } from './suggestions.ts';

/** Formatting of text in the flow: a mark's name, and `true` or what the mark holds; null ends one. */
export type Formats = Readonly<Record<string, unknown>>;

/** How a mark is stored. */
interface Grammar {
  /** The attributes that what is stored comes to; null if it is not of the grammar. `id` is of a suggestion. */
  readonly read: (value: unknown, id: string) => Attrs | null;
  readonly write: (attrs: Attrs) => unknown;
}

const flag: Grammar = { read: (value) => (value === false ? null : {}), write: () => true };
/** A mark that holds one word. */
const word = (name: string, is: (value: unknown) => boolean): Grammar => ({
  read: (value) => (is(value) ? { [name]: value } : null),
  write: (attrs) => attrs[name],
});
const suggestion: Grammar = {
  read: (value, id) => readSuggested(id, value),
  write: ({ author, time }) => ({ author, time }),
};

const GRAMMARS: Readonly<Record<MarkName, Grammar>> = {
  bold: flag,
  italic: flag,
  underline: flag,
  strike: flag,
  code: flag,
  script: word('position', isScript),
  highlight: word('color', isColor),
  color: word('color', isColor),
  link: {
    read: (value) => {
      const href: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'href') : null;
      return isSafeLink(href) ? { href } : null;
    },
    write: ({ href }) => ({ href }),
  },
  insertion: suggestion,
  deletion: suggestion,
  formatting: {
    read: (value, id) => {
      const suggested = readSuggested(id, value);
      const set = suggested && readSet(Reflect.get(Object(value), 'set'));
      return set ? { ...suggested, set } : null;
    },
    write: ({ author, time, set }) => ({ author, time, set }),
  },
};

/** Whether text may stand so: below or above the line. */
function isScript(value: unknown): value is 'sub' | 'super' {
  return value === 'sub' || value === 'super';
}

const suggests = (name: string) => TEXT_SUGGESTIONS.some((one) => one === name);

/** A mark without a schema. */
export interface MarkSpec {
  readonly name: MarkName;
  readonly attrs: Attrs;
}

/**
 * The mark that one format comes to; null if this version does not know it or what it holds is not of its grammar. A
 * suggestion's format is named by its kind and its id, so that several at one place do not replace each other.
 */
export function readFormat(key: string, value: unknown): MarkSpec | null {
  if (value === null || value === undefined) return null;
  const colon = key.indexOf(':');
  const name = MARK_NAMES.find((one) => one === (colon < 0 ? key : key.slice(0, colon)));
  if (!name || suggests(name) !== colon >= 0) return null;
  const attrs = GRAMMARS[name].read(value, key.slice(colon + 1));
  return attrs && { name, attrs };
}

/**
 * The marks that formatting comes to. What the schema does not know, or what is not of a mark's grammar (an address
 * that is no link, a colour that is none of the palette), is left out; it stays where it is stored.
 */
export function marksOf(schema: Schema, formats: Formats): readonly Mark[] {
  let marks: readonly Mark[] = Mark.none;
  // Several suggestions of one kind are told apart by their order, too.
  for (const [key, value] of Object.entries(formats).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const read = readFormat(key, value);
    marks = (read && schema.marks[read.name]?.create(read.attrs).addToSet(marks)) ?? marks;
  }
  return marks;
}

/** The name by which a mark's format is stored. */
function keyOf({ type, attrs }: Mark): string {
  return suggests(type.name) ? `${type.name}:${String(attrs['id'])}` : type.name;
}

/** The formatting that marks are stored as. */
export function formatsOf(marks: readonly Mark[]): Record<string, unknown> {
  return Object.fromEntries(
    marks.map((mark) => [keyOf(mark), entryOf<Grammar>(GRAMMARS, mark.type.name)?.write(mark.attrs) ?? true]),
  );
}

/** What turns the marks `before` into `after`: the formats to set, null for those to end. Null if they are equal. */
export function formatChanges(
  before: readonly Mark[],
  after: readonly Mark[],
): Record<string, unknown> | null {
  if (before === after || Mark.sameSet(before, after)) return null;
  const wanted = formatsOf(after);
  const gone = Object.keys(formatsOf(before)).filter((key) => !Object.hasOwn(wanted, key));
  return {
    ...Object.fromEntries(gone.map((key) => [key, null])),
    ...formatsOf(after.filter((mark) => !mark.isInSet(before))),
  };
}

/** The marks of a person's own formatting, which "clear formatting" takes off: neither links nor suggestions. */
export const STYLE_MARKS: readonly MarkName[] = MARK_NAMES.filter(
  (name) => name !== 'link' && !suggests(name),
);
