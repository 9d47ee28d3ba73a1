import { BLOCK, BLOCK_END, CELL, CELL_END, COLUMN, ROW, TABLE, TABLE_END } from '@sheaf/schema/content';
import * as Y from 'yjs';

type Attributes = Readonly<Record<string, unknown>>;

/** An element of the flow. Peers may set any value as an attribute; Yjs' types know of texts alone. */
export function element(name: string, attributes: Attributes = {}): Y.XmlElement {
  const made = new Y.XmlElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value as string);
  return made;
}

/** Adds a block of text at the end of a flow: words, atoms, and words with formatting. */
export function addBlock(
  flow: Y.Text,
  attributes: Attributes,
  ...parts: readonly (string | Attributes | readonly [words: string, formatting: Attributes])[]
): void {
  flow.insertEmbed(flow.length, element(BLOCK, attributes));
  for (const part of parts)
    if (typeof part === 'string') flow.insert(flow.length, part, {});
    else if (isFormatted(part)) flow.insert(flow.length, part[0], part[1]);
    else flow.insertEmbed(flow.length, part, {});
  flow.insert(flow.length, BLOCK_END, {});
}

function isFormatted(part: object): part is readonly [words: string, formatting: Attributes] {
  return Array.isArray(part);
}

/** Adds a table at the end of a flow: what it has, its columns, its rows, and its cells, each with words. */
export function addTable(
  flow: Y.Text,
  table: {
    readonly of?: Attributes;
    readonly columns: readonly Attributes[];
    readonly rows: readonly Attributes[];
    readonly cells: readonly (readonly [attributes: Attributes, words: string])[];
  },
): void {
  const put = (one: Y.XmlElement) => flow.insertEmbed(flow.length, one, {});
  put(element(TABLE, table.of));
  for (const column of table.columns) put(element(COLUMN, column));
  for (const row of table.rows) put(element(ROW, row));
  for (const [attributes, words] of table.cells) {
    put(element(CELL, attributes));
    addBlock(flow, {}, words);
    flow.insert(flow.length, CELL_END, {});
  }
  flow.insert(flow.length, TABLE_END, {});
}

/**
 * Fills a document with one of each thing that this version knows, and with what it does not: elements, formatting and attributes
 * of a newer one, lists without items, a ragged table, and other root types.
 */
export function addEverything(doc: Y.Doc): void {
  const flow = doc.getText('content');
  const upload = `upload:${'0123456789abcdef'.repeat(4)}`;
  const [columns, rows] = [
    [{ id: 'a', width: 120 }, { id: 'b' }],
    [{ id: '1', header: true }, { id: '2' }],
  ];
  doc.transact(() => {
    addBlock(flow, { kind: 'heading', level: 2 }, 'Everything');
    addBlock(flow, {}, 'on ', { date: '2026-11-28' }, ' by ', { mention: 'person', name: 'Ada' }, ' in ', {
      mention: 'document',
      document: 'plan',
      title: 'Plan',
    });
    addBlock(flow, {}, 'note', { footnote: 'n1' }, ', gone', { footnote: 'n2' }, ', ', { math: 'x^2' });
    addBlock(flow, { align: 'center' }, [
      'marks',
      { bold: true, color: 'red', highlight: 'blue', script: 'sub' },
    ]);
    addBlock(flow, { list: 'bullet' }, 'item');
    addBlock(flow, { list: 'task', checked: true }, 'task');
    addBlock(flow, { list: 'ordered', start: 7 }, 'seven');
    addBlock(flow, { quote: 'warning' }, 'mind');
    addBlock(flow, { list: 'toggle' }, 'why');
    addBlock(flow, { indent: 1 }, 'because');
    addBlock(flow, { kind: 'code', language: 'mermaid' }, 'graph LR\n a-->b');
    addBlock(flow, { kind: 'code', language: 'math' }, '\\frac{1}{2}');
    addBlock(flow, { kind: 'code', language: 'js' }, 'let x');
    flow.insertEmbed(flow.length, element('image', { src: upload, alt: 'none', width: 40, height: 20 }));
    flow.insertEmbed(flow.length, element('file', { src: upload, name: 'plan.pdf', bytes: 12 }));
    flow.insertEmbed(flow.length, element('embed', { url: 'https://example.org/', title: 'Example' }));
    flow.insertEmbed(flow.length, element('divider'));
    flow.insertEmbed(flow.length, element('contents'));
    addTable(flow, {
      columns,
      rows,
      cells: [
        [{ row: '1', column: 'a' }, 'in a cell'],
        [{ row: '2', column: 'a', toColumn: 'b', background: 'blue' }, 'wide'],
      ],
    });
    // Ragged: a cell of no place, two of one, one that covers more than there is, and rows of one id.
    addTable(flow, {
      of: { quote: -3 },
      columns: [...columns, { id: 'a' }, { width: 'wide' }],
      rows: [...rows, { id: '1' }],
      cells: [
        [{ row: 'none', column: 'a' }, 'of no place'],
        [{ row: '1', column: 'a' }, 'first'],
        [{ row: '1', column: 'a' }, 'second'],
        [{ row: '2', column: 'b', toRow: 'none', toColumn: 'a' }, 'too wide'],
      ],
    });
    addBlock(flow, { note: 'n1' }, 'of the note');
    // What this version does not know, or not so.
    const board = element('whiteboard', { grid: 4 });
    board.insert(0, [new Y.XmlText('drawn'), new Y.XmlElement('shape')]);
    const ragged = element('table');
    ragged.insert(0, [new Y.XmlElement('row'), new Y.XmlText('stray')]);
    for (const thing of [board, ragged, new Y.XmlText('text in text'), new Y.XmlHook('hook')])
      flow.insertEmbed(flow.length, thing);
    flow.insertEmbed(flow.length, new Y.Map([['stray', 'map']]));
    addBlock(flow, { list: 'bullet' });
    addBlock(flow, { list: 'ordered', start: -1, numbering: 'z' });
    addBlock(
      flow,
      { list: 'checklist', kind: 'verse', level: 9, indent: 40, glow: '#fff' },
      'of a newer version',
    );
    addBlock(flow, {}, { unknown: 'thing' }, ['glowing', { glow: 1, link: { href: 'javascript:x' } }]);
    flow.insert(flow.length, `${BLOCK_END}${BLOCK_END}words of no block`, {});
    doc.getMap('stray').set('x', 1);
    doc.getArray('list').insert(0, [1]);
    doc.getXmlFragment('default').insert(0, [new Y.XmlElement('paragraph')]);
  });
}
