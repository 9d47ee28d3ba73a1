import type { Node, Schema } from '@tiptap/pm/model';
import * as fc from 'fast-check';
import { nodeOfAtom } from './atom-nodes.ts';
import { asLabel } from './atoms.ts';
import type { Atom } from './atoms.ts';
import { marksOf } from './marks.ts';

/** Texts that mean something to Markdown, or that it would drop or change. */
export const SIGNS: readonly string[] = [
  ...[
    '1. ',
    '2)',
    '# ',
    '## ',
    ' #',
    '- ',
    '+',
    '---',
    '===',
    '`',
    '``',
    '```',
    '|',
    '$',
    '$$',
    '_',
    '__',
    '*',
    '**',
    '~~',
    '[',
  ],
  ...[
    ']',
    '[ ] ',
    '[x]',
    '](',
    '(',
    ')',
    '!',
    '<',
    '>',
    '<b>',
    '</u>',
    '<br>',
    '<!-- a -->',
    '&',
    '&amp;',
    '&nbsp;',
  ],
  ...[
    '\\',
    ' ',
    '  ',
    '\t',
    '\u00a0',
    '\u3000',
    '👍🏽',
    'مرحبا',
    'a',
    'b c',
    'é',
    ':',
    'http://a.b',
    '.',
    '"',
    "'",
    '\u200f',
  ],
];
const suggested = { author: 'a"<!-- -->&#65;', time: 1 };
const FORMATS: readonly (readonly [string, unknown])[] = [
  ...['bold', 'italic', 'underline', 'strike', 'code'].map((name) => [name, true] as const),
  ...['https://a.b/(c', 'https://a.b/<"> \\&amp;c', 'mailto:a@b.c'].map(
    (href) => ['link', { href }] as const,
  ),
  ['script', 'sub'],
  ['highlight', 'yellow'],
  ['highlight', 'red'],
  ['color', 'red'],
  ['insertion:x', suggested],
  ['deletion:y', suggested],
  ['formatting:z', { ...suggested, set: { bold: null } }],
];

/** Documents of texts that look like Markdown, blanks, and marks that begin and end anywhere, for tests. */
export function awkwardDocument(schema: Schema): fc.Arbitrary<Node> {
  const text = fc
    .array(fc.constantFrom(...SIGNS), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join(''));
  const marks = fc
    .array(fc.constantFrom(...FORMATS), { maxLength: 3 })
    .map((formats) => marksOf(schema, Object.fromEntries(formats)));
  const piece: fc.Arbitrary<Node> = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(text, marks).map(([words, on]) => schema.text(words, on)) },
    { weight: 1, arbitrary: marks.map((on) => schema.node('hardBreak', null, [], [...on])) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(text, text, marks)
        .map(([name, words, on]) => schema.node('opaqueInline', { ref: '1:2', name, words }, [], [...on])),
    },
  );
  const mention: fc.Arbitrary<Node> = fc
    .tuple(text, text, marks, fc.nat(3))
    .map(([first, second, on, kind]) => {
      const [name, title] = [asLabel(first) || 'x', asLabel(second) || 'x'];
      const one: Atom =
        kind === 0
          ? { type: 'person', name }
          : kind === 1
            ? { type: 'math', tex: name }
            : kind === 3
              ? { type: 'footnote', note: name.length > 1 ? 'a' : 'b' }
              : { type: 'document', document: name, title };
      return nodeOfAtom(schema, one).mark(on);
    });
  const line = fc.array(fc.oneof({ weight: 8, arbitrary: piece }, { weight: 1, arbitrary: mention }), {
    maxLength: 5,
  });
  const block = fc.oneof(
    line.map((content) => schema.node('paragraph', null, content)),
    line.map((content) => schema.node('heading', { level: 2 }, content)),
    fc.array(fc.constantFrom(...SIGNS, '\n'), { maxLength: 6 }).map((parts) => {
      const code = parts.join('');
      return schema.node(
        'codeBlock',
        { language: code.length % 2 === 0 ? null : 'math' },
        code === '' ? [] : [schema.text(code)],
      );
    }),
    fc.tuple(text, text).map(([name, words]) => schema.node('opaqueBlock', { ref: '3:4', name, words })),
  );
  const nested = fc.tuple(line, fc.array(block, { maxLength: 2 }), fc.nat(3)).map(([first, rest, kind]) => {
    const content = [schema.node('paragraph', null, first), ...rest];
    if (kind === 0) return schema.node('blockquote', null, content);
    if (kind === 1)
      return schema.node('taskList', null, [schema.node('taskItem', { checked: true }, content)]);
    return schema.node(kind === 2 ? 'bulletList' : 'orderedList', null, [
      schema.node('listItem', null, content),
    ]);
  });
  const note = fc
    .array(fc.oneof(block, nested), { minLength: 1, maxLength: 2 })
    .map((content) => schema.node('footnote', { id: 'a' }, content));
  return fc
    .tuple(fc.array(fc.oneof(block, nested), { minLength: 1, maxLength: 3 }), fc.option(note), fc.nat(3))
    .map(([content, one, at]) => [...content.slice(0, at), ...(one ? [one] : []), ...content.slice(at)])
    .map((content) => schema.node('doc', null, content));
}
