import { Mark } from '@tiptap/pm/model';
import type { Schema } from '@tiptap/pm/model';
import { isSafeLink } from './links.ts';

/** Formatting of text in the flow: a mark's name, and `true` or what the mark holds; null ends one. */
export type Formats = Readonly<Record<string, unknown>>;

/**
 * The marks that formatting comes to. What the schema does not know, or what is not of a mark's grammar (an address
 * that is no link), is left out; it stays where it is stored.
 */
export function marksOf(schema: Schema, formats: Formats): readonly Mark[] {
  let marks: readonly Mark[] = Mark.none;
  for (const [name, value] of Object.entries(formats)) {
    const type = Object.hasOwn(schema.marks, name) ? schema.marks[name] : undefined;
    if (!type || value === null || value === undefined || value === false) continue;
    if (name !== 'link') marks = type.create().addToSet(marks);
    else {
      const href: unknown = typeof value === 'object' ? Reflect.get(value, 'href') : null;
      if (isSafeLink(href)) marks = type.create({ href }).addToSet(marks);
    }
  }
  return marks;
}

/** The formatting that marks are stored as. */
export function formatsOf(marks: readonly Mark[]): Record<string, unknown> {
  return Object.fromEntries(
    marks.map((mark) => [mark.type.name, mark.type.name === 'link' ? { href: mark.attrs['href'] } : true]),
  );
}

/** What turns the marks `before` into `after`: the formats to set, null for those to end. Null if they are equal. */
export function formatChanges(
  before: readonly Mark[],
  after: readonly Mark[],
): Record<string, unknown> | null {
  if (before === after || Mark.sameSet(before, after)) return null;
  const gone = before.filter((mark) => !after.some(({ type }) => type === mark.type));
  const added = after.filter((mark) => !mark.isInSet(before));
  return { ...Object.fromEntries(gone.map(({ type }) => [type.name, null])), ...formatsOf(added) };
}
