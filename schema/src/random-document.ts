import { Fragment } from '@tiptap/pm/model';
import type { Mark, Node, Schema } from '@tiptap/pm/model';
import * as fc from 'fast-check';
import { nodeOfAtom } from './atom-nodes.ts';
import type { Atom } from './atoms.ts';
import { marksOf } from './marks.ts';
import { PALETTE } from './palette.ts';
import { NONE } from './suggestions.ts';
import { ALIGNMENTS, MOST_INSET } from './traits.ts';

const SUGGESTED = { author: 'Ada "&lt; --> <b>', time: 1_790_000_000_000 };
const BLOCK_SUGGESTIONS = [
  { id: 'four', ...SUGGESTED, kind: 'deletion', set: null },
  { id: 'one', ...SUGGESTED, kind: 'change', set: { kind: 'heading', level: 2, align: null } },
];

const UPLOAD = `upload:${'0123456789abcdef'.repeat(4)}`;

/** Footnotes' ids. */
const NOTES = ['1', 'a', 'x-2.b_C'] as const;

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
  const label = fc.stringMatching(/^[!-~äß𝒳あ][ -~äß𝒳あ]{0,8}$/u);
  const atom: fc.Arbitrary<Atom> = fc.oneof(
    fc.constantFrom('2026-11-28', '0001-01-01').map((date): Atom => ({ type: 'date', date })),
    label.map((name): Atom => ({ type: 'person', name })),
    fc
      .constantFrom('x^2', '\\frac{a}{b} < c', 'a|b', '5', '\\$', ' x', 'a_b*c*')
      .map((tex): Atom => ({ type: 'math', tex })),
    fc.constantFrom(...NOTES, 'absent').map((note): Atom => ({ type: 'footnote', note })),
    fc.tuple(label, label).map(([document, title]): Atom => ({ type: 'document', document, title })),
  );
  const inline = fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.tuple(text, marks).map(([words, on]) => schema.text(words, on)) },
      { weight: 1, arbitrary: marks.map((on) => create('hardBreak', null, []).mark(on)) },
      { weight: 1, arbitrary: fc.tuple(atom, marks).map(([one, on]) => nodeOfAtom(schema, one).mark(on)) },
    ),
    { maxLength: 4 },
  );
  const suggestions = fc.oneof(
    { weight: 6, arbitrary: fc.constant(NONE) },
    { weight: 1, arbitrary: fc.subarray(BLOCK_SUGGESTIONS, { minLength: 1 }) },
  );
  const traits = fc.record({ align: fc.constantFrom(null, null, ...ALIGNMENTS), suggestions });
  const inset = fc.constantFrom(0, 0, 0, 1, MOST_INSET);
  const ofText = fc.tuple(traits, inset).map(([more, steps]) => ({ ...more, inset: steps }));
  const paragraph = fc.tuple(ofText, inline).map(([attrs, content]) => create('paragraph', attrs, content));
  const said = fc.oneof(fc.constant(null), fc.stringMatching(/^[ -~äß𝒳あ]{1,12}$/u));
  const pixels = fc.constantFrom(null, 640);
  const image = fc.record({
    src: fc.constantFrom(null, UPLOAD, 'https://example.org/a_(b).png?c=d&e=<f>'),
    alt: said,
    caption: said,
    width: pixels,
    height: pixels,
    percent: fc.constantFrom(null, 50),
  });
  const plainImage = fc.record({ src: fc.constant(UPLOAD), alt: fc.constantFrom(null, 'A cat, asleep') });
  const file = fc.record({
    src: fc.constantFrom(null, UPLOAD),
    name: said,
    bytes: fc.constantFrom(null, 0, 12_345),
  });
  const embed = fc.record({
    url: fc.constantFrom(null, 'https://example.org/', 'http://example.org/a_(b)?c=d&e=<f> "g"#\n\\'),
    title: fc.oneof(said, fc.constantFrom('https://example.org/', ' a  b ')),
  });
  const leaf = fc.oneof(
    paragraph,
    fc
      .tuple(fc.constantFrom(1, 2, 3), ofText, inline)
      .map(([level, more, content]) => create('heading', { level, ...more }, content)),
    fc
      .tuple(
        fc.record({ language: fc.constantFrom(null, 'c++', 'typescript', 'math'), suggestions }),
        fc.array(fc.tuple(fc.constantFrom('a = 1;', '\n', '  x', '`<b>'), marks), { maxLength: 4 }),
      )
      .map(([attrs, parts]) => {
        const code = schema.nodes['codeBlock'];
        const content = parts.map(([words, on]) => schema.text(words, code?.allowedMarks(on)));
        return create('codeBlock', attrs, Fragment.fromArray(content).content);
      }),
    suggestions.map((all) => create('horizontalRule', { suggestions: all }, [])),
    fc
      .tuple(fc.oneof(image, plainImage), traits)
      .map(([attrs, more]) => create('image', { ...attrs, ...more }, [])),
    fc.tuple(file, suggestions).map(([attrs, all]) => create('file', { ...attrs, suggestions: all }, [])),
    fc.tuple(embed, suggestions).map(([attrs, all]) => create('embed', { ...attrs, suggestions: all }, [])),
    suggestions.map((all) => create('contents', { suggestions: all }, [])),
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
    const cells = fc.array(
      fc.record({
        content: fc.oneof(
          { weight: 9, arbitrary: paragraph.map((only) => [only]) },
          { weight: 1, arbitrary: blocks(1) },
        ),
        spans: fc.oneof({ weight: 6, arbitrary: fc.constant([1, 1]) }, fc.tuple(fc.nat(2), fc.nat(2))),
        look: fc.oneof(
          { weight: 6, arbitrary: fc.constant({}) },
          fc.record({
            background: fc.constantFrom(null, 'grey', 'red'),
            align: fc.constantFrom(null, 'end'),
          }),
        ),
        suggestions,
      }),
      { minLength: 4, maxLength: 4 },
    );
    const lines = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 });
    const table = fc
      .record({
        cells,
        rows: fc.integer({ min: 1, max: 3 }),
        columns: fc.integer({ min: 1, max: 3 }),
        headers: fc.oneof(fc.constant([true, false, false]), lines),
        headerColumns: fc.oneof(fc.constant([false, false, false]), lines),
        widths: fc.oneof(fc.constant([0, 0, 0]), fc.constant([120, 0, 80])),
        suggested: fc.array(suggestions, { minLength: 4, maxLength: 4 }),
      })
      .map((shape) => tableOf(create, shape));
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
        table,
        fc
          .tuple(
            fc.constantFrom('note', 'info', 'success', 'warning', 'danger'),
            fc.constantFrom(null, null, '🎉', '👩🏽‍💻', '1️⃣'),
            blocks(1),
          )
          .map(([kind, icon, content]) => create('callout', { kind, icon }, content)),
        item.map((content) => create('toggle', null, content)),
      ),
    };
  });
  const note = fc.tuple(fc.constantFrom(...NOTES), fc.array(block, { minLength: 1, maxLength: 3 }));
  const notes = fc
    .array(note, { maxLength: 3 })
    .map((all) => all.filter(([id], index) => id !== all[index - 1]?.[0]))
    .map((all) => all.map(([id, content]) => create('footnote', { id }, content)));
  return fc
    .tuple(fc.array(block, { minLength: 1, maxLength: 6 }), notes, fc.nat(6))
    .map(([content, all, at]) => [...content.slice(0, at), ...all, ...content.slice(at)])
    .map((content) => schema.topNodeType.create(null, content));
}

interface Shape {
  readonly cells: readonly {
    content: readonly Node[];
    spans: readonly number[];
    look: object;
    suggestions: readonly object[];
  }[];
  readonly rows: number;
  readonly columns: number;
  readonly headers: readonly boolean[];
  readonly headerColumns: readonly boolean[];
  readonly widths: readonly number[];
  /** What is suggested of the table, and of each row. */
  readonly suggested: readonly (readonly object[])[];
}

/** A table that is a whole rectangle, with the cells that fit. */
function tableOf(
  create: (name: string, attrs: Record<string, unknown> | null, content: readonly Node[]) => Node,
  { cells, rows, columns, headers, headerColumns, widths, suggested }: Shape,
): Node {
  const taken = new Set<string>();
  const lines = Array.from({ length: rows }, (_, row) => {
    const found: Node[] = [];
    for (let column = 0; column < columns; column += 1) {
      const cell = cells[(row * columns + column) % cells.length];
      if (!cell || taken.has(`${row} ${column}`)) continue;
      let colspan = 1;
      const right = Math.min(columns, column + Math.max(1, cell.spans[0] ?? 1));
      while (column + colspan < right && !taken.has(`${row} ${column + colspan}`)) colspan += 1;
      const rowspan = Math.min(rows - row, Math.max(1, cell.spans[1] ?? 1));
      for (let down = row; down < row + rowspan; down += 1)
        for (let across = column; across < column + colspan; across += 1) taken.add(`${down} ${across}`);
      const own = widths.slice(column, column + colspan);
      const colwidth = own.some((width) => width > 0) ? own : null;
      const header = headers[row] === true || headerColumns[column] === true;
      const attrs = { colspan, rowspan, colwidth, ...cell.look, suggestions: cell.suggestions };
      found.push(create(header ? 'tableHeader' : 'tableCell', attrs, cell.content));
    }
    return create('tableRow', { suggestions: suggested[row + 1] }, found);
  });
  return create('table', { suggestions: suggested[0] }, lines);
}
