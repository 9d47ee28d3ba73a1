import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { TestPage } from './test-page.ts';

/** A document with a table of these words, `''` for an empty cell, between two paragraphs; its first row is of headers. */
export function tableOf(...rows: readonly (readonly string[])[]): Uint8Array {
  const page = new TestPage(2);
  const { schema } = page.state;
  const create = (name: string, content: readonly Node[]) => schema.nodes[name]?.create(null, content) ?? [];
  const text = (words: string) => schema.node('paragraph', null, words === '' ? [] : [schema.text(words)]);
  const lines = rows.map((cells, row) =>
    schema.node(
      'tableRow',
      null,
      cells.map((words) => schema.node(row === 0 ? 'tableHeader' : 'tableCell', null, text(words))),
    ),
  );
  const doc = [text('before'), create('table', lines), text('behind')].flat();
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, doc));
  return Y.encodeStateAsUpdate(page.doc);
}
