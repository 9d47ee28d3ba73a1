import { Fragment } from '@tiptap/pm/model';
import type { Mark, Node, Schema } from '@tiptap/pm/model';
import * as fc from 'fast-check';
import { marksOf } from './marks.ts';
import { PALETTE } from './palette.ts';
import { NONE } from './suggestions.ts';
import { ALIGNMENTS } from './traits.ts';

const SUGGESTED = { author: 'Ada "&lt; --> <b>', time: 1_790_000_000_000 };
const BLOCK_SUGGESTIONS = [
  { id: 'four', ...SUGGESTED, kind: 'deletion', set: null },
  { id: 'one', ...SUGGESTED, kind: 'change', set: { kind: 'heading', level: 2, align: null } },
];

const FORMATS: readonly (readonly [string, unknown])[] = [
  ...['bold', 'italic', 'underline', 'strike', 'code'].map((name) => [name, true] as const),
  ...['sub', 'super'].map((position) => ['script', position] as const),
  ...PALETTE.slice(2).flatMap((color) => [['highlight', color] as const, ['color', color] as const]),
  ...['https://example.org/', 'mailto:a@example.org'].map((href) => ['link', { href }] as const),
  ...['insertion:one', 'insertion:two', 'deletion:one'].map((key) => [key, SUGGESTED] as const),
  ['formatting:three', { ...SUGGESTED, set: { bold: true, color: null, highlight: 'red' } }],
];

/** Documents of every block and mark that the schema knows, for tests of properties. */
export function randomDocument(schema: Schema): fc.Arbitrary<Node> {
  const create = (name: string, attrs: Record<string, unknown> | null, content: readonly Node[]): Node => {
    const type = schema.nodes[name];
    if (!type) throw new Error(`The schema has no ${name}.`);
    return type.create(attrs, [...content]);
  };
  const marks: fc.Arbitrary<readonly Mark[]> = fc
    .array(fc.constantFrom(...FORMATS), { maxLength: 3 })
    .map((formats) => marksOf(schema, Object.fromEntries(formats)));
  const text = fc.stringMatching(/^[ -~äß𝒳あ]{1,8}$/u);
  const inline = fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.tuple(text, marks).map(([words, on]) => schema.text(words, on)) },
      { weight: 1, arbitrary: marks.map((on) => create('hardBreak', null, []).mark(on)) },
    ),
    { maxLength: 4 },
  );
  const suggestions = fc.oneof(
    { weight: 6, arbitrary: fc.constant(NONE) },
    { weight: 1, arbitrary: fc.subarray(BLOCK_SUGGESTIONS, { minLength: 1 }) },
  );
  const traits = fc.record({ align: fc.constantFrom(null, null, ...ALIGNMENTS), suggestions });
  const paragraph = fc.tuple(traits, inline).map(([attrs, content]) => create('paragraph', attrs, content));
  const leaf = fc.oneof(
    paragraph,
    fc
      .tuple(fc.constantFrom(1, 2, 3), traits, inline)
      .map(([level, more, content]) => create('heading', { level, ...more }, content)),
    fc
      .tuple(
        fc.record({ language: fc.constantFrom(null, 'c++', 'typescript'), suggestions }),
        fc.array(fc.tuple(fc.constantFrom('a = 1;', '\n', '  x', '`<b>'), marks), { maxLength: 4 }),
      )
      .map(([attrs, parts]) => {
        const code = schema.nodes['codeBlock'];
        const content = parts.map(([words, on]) => schema.text(words, code?.allowedMarks(on)));
        return create('codeBlock', attrs, Fragment.fromArray(content).content);
      }),
    suggestions.map((all) => create('horizontalRule', { suggestions: all }, [])),
  );
  const { block } = fc.letrec<{ block: Node; item: Node[]; quote: Node }>((tie) => {
    const blocks = (minLength: number) => fc.array(tie('block'), { minLength, maxLength: 3 });
    const item = fc.tuple(paragraph, blocks(0)).map(([first, rest]) => [first, ...rest]);
    const items = fc.array(item, { minLength: 1, maxLength: 3 });
    const list = (name: string, of: string, attrs: fc.Arbitrary<Record<string, unknown> | null>) =>
      fc.tuple(items, attrs).map(([all, own]) =>
        create(
          name,
          own,
          all.map((content) => create(of, null, content)),
        ),
      );
    const tasks = fc.array(fc.tuple(fc.boolean(), item), { minLength: 1, maxLength: 3 }).map((all) =>
      create(
        'taskList',
        null,
        all.map(([checked, content]) => create('taskItem', { checked }, content)),
      ),
    );
    return {
      item,
      quote: blocks(1).map((content) => create('blockquote', null, content)),
      block: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        tie('quote'),
        list('bulletList', 'listItem', fc.constant(null)),
        list(
          'orderedList',
          'listItem',
          fc.record({ start: fc.constantFrom(1, 0, 7), type: fc.constantFrom(null, 'a', '1') }),
        ),
        tasks,
      ),
    };
  });
  return fc
    .array(block, { minLength: 1, maxLength: 6 })
    .map((content) => schema.topNodeType.create(null, content));
}
