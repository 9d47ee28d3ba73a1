import type { Mark, Node, Schema } from '@tiptap/pm/model';
import * as fc from 'fast-check';
import { marksOf } from './marks.ts';

/** Documents of every block and mark that the schema knows, for tests of properties. */
export function randomDocument(schema: Schema): fc.Arbitrary<Node> {
  const create = (name: string, attrs: Record<string, unknown> | null, content: readonly Node[]): Node => {
    const type = schema.nodes[name];
    if (!type) throw new Error(`The schema has no ${name}.`);
    return type.create(attrs, [...content]);
  };
  const marks: fc.Arbitrary<readonly Mark[]> = fc
    .record(
      {
        bold: fc.constant(true),
        italic: fc.constant(true),
        underline: fc.constant(true),
        strike: fc.constant(true),
        code: fc.constant(true),
        link: fc.constantFrom({ href: 'https://example.org/' }, { href: 'mailto:a@example.org' }),
      },
      { requiredKeys: [] },
    )
    .map((formats) => marksOf(schema, formats));
  const text = fc.stringMatching(/^[ -~äß𝒳あ]{1,8}$/u);
  const inline = fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.tuple(text, marks).map(([words, on]) => schema.text(words, on)) },
      { weight: 1, arbitrary: marks.map((on) => create('hardBreak', null, []).mark(on)) },
    ),
    { maxLength: 4 },
  );
  const paragraph = inline.map((content) => create('paragraph', null, content));
  const leaf = fc.oneof(
    paragraph,
    fc
      .tuple(fc.constantFrom(1, 2, 3), inline)
      .map(([level, content]) => create('heading', { level }, content)),
    fc
      .tuple(
        fc.constantFrom(null, 'c++', 'typescript'),
        fc.array(fc.constantFrom('a = 1;', '\n', '  x'), { maxLength: 4 }),
      )
      .map(([language, lines]) => {
        const code = lines.join('');
        return create('codeBlock', { language }, code === '' ? [] : [schema.text(code)]);
      }),
    fc.constant(create('horizontalRule', null, [])),
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
