import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@tiptap/pm/model';
import { TableMap } from '@tiptap/pm/tables';
import * as fc from 'fast-check';
import { Arranger } from './arrange.ts';
import { documentSchema } from './extensions.ts';
import type { LinePart, Part } from './flow-part.ts';
import { PLAIN } from './frame.ts';
import { documentOf } from './nesting.ts';
import { MOST_CELLS, MOST_COLUMNS } from './table-layout.ts';

const schema = documentSchema();
const runs = Number(process.env['SHEAF_TEST_FUZZ_RUNS'] ?? 3_000);

const table: Part<null> = { type: 'table', frame: PLAIN, suggestions: [], at: null };
const tableEnd: Part<null> = { type: 'tableEnd', at: null };
const line = (
  type: LinePart<null>['type'],
  id: string,
  header = false,
  width: number | null = null,
): Part<null> => ({
  type,
  id,
  header,
  width,
  suggestions: [],
  at: null,
});
const cell = (
  row: string,
  column: string,
  toRow: string | null = null,
  toColumn: string | null = null,
): Part<null> => ({
  type: 'cell',
  row,
  column,
  toRow,
  toColumn,
  background: null,
  align: null,
  suggestions: [],
  at: null,
});
const block = (words: string): Part<null> => {
  const node = schema.nodes['paragraph']?.create(null, words === '' ? [] : schema.text(words));
  if (!node) throw new Error('The schema has no paragraph.');
  return { type: 'block', frame: PLAIN, node, at: null };
};
const cellEnd: Part<null> = { type: 'cellEnd', at: null };

const name = fc.constantFrom('a', 'b', 'c', '');
const maybe = fc.option(name, { nil: null });
const part: fc.Arbitrary<Part<null>> = fc.oneof(
  fc.constantFrom(table, tableEnd, cellEnd, cellEnd),
  fc
    .tuple(fc.constantFrom('row', 'column'), name, fc.boolean(), fc.constantFrom(null, 100))
    .map(([type, ...rest]) => line(type as 'row', ...rest)),
  fc.tuple(name, name, maybe, maybe).map((names) => cell(...names)),
  fc.constantFrom('', 'x').map(block),
);

/** Fails if the document is no valid one, or one of its tables is no whole rectangle. */
function check(doc: Node): void {
  doc.check();
  doc.descendants((node) => {
    if (node.type.name === 'table') assert.equal(TableMap.get(node).problems, null);
  });
}

test('FLOW-16: any row of parts comes to whole tables, and every word in it is shown once', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      // Each block has words of its own.
      const named = parts.map((one, index) =>
        one.type === 'block' && one.node.content.size > 0 ? block(`w${index};`) : one,
      );
      const arranger = new Arranger<null>(schema);
      const doc = documentOf(schema, arranger.arrange(named));
      check(doc);
      const words = (text: string) => (text.match(/w\d+;/g) ?? []).toSorted();
      const stored = named.map((one) => (one.type === 'block' ? one.node.textContent : '')).join('');
      assert.deepEqual(words(doc.textContent), words(stored));
      // Arranged again, and after something came, it is as if arranged for the first time.
      assert.ok(documentOf(schema, arranger.arrange(named)).eq(doc));
      const more = [block('w999;'), ...named];
      const fresh = documentOf(schema, new Arranger<null>(schema).arrange(more));
      assert.ok(documentOf(schema, arranger.arrange(more)).eq(fresh));
    }),
    { numRuns: runs },
  );
});

test('FLOW-16: a cell that nothing is stored of is empty, and one that two began holds both', () => {
  const parts = [
    ...[table, line('column', 'a'), line('column', 'b'), line('row', 'a', true)],
    ...[cell('a', 'b'), block('one'), cellEnd, cell('a', 'b'), block('two'), cellEnd, tableEnd],
  ];
  assert.equal(
    String(documentOf(schema, new Arranger<null>(schema).arrange(parts))),
    'doc(table(tableRow(tableHeader(paragraph), tableHeader(paragraph("one"), paragraph("two")))))',
  );
});

test('FLOW-16: cells that cover the same places are cut, and what they cover stands in them', () => {
  const parts = [
    ...[table, ...['a', 'b', 'c'].flatMap((id) => [line('column', id), line('row', id)])],
    ...[cell('a', 'a', 'b', 'b'), block('one'), cellEnd, cell('a', 'c', 'c', null), block('two'), cellEnd],
    ...[cell('b', 'b', 'c', 'c'), block('three'), cellEnd, cell('c', 'a', null, 'c'), block('four'), cellEnd],
    tableEnd,
  ];
  const doc = documentOf(schema, new Arranger<null>(schema).arrange(parts));
  check(doc);
  const spans = doc.firstChild?.children.map((row) =>
    row.children.map(({ attrs, textContent }) => `${textContent} ${attrs['rowspan']}x${attrs['colspan']}`),
  );
  assert.deepEqual(spans, [['onethree 2x2', 'two 3x1'], [], ['four 1x2']]);
});

test('FLOW-16: a table without its end is over where a block begins outside its cells', () => {
  const parts = [
    table,
    line('column', 'a'),
    line('row', 'a'),
    cell('a', 'a'),
    block('in'),
    cellEnd,
    block('out'),
  ];
  assert.equal(
    String(documentOf(schema, new Arranger<null>(schema).arrange(parts))),
    'doc(table(tableRow(tableCell(paragraph("in")))), paragraph("out"))',
  );
});

test('FLOW-16: a table is bounded, whatever a hostile peer writes, and its words stay', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => [
    line('row', `r${index}`),
    line('column', `c${index}`),
  ]);
  const parts = [table, ...lines.flat(), cell('r19999', 'c19999'), block('far away'), cellEnd, tableEnd];
  const doc = documentOf(schema, new Arranger<null>(schema).arrange([...parts, ...parts, ...parts]));
  check(doc);
  const first = doc.firstChild;
  assert.ok(first);
  assert.equal(TableMap.get(first).width, MOST_COLUMNS);
  assert.equal(TableMap.get(first).height, MOST_CELLS / MOST_COLUMNS);
  assert.equal(doc.textContent, 'far away'.repeat(3));
  const deep = Array.from({ length: 20_000 }, () => [
    table,
    line('row', 'a'),
    line('column', 'a'),
    cell('a', 'a'),
  ]);
  const nested = documentOf(schema, new Arranger<null>(schema).arrange([...deep.flat(), block('deep')]));
  check(nested);
  assert.equal(nested.textContent, 'deep');
  const ends = [
    ...Array.from({ length: 50_000 }, () => table),
    ...Array.from({ length: 50_000 }, () => cellEnd),
  ];
  assert.equal(new Arranger<null>(schema).arrange(ends).length, 0);
});
