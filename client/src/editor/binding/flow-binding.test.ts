import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, BLOCK_END, CONTENT_FIELD } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { COMMANDS, places, tokensOf } from './random-editor.ts';
import { seeded } from './seeded.ts';
import { meet, TestPage } from './test-page.ts';
import { tableOf } from './test-table.ts';

/** A flow with blocks of these attributes and texts, as another program would write them. */
function stored(...blocks: [attributes: Record<string, unknown>, text: string][]): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const flow = doc.getText(CONTENT_FIELD);
  for (const [attributes, text] of blocks) {
    const element = new Y.XmlElement<Record<string, string | number | boolean>>(BLOCK);
    // A test writes what no typed program would.
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value as string);
    flow.insertEmbed(flow.length, element);
    flow.insert(flow.length, text + BLOCK_END);
  }
  return Y.encodeStateAsUpdate(doc);
}

const SAMPLE = stored(
  [{ kind: 'heading', level: 1 }, 'T900E'],
  [{}, 'T901ET902ET903E'],
  [{}, 'T904ET905ET906E'],
  [{ list: 'bullet' }, 'T907ET908E'],
  [{ list: 'bullet', indent: 1 }, 'T909ET910E'],
  [{ list: 'task' }, 'T911ET912E'],
  [{ quote: 1 }, 'T913ET914E'],
  [{ quote: 'info quote' }, 'T917E'],
  [{ list: 'toggle' }, 'T918E'],
  [{ indent: 1 }, 'T919E'],
  [{ kind: 'code' }, 'T915ET916E'],
  [{}, ''],
);

const TABLE = tableOf(['T900E', 'T901ET902E'], ['T903ET904E', ''], ['T905E', 'T906E']);

function select(page: TestPage, from: number, to = from): void {
  page.dispatch(page.state.tr.setSelection(TextSelection.create(page.state.doc, from, to)));
}

/** Runs the command on the block that holds `from`, or undoes a split of it. */
function edit(page: TestPage, name: string, from: number, to: number): void {
  select(page, from, to);
  const random = seeded(from);
  if (name !== 'undo') {
    page.run(COMMANDS[name]?.(page.state, random) ?? (() => false));
    return;
  }
  page.undo.undo();
}

for (const name of [...Object.keys(COMMANDS), 'undo'])
  test(`FLOW-8: words typed where somebody does "${name}" survive, whoever comes first, online and offline`, () => {
    const spots = [SAMPLE, TABLE].flatMap((sample) => {
      const found: { sample: Uint8Array; spot: number }[] = [];
      new TestPage(2, sample).state.doc.descendants((node, pos) => {
        if (node.isTextblock) found.push({ sample, spot: pos + 1 });
      });
      return found;
    });
    for (const { sample, spot } of spots)
      for (const [editor, typist] of [
        [10, 20],
        [20, 10],
      ] as const)
        for (const order of ['offline', 'typed first', 'edited first'] as const) {
          const ada = new TestPage(editor, sample);
          const ben = new TestPage(typist, sample);
          if (name === 'undo') {
            ada.dispatch(ada.state.tr.insertText('T1ET2E', spot));
            ada.dispatch(ada.state.tr.split(spot + 3));
            meet(ada, ben);
          }
          const end = ada.state.doc.resolve(spot).end();
          const inside = places(ada.state.doc).filter((place) => place >= spot && place <= end);
          const middle = inside[Math.floor(inside.length / 2)] ?? spot;
          const before = new Map(tokensOf(ada.text).map((word) => [word, true]));
          const type = () => {
            const all = places(ben.state.doc);
            const near = all.filter((place) => place >= spot && place <= end + 6);
            for (const [index, place] of near.toReversed().entries())
              ben.dispatch(ben.state.tr.insertText(`T${500 + index}E`, place));
            return near.length;
          };
          let typed = 0;
          if (order !== 'edited first') typed = type();
          if (order === 'typed first') meet(ada, ben);
          const had = new Set(tokensOf(ada.text));
          edit(ada, name, middle, end);
          const has = new Set(tokensOf(ada.text));
          if (order === 'edited first') {
            meet(ada, ben);
            typed = type();
          }
          meet(ada, ben);
          const context = `${order}, ${String(editor)} edits at ${String(spot)}: ${ada.text}`;
          assert.equal(String(ada.state.doc), String(ben.state.doc), context);
          ada.state.doc.check();
          const words = tokensOf(ada.text);
          const wanted = [
            ...before.keys(),
            ...Array.from({ length: typed }, (_, index) => `T${500 + index}E`),
          ];
          for (const word of wanted) {
            if (had.has(word) && !has.has(word)) continue;
            assert.equal(words.filter((one) => one === word).length, 1, `${word}, ${context}`);
          }
        }
  });

test('FLOW-10: opening, selecting and receiving write nothing, whatever the document holds', () => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, SAMPLE);
  const flow = doc.getText(CONTENT_FIELD);
  const board = new Y.XmlElement('whiteboard');
  board.insert(0, [new Y.XmlText('drawn'), new Y.XmlElement('shape')]);
  const ragged = new Y.XmlElement('table');
  ragged.insert(0, [new Y.XmlElement('row'), new Y.XmlText('stray')]);
  flow.insertEmbed(0, new Y.Map([['stray', 'map']]));
  flow.insertEmbed(3, board);
  flow.insertEmbed(7, { unknown: 'thing' });
  flow.insertEmbed(9, new Y.XmlText('text in text'));
  flow.insertEmbed(flow.length, ragged);
  flow.insertEmbed(flow.length, new Y.XmlHook('hook'));
  flow.insert(flow.length, `${BLOCK_END}${BLOCK_END}stray words`, {
    glow: 1,
    link: { href: 'javascript:x' },
  });
  const bad = new Y.XmlElement<Record<string, number>>(BLOCK);
  for (const name of ['kind', 'level', 'indent', 'list', 'quote', 'start', 'checked', 'apart', '__proto__'])
    bad.setAttribute(name, -7.5);
  flow.insertEmbed(flow.length, bad);
  flow.insertEmbed(flow.length, new Y.XmlElement(BLOCK));
  doc.getMap('another root').set('x', 1);
  const page = new TestPage(5, Y.encodeStateAsUpdate(doc));
  page.state.doc.check();
  for (const place of places(page.state.doc)) select(page, place);
  doc.on('update', (update: Uint8Array) => page.receive(update));
  flow.insert(20, 'T1E', { bold: true });
  flow.format(5, 30, { italic: true });
  flow.format(8, 10, { italic: null });
  flow.delete(2, 30);
  board.push([new Y.XmlText('more')]);
  bad.setAttribute('kind', 3);
  flow.delete(0, 1);
  assert.deepEqual(page.updates, []);
  page.state.doc.check();
  assert.match(String(page.state.doc), /opaqueBlock/);
});

test('FLOW-11: what is not known goes on through what is written around it', () => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, stored([{ glow: 'blue' }, 'before']));
  const flow = doc.getText(CONTENT_FIELD);
  flow.format(1, 6, { glow: '#fff' });
  flow.insertEmbed(4, { unknown: 'thing' });
  const page = new TestPage(5, Y.encodeStateAsUpdate(doc));
  page.dispatch(page.state.tr.insertText('X', 3));
  page.run(COMMANDS['heading']?.(page.state, () => 0) ?? (() => false));
  page.run(COMMANDS['quote']?.(page.state, () => 0) ?? (() => false));
  const delta: { insert: unknown; attributes?: unknown }[] = page.flow.toDelta();
  assert.deepEqual(
    delta.map(({ insert, attributes }) => [
      insert instanceof Y.XmlElement ? insert.getAttributes() : insert,
      attributes,
    ]),
    [
      [{ glow: 'blue', kind: 'heading', level: 1, quote: 1 }, undefined],
      ['beXf', { glow: '#fff' }],
      [{ unknown: 'thing' }, undefined],
      ['ore', { glow: '#fff' }],
      [BLOCK_END, undefined],
    ],
  );
});

test('FLOW-9: turning a block into another kind, wrapping and indenting it write attributes only', () => {
  for (const name of [
    'heading',
    'code',
    'quote',
    'callout',
    'toggle',
    'bullet',
    'ordered',
    'task',
    'indent',
    'outdent',
    'lift',
    'check',
  ]) {
    const page = new TestPage(5, SAMPLE);
    const size = page.flow.length;
    // A command moves what stands behind it: each place is looked up anew.
    for (let index = 0; index < places(page.state.doc).length; index += 1) {
      select(page, places(page.state.doc)[index] ?? 1);
      page.run(COMMANDS[name]?.(page.state, () => 0) ?? (() => false));
    }
    assert.equal(page.flow.length, size, name);
    const decoded = page.updates.map((update) => Y.decodeUpdate(update));
    const texts = decoded.flatMap(({ structs }) =>
      structs.filter((struct) => struct instanceof Y.Item && struct.content instanceof Y.ContentString),
    );
    assert.deepEqual(texts, [], name);
  }
});

test('FLOW-12: undo takes back one’s own, and leaves what others wrote in it', () => {
  const ada = new TestPage(10, SAMPLE);
  const ben = new TestPage(20, SAMPLE);
  const end = ada.state.doc.content.size - 1;
  ada.dispatch(ada.state.tr.split(end));
  ada.dispatch(ada.state.tr.insertText('T1E', ada.state.doc.content.size - 1));
  meet(ada, ben);
  ben.dispatch(ben.state.tr.insertText('T2E', ben.state.doc.content.size - 3));
  meet(ada, ben);
  ada.undo.undo();
  ada.undo.undo();
  meet(ada, ben);
  assert.deepEqual(
    tokensOf(ada.text).filter((word) => word === 'T1E' || word === 'T2E'),
    ['T2E'],
  );
});

test('FLOW-13: a remote change touches what changed: other blocks stay the nodes that they were', (context) => {
  const many = stored(
    ...Array.from({ length: 1_500 }, (_, index): [Record<string, unknown>, string] => [
      index % 10 === 0 ? { list: 'bullet' } : {},
      `Block ${index} ${'word '.repeat(30)}`,
    ]),
  );
  const page = new TestPage(5, many);
  const remote = new Y.Doc();
  remote.clientID = 6;
  Y.applyUpdate(remote, many);
  const flow = remote.getText(CONTENT_FIELD);
  const updates: Uint8Array[] = [];
  remote.on('update', (update: Uint8Array) => updates.push(update));
  remote.transact(() => {
    flow.insert(50_000, 'here');
    flow.insert(100_000, 'and here');
    flow.delete(150_000, 3);
  });
  const nodes = (doc: Node) => {
    const found = new Set<Node>();
    doc.descendants((node) => {
      if (node.isTextblock) found.add(node);
    });
    return found;
  };
  const before = nodes(page.state.doc);
  for (const update of updates.splice(0)) page.receive(update);
  const changed = [...nodes(page.state.doc)].filter((node) => !before.has(node));
  assert.equal(changed.length, 3);
  assert.equal(page.shown?.steps.length, 3);

  const times: number[] = [];
  for (let round = 0; round < 200; round += 1) {
    flow.insert((round * 1_237) % flow.length, 'x');
    if (round % 20 === 19) flow.format((round * 3_001) % flow.length, 4, { bold: true });
    const merged = Y.mergeUpdates(updates.splice(0));
    const started = performance.now();
    page.receive(merged);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => (times[Math.floor(times.length * part)] ?? 0).toFixed(2);
  context.diagnostic(
    `a remote batch in 1,500 blocks, ms: p50 ${at(0.5)}, p95 ${at(0.95)}, worst ${at(0.999)}`,
  );
});

test('FLOW-13: so it is in the cells of tables, of 20 in 1,500 blocks', (context) => {
  const page = new TestPage(5);
  const { schema } = page.state;
  const paragraph = (words: string) => schema.node('paragraph', null, schema.text(words));
  const row = (name: string, at: string) =>
    schema.node(
      'tableRow',
      null,
      [0, 1, 2, 3].map((column) => schema.node(name, null, paragraph(`cell ${at} ${column}`))),
    );
  const blocks = Array.from({ length: 1_500 }, (_, index) => {
    const text = paragraph(`Block ${index} ${'word '.repeat(30)}`);
    const rows = [0, 1, 2, 3, 4, 5].map((at) =>
      row(at === 0 ? 'tableHeader' : 'tableCell', `${index} ${at}`),
    );
    return index % 75 === 74 ? [text, schema.node('table', null, rows)] : [text];
  });
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, blocks.flat()));
  const content = Y.encodeStateAsUpdate(page.doc);
  const [ada, ben] = [new TestPage(6, content), new TestPage(7, content)];
  const cells: number[] = [];
  ada.state.doc.descendants((node, pos, parent) => {
    if (node.isTextblock && parent?.type.name === 'tableCell') cells.push(pos + 2);
  });
  const times = { write: [] as number[], receive: [] as number[] };
  for (let round = 0; round < 150; round += 1) {
    const place = cells[(round * 7_919) % cells.length] ?? 2;
    let started = performance.now();
    ada.dispatch(ada.state.tr.insertText('x', place));
    times.write.push(performance.now() - started);
    const update = Y.mergeUpdates(ada.updates.splice(0));
    started = performance.now();
    ben.receive(update);
    times.receive.push(performance.now() - started);
    assert.equal(ben.shown?.steps.length, 1);
    cells.forEach((at, index) => (cells[index] = at >= place ? at + 1 : at));
  }
  assert.ok(ada.state.doc.eq(ben.state.doc));
  for (const [name, all] of Object.entries(times)) {
    all.sort((a, b) => a - b);
    const at = (part: number) => (all[Math.floor(all.length * part)] ?? 0).toFixed(2);
    context.diagnostic(`${name} a letter in a cell, ms: p50 ${at(0.5)}, p95 ${at(0.95)}, worst ${at(0.999)}`);
  }
});

test('a place stays with its surroundings, also through undo, and nothing else is believed', () => {
  const page = new TestPage(5, SAMPLE);
  const other = new TestPage(6, SAMPLE);
  const place = (places(page.state.doc)[3] ?? 0) + 1;
  const anchor = page.binding.anchor({ anchor: place, head: place });
  assert.equal(page.binding.resolve(JSON.parse(JSON.stringify(anchor.anchor))), place);
  other.dispatch(other.state.tr.insertText('before', 2));
  meet(page, other);
  assert.equal(page.binding.resolve(anchor.anchor), place + 6);
  for (const claim of [null, 7, {}, { item: { client: 'x', clock: -1 } }, { tname: 'other' }])
    assert.equal(page.binding.resolve(claim), null);
  assert.equal(page.binding.resolve({ item: { client: 1, clock: 99_999 } }), null);
});

test('FLOW-14: a caret that holds on to what is behind it stays the same place while its owner types', () => {
  for (const shift of ['start', 'within', 'end'] as const)
    places(new TestPage(5, SAMPLE).state.doc).forEach((within) => {
      const [ada, ben] = [new TestPage(5, SAMPLE), new TestPage(6, SAMPLE)];
      const here = ada.state.doc.resolve(within);
      let at = shift === 'within' ? within : here[shift]();
      const told = ada.binding.anchor({ anchor: at, head: at }, 'after').anchor;
      for (const letter of 'abc') {
        ada.dispatch(ada.state.tr.insertText(letter, at));
        at += 1;
        assert.deepEqual(ada.binding.anchor({ anchor: at, head: at }, 'after').anchor, told);
        meet(ada, ben);
        assert.equal(ben.binding.resolve(told), at);
      }
      // What others begin behind its block is not taken for its block.
      const end = ben.state.doc.resolve(at).end();
      ben.dispatch(ben.state.tr.insert(end + 1, ben.state.schema.node('paragraph')));
      assert.equal(ben.binding.resolve(told), at);
    });
});

test('FLOW-9: who types at the edge of a block stays in it while others begin blocks beside it', () => {
  for (const [author, typist] of [
    [10, 20],
    [20, 10],
  ] as const)
    for (const edge of ['start', 'end'] as const) {
      const ada = new TestPage(author, SAMPLE);
      const ben = new TestPage(typist, SAMPLE);
      const here = ada.state.doc.resolve(10);
      const spot = edge === 'start' ? here.start() : here.end();
      ada.dispatch(ada.state.tr.split(spot));
      ada.dispatch(ada.state.tr.insertText('T1E', edge === 'start' ? spot : spot + 2));
      ben.dispatch(ben.state.tr.insertText('T2E', spot));
      meet(ada, ben);
      const lines = ada.text.split('\n').slice(1, 3);
      assert.deepEqual(
        lines,
        edge === 'start' ? ['T1E', 'T2ET901ET902ET903E'] : ['T901ET902ET903ET2E', 'T1E'],
      );
    }
});

test('FLOW-9: characters keep who they are where their neighbours look the same', () => {
  const page = new TestPage(5, stored([{}, 'aaaa']));
  const changes: unknown[] = [];
  page.flow.observe((event) => changes.push(event.delta));
  page.dispatch(page.state.tr.insertText('a', 3));
  page.dispatch(page.state.tr.delete(2, 3));
  assert.deepEqual(changes, [
    [{ retain: 3 }, { insert: 'a' }],
    [{ retain: 2 }, { delete: 1 }],
  ]);
});

test('what cannot be stored as it is shown is shown as it is stored', () => {
  const page = new TestPage(5, stored([{}, 'one']));
  page.dispatch(page.state.tr.insertText('x\u2029y\nz', 2));
  assert.equal(String(page.state.doc), 'doc(paragraph("ox", hardBreak, "y", hardBreak, "zne"))');
  page.dispatch(page.state.tr.insertText('!', 1));
  assert.equal(page.text, '!ox\ny\nzne\n');
});

test('FLOW-10: formatting of what others deleted meanwhile is not cleaned up by who receives that', () => {
  const ada = new TestPage(10, SAMPLE);
  const ben = new TestPage(20, SAMPLE);
  const bold = ben.state.schema.marks['bold']?.create();
  assert.ok(bold);
  ada.dispatch(ada.state.tr.delete(9, 16));
  ben.dispatch(ben.state.tr.addMark(9, 16, bold));
  const wrote = [ada.updates.length, ben.updates.length];
  meet(ada, ben);
  assert.deepEqual([ada.updates.length, ben.updates.length], wrote);
  assert.equal(String(ada.state.doc), String(ben.state.doc));
});

test('a letter leaves all but its own block the same nodes, whoever types it, lists and quotes included', () => {
  const ada = new TestPage(10, SAMPLE);
  const ben = new TestPage(20, SAMPLE);
  const typed = (words: string, letter: string) => {
    let at = -1;
    ben.state.doc.descendants((node, pos) => {
      if (node.isTextblock && node.textContent.startsWith(words)) at = pos + 1 + words.length;
    });
    const before = [ada, ben].map(({ state: { doc } }) => doc);
    ben.dispatch(ben.state.tr.insertText(letter, at));
    ada.receive(ben.updates.at(-1) ?? new Uint8Array(0));
    assert.equal(ada.shown?.steps.length, 1);
    assert.ok(ada.state.doc.eq(ben.state.doc));
    return [ada, ben].map(({ state: { doc } }, page) =>
      doc.children.filter((node, index) => node !== before[page]?.child(index)),
    );
  };
  const [paragraph, nested, quoted, task] = ['T901ET902ET903E', 'T909ET910E', 'T917E', 'T911ET912E'];
  for (const words of [nested, quoted, paragraph, task, nested, paragraph, quoted]) {
    for (const changed of typed(words, 'x')) {
      assert.equal(changed.length, 1, words);
      assert.ok(changed[0]?.textContent.includes(`${words}x`), words);
    }
  }
});
