import { cleanText } from '@sheaf/schema';
import { Fragment, Slice } from '@tiptap/pm/model';
import type { Mark, Node, Schema } from '@tiptap/pm/model';

/** Text as blocks: a paragraph for each line, with these marks. Blank lines only part them. */
export function plainSlice(schema: Schema, text: string, marks: readonly Mark[]): Slice {
  const paragraph = schema.nodes['paragraph'];
  if (!paragraph) throw new Error('The schema has no paragraph.');
  const lines = cleanText(text)
    .replace(/^\n+|\n+$/g, '')
    .split(/\n+/);
  const blocks = lines.map((line) => paragraph.create(null, lineOf(schema, line, marks)));
  return new Slice(Fragment.fromArray(blocks), 1, 1);
}

function lineOf(schema: Schema, line: string, marks: readonly Mark[]): Node[] {
  return line.split('\u2028').flatMap((part, index) => {
    const text = part === '' ? [] : [schema.text(part, marks)];
    const more = index === 0 ? null : schema.nodes['hardBreak']?.create(null, null, marks);
    return more ? [more, ...text] : text;
  });
}
