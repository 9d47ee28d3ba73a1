import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setBlockType, splitBlock } from '@tiptap/pm/commands';
import { wrapInList } from '@tiptap/pm/schema-list';
import { TextSelection } from '@tiptap/pm/state';
import { cellAround, CellSelection } from '@tiptap/pm/tables';
import * as Y from 'yjs';
import { changeWidth } from '../table/column-width.ts';
import { setCellLook, TABLE_COMMANDS } from '../table/commands.ts';
import { insertTable } from '../table/insert-table.ts';
import { tabForward } from '../table/tab.ts';
import { meet, TestPage } from './test-page.ts';
import { at, endOf, NINE, shown, tableOf, together, type, typeIn } from './test-table.ts';

const { schema } = new TestPage(9).state;

const { rowAfter, columnAfter, columnBefore, deleteRow, deleteColumn, deleteTable, mergeCells, splitCell } =
  TABLE_COMMANDS;

test('FLOW-18: a row and a column that come at the same time meet in an empty cell', () =>
  together({
    one: (page) => at(page, 'b1', rowAfter),
    other: (page) => at(page, 'b1', columnAfter),
    lines: ['before', 'a1|b1||c1', '|||', 'a2|b2||c2', 'a3|b3||c3', 'behind'],
    undone: ['before', 'a1|b1||c1', 'a2|b2||c2', 'a3|b3||c3', 'behind'],
  }));

test('FLOW-18: two columns that come at one place stay two, with what was written in each', () => {
  for (const [first, second] of [
    [10, 20],
    [20, 10],
  ] as const) {
    const [ada, ben] = [new TestPage(first, NINE), new TestPage(second, NINE)];
    at(ada, 'a1', columnAfter);
    at(ben, 'b1', columnBefore);
    for (const row of [0, 1, 2]) {
      typeIn(ada, row, 1, `A${row}`);
      typeIn(ben, row, 1, `B${row}`);
    }
    meet(ada, ben);
    const columns = shown(ada)
      .slice(1, 4)
      .map((line) => line.split('|').slice(1, 3));
    const [[left]] = columns as [[string, string]];
    const order = left === 'A0' ? ['A', 'B'] : ['B', 'A'];
    assert.deepEqual(
      columns,
      [0, 1, 2].map((row) => order.map((who) => `${who}${row}`)),
    );
    assert.ok(ada.state.doc.eq(ben.state.doc));
  }
});

test('FLOW-18: words typed in a row that somebody deletes stay, in the cell before', () =>
  together({
    one: (page) => at(page, 'b2', deleteRow),
    other: (page) => type(page, 'b2', 'kept'),
    lines: ['before', 'a1|b1|c1/kept', 'a3|b3|c3', 'behind'],
    undone: ['before', 'a1|b1|c1', 'a2|b2kept|c2', 'a3|b3|c3', 'behind'],
  }));

test('FLOW-18: words typed in a column that somebody deletes stay, in the cell before', () =>
  together({
    one: (page) => at(page, 'b2', deleteColumn),
    other: (page) => type(page, 'b2', 'kept'),
    lines: ['before', 'a1|c1', 'a2/kept|c2', 'a3|c3', 'behind'],
  }));

test('FLOW-18: words typed in the first cell of a row or column that somebody deletes stay', () => {
  together({
    one: (page) => at(page, 'a1', deleteRow),
    other: (page) => type(page, 'a1', 'kept'),
    lines: ['before', 'kept/a2|b2|c2', 'a3|b3|c3', 'behind'],
  });
  together({
    one: (page) => at(page, 'a1', deleteColumn),
    other: (page) => type(page, 'a1', 'kept'),
    lines: ['before', 'kept/b1|c1', 'b2|c2', 'b3|c3', 'behind'],
  });
});

test('FLOW-18: nothing is left of a column that goes while a row comes', () =>
  together({
    one: (page) => at(page, 'b2', deleteColumn),
    other: (page) => at(page, 'b2', rowAfter),
    lines: ['before', 'a1|c1', 'a2|c2', '|', 'a3|c3', 'behind'],
    undone: ['before', 'a1|b1|c1', 'a2|b2|c2', '||', 'a3|b3|c3', 'behind'],
  }));

test('FLOW-18: words typed in a table that somebody deletes stay, as a paragraph', () =>
  together({
    one: (page) => at(page, 'b2', deleteTable),
    other: (page) => type(page, 'b2', 'kept'),
    lines: ['before', 'kept', 'behind'],
  }));

test('FLOW-18: merging cells writes no word again: what is typed in each stands in the merged one', () => {
  together({
    one: (page) => at(page, ['a2', 'b3'], mergeCells),
    other: (page) => {
      type(page, 'a2', 'x');
      type(page, 'b3', 'y');
      type(page, 'b2', 'z');
    },
    lines: ['before', 'a1|b1|c1', 'a2x/b2z/a3/b3y|c2', 'c3', 'behind'],
    undone: ['before', 'a1|b1|c1', 'a2x|b2z|c2', 'a3|b3y|c3', 'behind'],
  });
  const page = new TestPage(5, NINE);
  const size = page.flow.length;
  at(page, ['a2', 'b3'], mergeCells);
  assert.equal(page.flow.length, size);
});

test('FLOW-18: a merged cell that is merged with others shows all in the order of their places, and writes no word again', () => {
  const merged = new TestPage(5, NINE);
  at(merged, ['a1', 'b2'], mergeCells);
  together({
    start: Y.encodeStateAsUpdate(merged.doc),
    one: (page) => at(page, ['a1', 'c2'], mergeCells),
    other: (page) => {
      type(page, 'c1', 'x');
      type(page, 'b2', 'y');
    },
    lines: ['before', 'a1/b1/c1x/a2/b2y/c2', '', 'a3|b3|c3', 'behind'],
    undone: ['before', 'a1/b1/a2/b2y|c1x', 'c2', 'a3|b3|c3', 'behind'],
  });
  const size = merged.flow.length;
  at(merged, ['a1', 'c2'], mergeCells);
  assert.equal(merged.flow.length, size);
});

test('FLOW-18: nor does merging cells with words and empty ones, whatever kind of block these hold', () => {
  const start = new TestPage(5, tableOf(['a1', 'b1'], ['a2', 'b2']));
  const { heading } = schema.nodes;
  assert.ok(heading);
  for (const words of ['a1', 'b1', 'a2', 'b2']) at(start, words, setBlockType(heading));
  for (const words of ['a1', 'a2']) {
    const end = endOf(start, words);
    start.dispatch(start.state.tr.delete(end - words.length, end));
  }
  const end = endOf(start, 'b2');
  start.dispatch(start.state.tr.split(end - 2));
  const content = Y.encodeStateAsUpdate(start.doc);
  together({
    start: content,
    one: (page) => {
      const cells: number[] = [];
      page.state.doc.descendants(({ type: { name } }, pos) => {
        if (name === 'tableCell' || name === 'tableHeader') cells.push(pos);
      });
      const all = CellSelection.create(page.state.doc, cells[0] ?? 0, cells[3]);
      page.dispatch(page.state.tr.setSelection(all));
      assert.ok(page.run(mergeCells));
    },
    other: (page) => {
      type(page, 'b1', 'x');
      type(page, 'b2', 'y');
    },
    lines: ['before', 'b1x//b2y', '', 'behind'],
    undone: ['before', '|b1x', '|/b2y', 'behind'],
  });
});

test('FLOW-18: a merged cell stays one when rows and columns come within it, and goes smaller when they go', () => {
  together({
    one: (page) => at(page, ['a1', 'c1'], mergeCells),
    other: (page) => at(page, 'b2', columnAfter),
    lines: ['before', 'a1/b1/c1', 'a2|b2||c2', 'a3|b3||c3', 'behind'],
  });
  together({
    one: (page) => at(page, ['a1', 'a3'], mergeCells),
    other: (page) => at(page, 'b2', rowAfter),
    lines: ['before', 'a1/a2/a3|b1|c1', 'b2|c2', '|', 'b3|c3', 'behind'],
  });
  together({
    one: (page) => at(page, ['a1', 'a2'], mergeCells),
    other: (page) => at(page, 'b1', deleteRow),
    lines: ['before', 'a2|b2|c2', 'a3|b3|c3', 'behind'],
  });
});

test('FLOW-18: splitting a cell keeps what is typed in it', () => {
  const merged = new TestPage(5, NINE);
  at(merged, ['a2', 'b2'], mergeCells);
  together({
    start: Y.encodeStateAsUpdate(merged.doc),
    one: (page) => at(page, 'a2', splitCell),
    other: (page) => {
      type(page, 'a2', 'x');
      type(page, 'b2', 'y');
    },
    lines: ['before', 'a1|b1|c1', 'a2x/b2y||c2', 'a3|b3|c3', 'behind'],
    undone: ['before', 'a1|b1|c1', 'a2x/b2y|c2', 'a3|b3|c3', 'behind'],
  });
});

test('FLOW-18: splitting a cell that was merged of an empty one and another writes no word again', () => {
  for (const words of [
    ['', 'b1'],
    ['b1', ''],
  ]) {
    const merged = new TestPage(5, tableOf(words, ['a2', 'b2']));
    const { doc } = merged.state;
    const cell = cellAround(doc.resolve(endOf(merged, 'b1')));
    const beside =
      cell &&
      (words[0] === ''
        ? cell.pos - (cell.nodeBefore?.nodeSize ?? 0)
        : cell.pos + (cell.nodeAfter?.nodeSize ?? 0));
    assert.ok(cell && beside !== null);
    merged.dispatch(merged.state.tr.setSelection(CellSelection.create(doc, cell.pos, beside)));
    merged.run(mergeCells);
    together({
      start: Y.encodeStateAsUpdate(merged.doc),
      one: (page) => at(page, 'b1', splitCell),
      other: (page) => type(page, 'b1', 'x'),
      lines: ['before', 'b1x|', 'a2|b2', 'behind'],
      undone: ['before', 'b1x', 'a2|b2', 'behind'],
    });
  }
});

test('a merged cell is not split by a selection that leaves it, whatever that ends in', () => {
  const page = new TestPage(5, NINE);
  at(page, ['a1', 'b1'], mergeCells);
  for (const head of ['behind', 'before', 'c3']) {
    const { doc, tr } = page.state;
    page.dispatch(tr.setSelection(TextSelection.create(doc, endOf(page, 'a1'), endOf(page, head))));
    assert.equal(page.run(splitCell), false, head);
    assert.equal(shown(page)[1], 'a1/b1|c1', head);
  }
  at(page, 'a1', splitCell);
  assert.equal(shown(page)[1], 'a1/b1||c1');
});

test('FLOW-18: a row or column that is moved takes along what others type in it', () => {
  together({
    one: (page) => at(page, 'a3', TABLE_COMMANDS.rowUp),
    other: (page) => type(page, 'b3', 'x'),
    lines: ['before', 'a1|b1|c1', 'a3|b3x|c3', 'a2|b2|c2', 'behind'],
    undone: ['before', 'a1|b1|c1', 'a2|b2|c2', 'a3|b3x|c3', 'behind'],
  });
  together({
    one: (page) => at(page, 'a1', TABLE_COMMANDS.columnOn),
    other: (page) => type(page, 'a2', 'x'),
    lines: ['before', 'b1|a1|c1', 'b2|a2x|c2', 'b3|a3|c3', 'behind'],
    undone: ['before', 'a1|b1|c1', 'a2x|b2|c2', 'a3|b3|c3', 'behind'],
  });
});

test('FLOW-18: a row that two move is there once', () => {
  const [ada, ben] = [new TestPage(10, NINE), new TestPage(20, NINE)];
  at(ada, 'a3', TABLE_COMMANDS.rowUp);
  at(ben, 'a3', TABLE_COMMANDS.rowUp);
  at(ben, 'a3', TABLE_COMMANDS.rowUp);
  meet(ada, ben);
  assert.ok(ada.state.doc.eq(ben.state.doc));
  const rows = shown(ada).slice(1, -1);
  assert.deepEqual(rows.toSorted(), ['a1|b1|c1', 'a2|b2|c2', 'a3|b3|c3']);
});

test('FLOW-18: a row moved while a column is moved', () =>
  together({
    one: (page) => at(page, 'a3', TABLE_COMMANDS.rowUp),
    other: (page) => at(page, 'a1', TABLE_COMMANDS.columnOn),
    lines: ['before', 'b1|a1|c1', 'b3|a3|c3', 'b2|a2|c2', 'behind'],
  }));

test('FLOW-18: paragraphs, lists and columns that begin at the end of a cell keep to it', () => {
  together({
    one: (page) => {
      at(page, 'b2', splitBlock);
      page.dispatch(page.state.tr.insertText('more'));
    },
    other: (page) => at(page, 'b2', columnAfter),
    lines: ['before', 'a1|b1||c1', 'a2|b2/more||c2', 'a3|b3||c3', 'behind'],
  });
  const bullets = schema.nodes['bulletList'];
  assert.ok(bullets);
  together({
    one: (page) => at(page, 'b2', wrapInList(bullets)),
    other: (page) => type(page, 'b2', 'x'),
    lines: ['before', 'a1|b1|c1', 'a2|b2x|c2', 'a3|b3|c3', 'behind'],
  });
});

test('FLOW-18: what is typed in a cell that somebody pastes over stays beside what was pasted', () => {
  const [ada, ben] = [new TestPage(10, NINE), new TestPage(20, NINE)];
  const $at = ada.state.doc.resolve(endOf(ada, 'b2'));
  const pasted = schema.node('paragraph', null, schema.text('new'));
  ada.dispatch(ada.state.tr.replaceWith($at.start(-1), $at.end(-1), pasted));
  type(ben, 'b2', 'x');
  meet(ada, ben);
  assert.match(shown(ada)[2] ?? '', /^a2\|(?:xnew|newx)\|c2$/);
  assert.ok(ada.state.doc.eq(ben.state.doc));
});

test('FLOW-17: a header row is one for columns that come meanwhile, and a width is its column’s', () => {
  const [ada, ben] = [new TestPage(10, NINE), new TestPage(20, NINE)];
  at(ada, 'a1', TABLE_COMMANDS.headerRow);
  at(ben, 'b1', columnAfter);
  at(ben, 'a3', rowAfter);
  at(ben, 'a1', changeWidth(40));
  meet(ada, ben);
  const names: string[] = [];
  const widths: unknown[] = [];
  ada.state.doc.descendants(({ type: { name }, attrs }) => {
    if (/Cell|Header/.test(name)) {
      names.push(name);
      widths.push(attrs['colwidth']);
    }
  });
  assert.deepEqual(new Set(names), new Set(['tableCell']));
  assert.deepEqual(widths.slice(0, 4), [[160], null, null, null]);
  assert.deepEqual(widths.slice(12), [[160], null, null, null]);
  at(ben, 'b1', TABLE_COMMANDS.headerRow);
  at(ada, 'c1', columnAfter);
  meet(ada, ben);
  const header = ada.state.doc.child(1).firstChild?.children.map(({ type: { name } }) => name);
  assert.deepEqual(new Set(header), new Set(['tableHeader']));
});

test('FLOW-17: a row of headers and a column of headers that come are such, and change no other', () => {
  const page = new TestPage(5, NINE);
  const header = (words: string) =>
    schema.node('tableHeader', null, schema.node('paragraph', null, schema.text(words)));
  const kinds = () =>
    page.state.doc
      .child(1)
      .children.map((row) => row.children.map(({ type: { name } }) => name.slice(5)).join(' '));
  const end = page.state.doc.child(0).nodeSize + page.state.doc.child(1).nodeSize - 1;
  page.dispatch(page.state.tr.insert(end, schema.node('tableRow', null, ['x', 'y', 'z'].map(header))));
  assert.deepEqual(kinds(), [
    'Header Header Header',
    'Cell Cell Cell',
    'Cell Cell Cell',
    'Header Header Header',
  ]);
  at(page, 'a2', TABLE_COMMANDS.headerColumn);
  at(page, 'c2', rowAfter);
  at(page, 'c2', columnAfter);
  const rest = 'Header Cell Cell Cell';
  assert.deepEqual(kinds(), ['Header Header Header Header', rest, rest, rest, 'Header Header Header Header']);
  assert.ok(new TestPage(6, Y.encodeStateAsUpdate(page.doc)).state.doc.eq(page.state.doc));
});

test('FLOW-17: a background and an alignment are kept by a cell of which nothing else is stored', () => {
  const page = new TestPage(10, tableOf(['', ''], ['', '']));
  page.dispatch(page.state.tr.setSelection(TextSelection.near(page.state.doc.resolve(10))));
  assert.ok(page.run(setCellLook('background', 'red')));
  assert.ok(page.run(setCellLook('align', 'end')));
  const fresh = new TestPage(5, Y.encodeStateAsUpdate(page.doc));
  assert.ok(fresh.state.doc.eq(page.state.doc));
  assert.match(JSON.stringify(fresh.state.doc), /"background":"red","align":"end"/);
});

test('FLOW-16: two who begin the same empty cell both have their words in it', () =>
  together({
    start: tableOf(['', ''], ['', '']),
    one: (page) => typeIn(page, 1, 0, 'word'),
    other: (page) => typeIn(page, 1, 0, 'word'),
    lines: ['before', '|', 'word/word|', 'behind'],
    undone: ['before', '|', 'word|', 'behind'],
  }));

test('FLOW-18: words in an empty cell stay when its row goes meanwhile', () => {
  const start = tableOf(['a1', 'b1'], ['a2', ''], ['a3', 'b3']);
  together({
    start,
    one: (page) => at(page, 'a2', deleteRow),
    other: (page) => typeIn(page, 1, 1, 'kept'),
    lines: ['before', 'a1|b1/kept', 'a3|b3', 'behind'],
    undone: ['before', 'a1|b1', 'a2|kept', 'a3|b3', 'behind'],
  });
});

test('FLOW-18: a row at a table’s end belongs to it, whatever begins behind the table meanwhile', () =>
  together({
    one: (page) => {
      at(page, 'c3', tabForward);
      page.dispatch(page.state.tr.insertText('row'));
    },
    other: (page) => {
      const end = page.state.doc.child(0).nodeSize + page.state.doc.child(1).nodeSize;
      page.dispatch(page.state.tr.insert(end, schema.node('paragraph', null, schema.text('text'))));
    },
    lines: ['before', 'a1|b1|c1', 'a2|b2|c2', 'a3|b3|c3', 'row||', 'text', 'behind'],
  }));

test('FLOW-18: of two tables that come at one place neither stands in the other', () => {
  const [ada, ben] = [new TestPage(10, NINE), new TestPage(20, NINE)];
  for (const page of [ada, ben]) at(page, 'behind', insertTable);
  typeIn(ben, 0, 0, 'x');
  meet(ada, ben);
  assert.ok(ada.state.doc.eq(ben.state.doc));
  assert.deepEqual(
    ada.state.doc.children.map(({ type: { name } }) => name).filter((name) => name === 'table').length,
    3,
  );
});

test('a table goes as a whole with what is selected around it, and its hidden parts too', () => {
  const page = new TestPage(5, NINE);
  page.dispatch(page.state.tr.delete(0, page.state.doc.content.size));
  assert.deepEqual(shown(page), ['']);
  assert.ok(page.flow.length <= 2);
});

test('FLOW-10: tables of any content are opened and received without a write', () => {
  const page = new TestPage(5, NINE);
  const other = new TestPage(6, NINE);
  at(other, 'b2', rowAfter);
  typeIn(other, 2, 1, 'x');
  at(other, 'b2', deleteColumn);
  for (const update of other.updates) page.receive(update);
  assert.deepEqual(page.updates, []);
  assert.ok(page.state.doc.eq(other.state.doc));
});

test('FLOW-14: a caret in an empty cell is told and found there', () => {
  const start = tableOf(['a1', ''], ['', '']);
  const [page, other] = [new TestPage(5, start), new TestPage(6, start)];
  const places: number[] = [];
  page.state.doc.descendants((node, pos) => {
    if (node.isTextblock) places.push(pos + 1);
  });
  for (const place of places) {
    const told: unknown = JSON.parse(
      JSON.stringify(page.binding.anchor({ anchor: place, head: place }).anchor),
    );
    assert.equal(other.binding.resolve(told), place);
  }
});
